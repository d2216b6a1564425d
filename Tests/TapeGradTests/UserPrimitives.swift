import TapeGrad

// Primitives as a user outside declares them, with the public interface only. The README's `Swish` is another one.

/// The sums of neighbors along the last axis: `y[i] = x[i] + x[i + 1]`.
struct NeighborSum: Linear {
  static let name = "neighborSum"

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    guard operands[0].rank == 1, operands[0][0] >= 2 else {
      throw TensorError("there are no neighbors", suggestion: "pass a vector of two or more")
    }
    return [operands[0][0] - 1]
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    let x = operands[0], count = x.count
    return x[0..<count - 1] + x[1..<count]
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    let zero = Tensor<S>([0])
    return concatenate([cotangent, zero]) + concatenate([zero, cotangent])
  }
}
func neighborSum<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(NeighborSum()) }

/// The outer product of two vectors.
struct Outer: Bilinear {
  static let name = "outer"

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    guard operands[0].rank == 1, operands[1].rank == 1 else { throw TensorError("an outer product is of two vectors") }
    return [operands[0][0], operands[1][0]]
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].reshaped(to: [operands[0].shape[0], 1]) * operands[1]
  }

  func transposeLeft<S: TensorScalar>(_ cotangent: Tensor<S>, right y: Tensor<S>) -> Tensor<S> {
    (cotangent * y).sum(axis: 1)
  }

  func transposeRight<S: TensorScalar>(_ cotangent: Tensor<S>, left x: Tensor<S>) -> Tensor<S> {
    (cotangent * x.reshaped(to: [x.shape[0], 1])).sum(axis: 0)
  }
}
func outer<S>(_ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> { x.applying(Outer(), y) }

/// `y = (|x|ᵖ + |w|ᵖ)^(1/p)` for two tensors of one shape: a plain primitive with a parameter.
struct Combine: Primitive {
  static let name = "combine"
  let exponent: Double

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    guard operands[0] == operands[1] else { throw TensorError("shapes \(operands[0]) and \(operands[1]) differ") }
    return operands[0]
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let p = S(exponent)
    let sum = abs(operands[0]).raised(to: p) + abs(operands[1]).raised(to: p)
    return sum.raised(to: 1 / p)
  }

  /// `x̄ = ȳ·sign x·(|x|/y)ᵖ⁻¹`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result y: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[i]
    return cotangent.chained(with: sign(x) * pow(abs(x) / y, S(exponent - 1)))
  }
}
func combine<S>(_ x: Tensor<S>, _ w: Tensor<S>, exponent: Double) -> Tensor<S> {
  x.applying(Combine(exponent: exponent), w)
}

/// `y = x·tanh(softplus x)`, said in the words of the kernels, so that programs fuse it.
struct Mish: Elementwise, Computed {
  static let name = "mish"

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.zip(.multiply, x[0], backend.map(.tanh, backend.map(.softplus, x[0])))
  }

  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    let t = tanh(softplus(x))
    return t + x * sigmoid(x) * (1 - t * t)
  }
}
func mish<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Mish()) }
