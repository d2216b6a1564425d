// Sum, difference, product and quotient of two tensors.

/// `z = x + y`.
struct Add: SameShape {
  static let name = "add"

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    operands.array(0) + operands.array(1)
  }

  /// `x̄ = z̄, ȳ = z̄`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { cotangent }

  func formula(_ x: [Formula]) -> Formula { x[0] + x[1] }
}

/// `z = x − y`.
struct Subtract: SameShape {
  static let name = "subtract"

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    operands.array(0) - operands.array(1)
  }

  /// `x̄ = z̄, ȳ = −z̄`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { i == 0 ? cotangent : -cotangent }

  func formula(_ x: [Formula]) -> Formula { x[0] - x[1] }
}

/// `z = x ⊙ y`.
struct Multiply: SameShape, Bilinear {
  static let name = "multiply"

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    operands.array(0) * operands.array(1)
  }

  func transposeLeft<S: TensorScalar>(_ cotangent: Tensor<S>, right y: Tensor<S>) -> Tensor<S> {
    cotangent.chained(with: y)
  }

  func transposeRight<S: TensorScalar>(_ cotangent: Tensor<S>, left x: Tensor<S>) -> Tensor<S> {
    cotangent.chained(with: x)
  }

  func formula(_ x: [Formula]) -> Formula { x[0] * x[1] }
}

/// `z = x / y`.
struct Divide: SameShape {
  static let name = "divide"

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    operands.array(0) / operands.array(1)
  }

  /// `x̄ = z̄ / y, ȳ = −z̄ ⊙ z / y`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result z: Tensor<S>
  ) -> Tensor<S> {
    let y = operands[1]
    return i == 0 ? cotangent.chained(with: 1 / y) : -cotangent.chained(with: z / y)
  }

  func formula(_ x: [Formula]) -> Formula { x[0] / x[1] }
}

/// `z = g ⊙ d`, and 0 where `g = 0`, whatever d is there: a cotangent times a derivative.
///
/// A cotangent of exactly 0 says that the result does not depend on the element, and no derivative, however infinite,
/// changes that. So the branch that `select` did not take never leaks a NaN.
struct ChainRule: SameShape, Bilinear {
  static let name = "chain"

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    operands.array(0).chained(with: operands.array(1))
  }

  func transposeLeft<S: TensorScalar>(_ cotangent: Tensor<S>, right d: Tensor<S>) -> Tensor<S> {
    cotangent.chained(with: d)
  }

  func transposeRight<S: TensorScalar>(_ cotangent: Tensor<S>, left g: Tensor<S>) -> Tensor<S> {
    g.chained(with: cotangent)
  }

  func formula(_ x: [Formula]) -> Formula { x[0] * x[1] }
}

extension Tensor {
  /// `a + b`; shapes broadcast.
  public static func + (a: Tensor, b: Tensor) -> Tensor { broadcasting(Add(), a, b) }
  /// `a − b`; shapes broadcast.
  public static func - (a: Tensor, b: Tensor) -> Tensor { broadcasting(Subtract(), a, b) }
  /// `a ⊙ b`, element by element; shapes broadcast.
  public static func * (a: Tensor, b: Tensor) -> Tensor { broadcasting(Multiply(), a, b) }
  /// `a / b`, element by element; shapes broadcast. `1/0 = ∞`, `0/0 = NaN`.
  public static func / (a: Tensor, b: Tensor) -> Tensor { broadcasting(Divide(), a, b) }

  /// Adds in place.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// Subtracts in place.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Multiplies in place, element by element.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  /// Divides in place, element by element.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }

  /// A cotangent times a derivative: `self ⊙ derivative`, and 0 where `self` is 0, whatever the derivative is there.
  public func chained(with derivative: Tensor) -> Tensor { Tensor.broadcasting(ChainRule(), self, derivative) }
}
