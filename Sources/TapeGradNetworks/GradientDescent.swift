import TapeGradCore

/// Gradient descent: `θ ← θ − rate·∂J/∂θ` for every parameter θ.
public struct GradientDescent: Hashable, Sendable {
  /// The learning rate.
  public var rate: Double

  /// Descent at a rate.
  public init(rate: Double) { self.rate = rate }

  /// One step along a gradient that is there already.
  public func update<Model: TensorGroup>(_ model: inout Model, along gradient: Model) {
    model.move(along: gradient, by: Model.Scalar(-rate))
  }

  /// Takes `epochs` steps down a loss.
  ///
  /// ```swift
  /// try GradientDescent(rate: 0.5).minimize(&network, epochs: 1000) { $0.loss(x, labels: y) }
  /// ```
  /// - Parameters:
  ///   - observe: gets the number of each epoch, from 0, and the loss before its step.
  ///   - loss: gives a single number.
  /// - Throws: what `loss` or `observe` throw, or the `TensorError` of an operation that did not fit. The model is then as
  ///   the last whole step left it.
  public func minimize<Model: TensorGroup>(
    _ model: inout Model, epochs: Int, observe: (_ epoch: Int, _ loss: Model.Scalar) throws -> Void = { _, _ in },
    of loss: (Model) throws -> Tensor<Model.Scalar>
  ) throws {
    for epoch in 0..<epochs {
      let (value, gradient) = try valueWithGradient(at: model, of: loss)
      try observe(epoch, value.item)
      update(&model, along: gradient)
    }
  }
}
