// A tensor and a number: the six operations with one of each.

/// `y = −x`.
struct Negate: Linear, UnaryKernel {
  static let name = "negate", kernel = UnaryFunction.negate
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> { -cotangent }
  func formula(_ x: [Formula]) -> Formula { -x[0] }
}

/// `y = c·x`.
struct Scale: Linear, UnaryKernel {
  static let name = "scale", kernel = UnaryFunction.scale
  let factor: Double
  var number: Double { factor }

  /// `x̄ = c·ȳ`. (∞·0 is NaN, also where the 0 was not used.)
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.whereUsed { $0.applying(self) }
  }
  func formula(_ x: [Formula]) -> Formula { .number(factor) * x[0] }
}

/// `y = x / c`.
struct Quotient: Linear, UnaryKernel {
  static let name = "quotient", kernel = UnaryFunction.quotient
  let divisor: Double
  var number: Double { divisor }

  /// `x̄ = ȳ/c`. (0/0 is NaN, also where the first 0 was not used.)
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.whereUsed { $0.applying(self) }
  }
  func formula(_ x: [Formula]) -> Formula { x[0] / .number(divisor) }
}

/// `y = x + c`, with `y′ = 1`.
struct Offset: Affine, UnaryKernel {
  static let name = "offset", kernel = UnaryFunction.offset
  let offset: Double
  var number: Double { offset }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> { cotangent }
  func formula(_ x: [Formula]) -> Formula { offset < 0 ? x[0] - .number(-offset) : x[0] + .number(offset) }
}

/// `y = c − x`, with `y′ = −1`.
struct Complement: Affine, UnaryKernel {
  static let name = "complement", kernel = UnaryFunction.complement
  let minuend: Double
  var number: Double { minuend }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> { -cotangent }
  func formula(_ x: [Formula]) -> Formula { .number(minuend) - x[0] }
}

/// `y = c / x`, with `y′ = −y / x`.
struct Reciprocal: Elementwise, UnaryKernel {
  static let name = "reciprocal", kernel = UnaryFunction.reciprocal
  let numerator: Double
  var number: Double { numerator }

  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -(y / x) }

  /// `x̄ = ȳ ⊙ (−y) / x`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result y: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[0]
    return cotangent.whereUsed { $0 * -y / x }
  }

  func formula(_ x: [Formula]) -> Formula { .number(numerator) / x[0] }
}

extension Tensor {
  /// `−x`.
  public static prefix func - (x: Tensor) -> Tensor { x.applying(Negate()) }
  /// `x + c`.
  public static func + (x: Tensor, c: Scalar) -> Tensor { x.applying(Offset(offset: Double(c))) }
  /// `c + x`.
  public static func + (c: Scalar, x: Tensor) -> Tensor { x.applying(Offset(offset: Double(c))) }
  /// `x − c`.
  public static func - (x: Tensor, c: Scalar) -> Tensor { x.applying(Offset(offset: -Double(c))) }
  /// `c − x`.
  public static func - (c: Scalar, x: Tensor) -> Tensor { x.applying(Complement(minuend: Double(c))) }
  /// `c·x`.
  public static func * (x: Tensor, c: Scalar) -> Tensor { x.applying(Scale(factor: Double(c))) }
  /// `c·x`.
  public static func * (c: Scalar, x: Tensor) -> Tensor { x.applying(Scale(factor: Double(c))) }
  /// `x / c`.
  public static func / (x: Tensor, c: Scalar) -> Tensor { x.applying(Quotient(divisor: Double(c))) }
  /// `c / x`.
  public static func / (c: Scalar, x: Tensor) -> Tensor { x.applying(Reciprocal(numerator: Double(c))) }
}
