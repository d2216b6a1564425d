import TapeGradCore
import TapeGradNetworks

/// An activation whose rule is wrong.
struct FaultyActivation: Elementwise {
  enum Fault: Hashable {
    case factor(Double)
    case derivative(of: Activation)
    case atResult
    case forgotten
  }

  static let name = "faultyActivation"
  let function: Activation
  let fault: Fault

  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { function(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    switch fault {
    case .factor(let factor): S(factor) * function.slope(at: x)
    case .derivative(let other): other.slope(at: x)
    case .atResult: function.slope(at: y)
    case .forgotten: .ones(x.shape)
    }
  }
}

extension Activation {
  /// `g′(x)`, by the rules that the library has: on a plain tensor the gradient of a sum is the derivative of each.
  func slope<S>(at x: Tensor<S>) -> Tensor<S> {
    (try? gradient(at: x) { self($0).sum() }) ?? .zeros(x.shape)
  }
}

/// A matrix product whose rule is wrong for its left operand.
struct FaultyProduct: Bilinear {
  enum Fault: Hashable {
    case factor(Double)
    /// `(C̄·Bᵀ)ᵀ`: for a square left operand.
    case transposed
    /// Columns of B one place off.
    case shifted
  }

  static let name = "faultyProduct"
  let fault: Fault

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape { [operands[0][0], operands[1][1]] }
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    matmul(operands[0], operands[1])
  }
  func transposeLeft<S: TensorScalar>(_ cotangent: Tensor<S>, right b: Tensor<S>) -> Tensor<S> {
    switch fault {
    case .factor(let factor): return S(factor) * matmul(cotangent, b.transposed)
    case .transposed: return matmul(cotangent, b.transposed).transposed
    case .shifted:
      let columns = (0..<b.shape[1]).map { ($0 + 1) % b.shape[1] }
      return matmul(cotangent, b.gathered(columns, axis: 1).transposed)
    }
  }
  func transposeRight<S: TensorScalar>(_ cotangent: Tensor<S>, left a: Tensor<S>) -> Tensor<S> {
    matmul(a.transposed, cotangent)
  }
}

/// A column repeated, whose rule takes the first column of the cotangent for the sum of all.
struct FaultyBroadcast: Linear {
  static let name = "faultyBroadcast"
  let count: Int

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape { [operands[0][0], count] }
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].broadcast(to: [operands[0].shape[0], count])
  }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.sliced(0..<1, axis: 1)
  }
}

/// The mean of all elements, whose rule has a power of 1/n that is not 1.
struct FaultyMean: Linear {
  static let name = "faultyMean"
  let power: Int

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape { [] }
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].sum() / S(operands[0].count)
  }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    let share = (0..<power).reduce(cotangent) { share, _ in share / S(operandShape.count) }
    return share.broadcast(to: operandShape)
  }
}

/// Rows by their indices, whose rule is one row off.
struct FaultyGather: Linear {
  static let name = "faultyGather"
  let rows: [Int]

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape { [rows.count, operands[0][1]] }
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].gathered(rows, axis: 0)
  }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    let parts = rows.indices.map { k in
      let row = (rows[k] + 1) % operandShape[0]
      return concatenate([
        .zeros([row, operandShape[1]]), cotangent.sliced(k..<k + 1),
        .zeros([operandShape[0] - row - 1, operandShape[1]]),
      ])
    }
    return parts.dropFirst().reduce(parts[0]) { $0 + $1 }
  }
}
