// Determinants, from the pivots of an elimination: det A = ± Π uᵢᵢ.
//
//   (det A)‾ = det A · A⁻ᵀ          (ln |det A|)‾ = A⁻ᵀ

/// `det A`, of each matrix of a batch.
struct Determinant: Worded {
  static let name = "det"
  var word: ArrayWord { .determinant }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape { try operands[0].withoutMatrix }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].determinants(logarithms: false).part(1)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    (cotangent * result).timesInverse(of: operands[0])
  }
}

/// `ln |det A|`, of each matrix of a batch.
struct LogDeterminant: Worded {
  static let name = "logDet"
  var word: ArrayWord { .logDeterminant }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape { try operands[0].withoutMatrix }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].determinants(logarithms: true).part(1)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    cotangent.timesInverse(of: operands[0])
  }
}

/// The sign of `det A`: −1, 0 or 1.
struct DeterminantSign: Worded {
  static let name = "detSign"
  static var derivativeRule: DerivativeRule { .zero }
  var word: ArrayWord { .determinantSign }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape { try operands[0].withoutMatrix }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].determinants(logarithms: true).part(0)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    .zeros(operands.shape(0))
  }
}

extension Shape {
  /// The batch of square matrices.
  fileprivate var withoutMatrix: Shape {
    get throws(TensorError) {
      _ = try squareSide
      return Shape(dimensions.dropLast(2))
    }
  }
}

extension NDArray {
  /// One of the arrays along the first axis.
  fileprivate func part(_ i: Int) -> NDArray {
    sliced(i..<i + 1).reshaped(to: Shape(shape.dimensions.dropFirst()))
  }
}

extension Tensor {
  /// `c·A⁻ᵀ`, with a number c for each matrix.
  fileprivate func timesInverse(of a: Tensor) -> Tensor {
    let scaled = Tensor.eye(a.shape[a.shape.rank - 1]) * expandedDimensions(axis: -1).expandedDimensions(axis: -1)
    return a.applying(Solve(isTransposed: true), scaled)
  }

  /// `det A` of a square matrix, of each of a batch. Derivative `det A · A⁻ᵀ`, which is NaN where A is singular.
  public func determinant() -> Tensor { applying(Determinant()) }

  /// `ln det A` of a square matrix, of each of a batch; −∞ where A is singular, NaN where the determinant is negative. Derivative
  /// `A⁻ᵀ`.
  public func logDeterminant() -> Tensor { applying(LogDeterminant()) + log(applying(DeterminantSign())) }

  /// The sign of `det A`, which is −1, 0 or 1, and `ln |det A|`, with derivative `A⁻ᵀ`; of each square matrix of a batch. Their
  /// product `sign · exp(logarithm)` is the determinant, also where that is too large or too small for a number.
  public func signAndLogDeterminant() -> (sign: Tensor, logarithm: Tensor) {
    (applying(DeterminantSign()), applying(LogDeterminant()))
  }
}
