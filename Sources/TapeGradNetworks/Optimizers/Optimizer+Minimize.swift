import TapeGradCore

extension Optimizer {
  /// Takes `epochs` steps down a loss of any group of tensors, each on all examples. Nothing is compiled, so that the loss may
  /// look at numbers.
  ///
  /// ```swift
  /// var descent = GradientDescent(for: model, rate: 0.5)
  /// try descent.minimize(&model, epochs: 1000) { $0.loss(x, labels: y) }
  /// ```
  /// - Parameters:
  ///   - model: what is trained: its tensors are the parameters.
  ///   - epochs: how many steps.
  ///   - observe: gets the number of each epoch, from 1, and the loss before its step.
  ///   - loss: gives a single number.
  /// - Throws: what `loss` or `observe` throw; the `TensorError` of an operation that did not fit; ``TrainingError``: for a
  ///   negative number of epochs, and where the loss, or a parameter after a step, is NaN or infinite. Model and optimizer are
  ///   then as the last whole step left them.
  public mutating func minimize(
    _ model: inout Model, epochs: Int, observe: (_ epoch: Int, _ loss: Scalar) throws -> Void = { _, _ in },
    of loss: (Model) throws -> Tensor<Scalar>
  ) throws {
    guard epochs >= 0 else { throw TrainingError.unusable("\(epochs) epochs, expected at least 0") }
    for epoch in 0..<epochs {
      let (next, value) = try updated(model) { try valueWithGradient(at: $0, of: loss) }
      let number = try value.item
      try observe(epoch + 1, number)
      if let divergence = try Divergence(
        epoch: epoch + 1, loss: number.doubleValue, rate: settings.currentRate.item.doubleValue,
        isClipped: clipping != .none, from: model, to: next.model, of: loss)
      {
        throw TrainingError.diverged(divergence)
      }
      (model, self) = (next.model, next.optimizer)
    }
  }
}
