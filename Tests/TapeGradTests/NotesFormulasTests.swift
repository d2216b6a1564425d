import Foundation
import TapeGrad
import Testing

/// The notes' equations as they stand, with `m: Int` and with Foundation imported; `.ci/run` checks that each takes the
/// compiler less than 100 ms.
struct NotesFormulasTests {
  private let X = Tensor<Double>([[0.5, -1, 2], [1, 0.25, -0.5]]), Y = Tensor<Double>([[1, 0, 1]]), m = 3
  private let W1 = Tensor<Double>([[0.1, -0.2], [0.3, 0.4]]), b1 = Tensor<Double>([[0.1], [-0.1]])
  private let W2 = Tensor<Double>([[0.5, -0.6]]), b2 = Tensor<Double>([[0.2]])

  @Test("forward and backward propagation over all examples at once")
  func propagation() throws {
    let Z1 = matmul(W1, X) + b1
    let A1 = (exp(Z1) - exp(-Z1)) / (exp(Z1) + exp(-Z1))
    let Z2 = matmul(W2, A1) + b2
    let A2 = 1 / (1 + exp(-Z2))
    let J = -(1.0 / Double(m)) * (Y * log(A2) + (1 - Y) * log(1 - A2)).sum()
    let dA2 = -(Y / A2 - (1 - Y) / (1 - A2))
    let dZ2 = A2 - Y
    let dW2 = matmul(dZ2, A1.transposed) / m
    let db2 = dZ2.sum(axis: 1, keepingDimensions: true) / m
    let dZ1 = matmul(W2.transposed, dZ2) * (1 - A1 * A1)
    let dW1 = matmul(dZ1, X.transposed) / m
    let db1 = dZ1.sum(axis: 1, keepingDimensions: true) / m
    try expect(dA2 * A2 * (1 - A2), dZ2)

    let network = TwoLayerNetwork(W1: W1, b1: b1, W2: W2, b2: b2, hiddenActivation: .tanh)
    let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(X, labels: Y) }
    try expect(J, loss)
    try expect(dW1, gradient.W1)
    try expect(db1, gradient.b1)
    try expect(dW2, gradient.W2)
    try expect(db2, gradient.b2)
  }

  @Test("activations, means and waves")
  func formulas() throws {
    let z = Tensor<Double>([-1, 0.5, 2]), p = Tensor<Double>([2, 3, 0.25]), m = z.shape.count
    try expect(select(z .> 0, z, 0.01 * z), leakyRelu(z))
    try expect(select(z .> 0, z, exp(z) - 1), elu(z))
    try expect(log(1 + exp(z)), softplus(z))
    try expect(z / (1 + exp(-z)), silu(z))
    try expect(exp(z) / exp(z).sum(), softmax(z))
    try expect(((z - z.sum() / m) * (z - z.sum() / m)).sum() / m, z.variance())
    try expect(((p - z) * (p - z)).sum() / (2 * m), 0.5 * meanSquaredError(p, z))
    try expect(p[0] * sin(p[1] * z + p[2]), 2 * sin(3 * z + 0.25))
    try expect(sin(3 * z) * cos(2 * z) - cos(3 * z) * sin(2 * z), sin(z))
    try expect(3 * z * z * z - 2 * z * z + z - 7, z * (z * (3 * z - 2) + 1) - 7)
    try expect(gradient(at: z) { z in 3 * z[0] * z[1] - z[2] / 2 + (z * z).sum() }, 2 * z + Tensor([1.5, -3, -0.5]))
  }
}
