@testable import TapeGradCore

// Primitives with one mistake each, which the checks must reject.

/// `y = x²`, with half its derivative.
struct WrongFactor: Elementwise {
  static let name = "wrongFactor"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { square(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { x }
}

/// `y = tanh x`, with its derivative negated.
struct WrongSign: Elementwise {
  static let name = "wrongSign"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { tanh(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -x.applying(TanhDerivative()) }
}

/// `y = eˣ`, with a derivative that is too large by one part in a hundred thousand.
struct SlightlyWrong: Elementwise {
  static let name = "slightlyWrong"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { exp(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { 1.00001 * y }
}

/// `y = x³`, whose derivative has the right value, and as its own derivative half of what it should.
struct WrongSecondDerivative: Elementwise {
  static let name = "wrongSecondDerivative"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { x * square(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { 3 * x.applying(WrongFactor()) }
}

/// `y = x⁴`, wrong from its third derivative on.
struct WrongThirdDerivative: Elementwise {
  static let name = "wrongThirdDerivative"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { square(square(x)) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    4 * x.applying(WrongSecondDerivative())
  }
}

/// The columns of x, plus y: a sum that broadcasts in its kernel, and forgets so in its rule.
struct ForgottenSum: Primitive {
  static let name = "forgottenSum"
  func shape(_ operands: borrowing OperandShapes) -> Shape { operands[0] }
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0] + operands[1]
  }
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { cotangent }
}

/// A transposition whose transpose only reshapes.
struct WrongTranspose: Linear {
  static let name = "wrongTranspose"
  func shape(_ operands: borrowing OperandShapes) -> Shape { [operands[0][1], operands[0][0]] }
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> { operands[0].transposed }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.reshaped(to: operandShape)
  }
}

/// `y = x`, with a rule that is not linear in the cotangent.
struct Nonlinear: SameShape {
  static let name = "nonlinear"
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> { operands[0] }
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { cotangent * cotangent }
}

/// `y = x`, but for Float.
struct WrongInFloat: Elementwise {
  static let name = "wrongInFloat"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { S.scalarType == .float ? x * 1.0001 : x }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { .ones(x.shape) }
}

/// `y = Σ x`, whose shape rule forgets the sum.
struct WrongShape: Linear {
  static let name = "wrongShape"
  func shape(_ operands: borrowing OperandShapes) -> Shape { operands[0] }
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> { operands[0].sum() }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.broadcast(to: operandShape)
  }
}

/// `y = x`, plus a little more each time it is asked.
struct Restless: Elementwise {
  static let name = "restless"
  private static let count = Lock(0)
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> {
    x + S.ulpOfOne
      * S(
        Self.count.withLock {
          $0 += 1; return $0
        })
  }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { .ones(x.shape) }
}

/// `y = x` for a vector of up to 16 elements, with other bits in longer ones.
struct PositionDependent: Elementwise {
  static let name = "positionDependent"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { x.count > 16 ? x * (1 + S.ulpOfOne) : x }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { .ones(x.shape) }
}

/// `y = x + 1`, which calls itself linear and is affine.
struct NotLinear: Linear, SameShape {
  static let name = "notLinear"
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> { operands[0] + 1 }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> { cotangent }
}

/// `z = x ⊙ y + x`, which calls itself bilinear and is not linear in y.
struct NotBilinear: Bilinear, SameShape {
  static let name = "notBilinear"
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0] * operands[1] + operands[0]
  }
  func transposeLeft<S: TensorScalar>(_ cotangent: Tensor<S>, right y: Tensor<S>) -> Tensor<S> { cotangent * (y + 1) }
  func transposeRight<S: TensorScalar>(_ cotangent: Tensor<S>, left x: Tensor<S>) -> Tensor<S> { cotangent * x }
}

/// `z = x + y`, whose joint rule gives too few cotangents, or too many.
struct WrongCount: SameShape {
  static let name = "wrongCount"
  static var derivativeRule: DerivativeRule { .joint }
  let count: Int
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> { operands[0] + operands[1] }
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { cotangent }
  func vjps<S: TensorScalar>(
    cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> [Tensor<S>] { Array(repeating: cotangent, count: count) }
}
