// A tensor and a number: the six operations with one of each.

/// `y = −x`.
struct Negate: Linear {
  static let name = "negate"
  func shape(_ operands: borrowing OperandShapes) -> Shape { operands[0] }
  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> { -operands.array(0) }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> { -cotangent }
  func formula(_ x: [Formula]) -> Formula { -x[0] }
}

/// `y = c·x`.
struct Scale: Linear {
  static let name = "scale"
  let factor: Double

  func shape(_ operands: borrowing OperandShapes) -> Shape { operands[0] }
  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> { operands.array(0) * S(factor) }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> { cotangent.applying(self) }
  func formula(_ x: [Formula]) -> Formula { .number(factor) * x[0] }
}

/// `y = x / c`.
struct Quotient: Linear {
  static let name = "quotient"
  let divisor: Double

  func shape(_ operands: borrowing OperandShapes) -> Shape { operands[0] }
  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> { operands.array(0) / S(divisor) }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> { cotangent.applying(self) }
  func formula(_ x: [Formula]) -> Formula { x[0] / .number(divisor) }
}

/// `y = x + c`, with `y′ = 1`.
struct Offset: Linear {
  static let name = "offset"
  let offset: Double

  func shape(_ operands: borrowing OperandShapes) -> Shape { operands[0] }
  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> { operands.array(0) + S(offset) }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> { cotangent }
  func formula(_ x: [Formula]) -> Formula { offset < 0 ? x[0] - .number(-offset) : x[0] + .number(offset) }
}

/// `y = c − x`, with `y′ = −1`.
struct Complement: Linear {
  static let name = "complement"
  let minuend: Double

  func shape(_ operands: borrowing OperandShapes) -> Shape { operands[0] }
  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> { S(minuend) - operands.array(0) }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> { -cotangent }
  func formula(_ x: [Formula]) -> Formula { .number(minuend) - x[0] }
}

/// `y = c / x`, with `y′ = −y / x`.
struct Reciprocal: Elementwise {
  static let name = "reciprocal"
  let numerator: Double

  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { S(numerator) / x }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -(y / x) }
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
