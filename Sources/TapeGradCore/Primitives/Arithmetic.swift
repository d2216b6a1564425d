// Sum, difference, product and quotient of two tensors.

/// `z = x + y`.
struct Add: BinaryKernel {
  static let name = "add", kernel = BinaryFunction.add

  /// `x̄ = z̄, ȳ = z̄`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { cotangent }

  func formula(_ x: [Formula]) -> Formula { x[0] + x[1] }
}

/// `z = x − y`.
struct Subtract: BinaryKernel {
  static let name = "subtract", kernel = BinaryFunction.subtract

  /// `x̄ = z̄, ȳ = −z̄`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { i == 0 ? cotangent : -cotangent }

  func formula(_ x: [Formula]) -> Formula { x[0] - x[1] }
}

/// `z = x ⊙ y`.
struct Multiply: Bilinear, BinaryKernel {
  static let name = "multiply", kernel = BinaryFunction.multiply

  func transposeLeft<S: TensorScalar>(_ cotangent: Tensor<S>, right y: Tensor<S>) -> Tensor<S> {
    cotangent.chained(with: y)
  }

  func transposeRight<S: TensorScalar>(_ cotangent: Tensor<S>, left x: Tensor<S>) -> Tensor<S> {
    cotangent.chained(with: x)
  }

  func formula(_ x: [Formula]) -> Formula { x[0] * x[1] }
}

/// `z = x / y`.
struct Divide: BinaryKernel {
  static let name = "divide", kernel = BinaryFunction.divide

  /// `x̄ = z̄ / y, ȳ = −z̄ ⊙ z / y`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result z: Tensor<S>
  ) -> Tensor<S> {
    let y = operands[1]
    return i == 0 ? cotangent.whereUsed { $0 / y } : -cotangent.whereUsed { $0 * z / y }
  }

  func formula(_ x: [Formula]) -> Formula { x[0] / x[1] }
}

/// `z = w ⊙ t`, and 0 where the weight w is 0, whatever the term t is there: a label of 0 drops its logarithm.
struct Weight: BinaryKernel {
  static let name = "weight", kernel = BinaryFunction.weight

  /// `w̄ = z̄ ⊙ t, t̄ = z̄ ⊙ w`, where a term with weight 0 was not used. But to an outer gradient that varies the weight,
  /// 0 is a number like any other: `∂t̄/∂w = z̄`, there too.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let w = operands[0], t = operands[1]
    if i == 0 { return cotangent.chained(with: t) }
    let product = cotangent.chained(with: w)
    return w.value.isVaried ? product : product.whereUsed(w)
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

  /// `self ⊙ term`, and 0 where this weight is 0, whatever the term is there; shapes broadcast.
  func weighting(_ term: Tensor) -> Tensor { .broadcasting(Weight(), self, term) }
}
