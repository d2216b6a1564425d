/// A primitive made of closures, which cannot be compared: only what they do can.
protocol MadeOfClosures: Primitive {
  /// Whether another primitive does the same, as far as can be seen.
  func seemsSame(as other: any Primitive) -> Bool
}

/// `y = f(x)`, element by element, for a function and a derivative that a user brings.
struct Mapped<Scalar: TensorScalar>: Elementwise, MadeOfClosures {
  static var name: String { "map" }
  let function: @Sendable (Scalar) -> Scalar
  let slope: @Sendable (Tensor<Scalar>) -> Tensor<Scalar>

  /// Closures have no equality: each is its own.
  private let identity = Identity()
  private final class Identity: Sendable {}

  init(
    _ function: @escaping @Sendable (Scalar) -> Scalar, slope: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar>
  ) {
    (self.function, self.slope) = (function, slope)
  }

  static func == (a: Mapped, b: Mapped) -> Bool { a.identity === b.identity }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(identity)) }

  /// By the values of both functions at some numbers.
  func seemsSame(as other: any Primitive) -> Bool {
    guard let other = other as? Mapped else { return false }
    let points = Tensor<Scalar>([-1000, -1.5, -0.25, 0, 0.25, 1, 1.5, 1000]).value.array(Scalar.self)
    return evaluate(points).storage.hasSameBytes(as: other.evaluate(points).storage)
  }

  /// The scalar type is that of the tensor to which the function was applied, so nothing is converted.
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> {
    let x: NDArray<Scalar> = x.converted()
    let y = NDArray<Scalar>(shape: x.shape) { y in
      x.withUnsafeBufferPointer { x in
        for i in x.indices { (y + i).initialize(to: function(x[i])) }
      }
    }
    return y.converted()
  }

  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    Tensor<S>(slope(Tensor<Scalar>(x.value)).value)
  }
}

extension Tensor {
  /// `f(x)`, element by element, for any function of one number, with its derivative, which is written with tensors and so
  /// has derivatives of its own.
  /// ```swift
  /// let y = x.map { $0 * $0 } derivative: { 2 * $0 }
  /// ```
  /// A program calls the function as it is. A derivative that does not broadcast to the tensor's shape gives a failed
  /// gradient.
  public func map(
    _ function: @escaping @Sendable (Scalar) -> Scalar, derivative: @escaping @Sendable (Tensor) -> Tensor
  ) -> Tensor {
    applying(Mapped(function, slope: derivative))
  }
}
