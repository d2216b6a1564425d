import Testing

@testable import TapeGradCore

/// Graphs whose values and gradients another system computed; see `golden.py`.
struct GoldenTests {
  typealias Graph = @Sendable ([Tensor<Double>]) throws -> Tensor<Double>

  static let graphs: [(name: String, shapes: [Shape], graph: Graph)] = [
    ("mlp", [[3, 2], [3, 1], [1, 3], [1, 1], [2, 5]], { binaryCrossEntropy(sigmoid(network($0)), mlpLabels) }),
    (
      "mlp", [[3, 2], [3, 1], [1, 3], [1, 1], [2, 5]],
      { binaryCrossEntropy(0.5 + 0.5 * tanh(0.5 * network($0)), mlpLabels) }
    ),
    (
      "classifier", [[3, 4], [3, 1], [4, 5]],
      { softmaxCrossEntropy(logits: matmul($0[0], $0[2]) + $0[1], labels: [2, 0, 1, 1, 0]) }
    ),
    ("logSumExp", [[3, 4]], { square(logSumExp($0[0], axis: 1)).sum() }),
    ("batchedMatmul", [[2, 3, 4], [2, 4, 2]], { tanh(matmul($0[0], $0[1])).sum() }),
    ("layerNorm", [[2, 5], [5], [5]], { square(normalized($0[0]) * $0[1] + $0[2]).sum() }),
    ("parts", [[4, 3], [2, 3]], { parts($0[0], $0[1]) }),
    ("meanSquaredError", [[3, 1], [1, 4]], { meanSquaredError($0[0] * $0[1], $0[1].broadcast(to: [3, 4])) }),
    ("pow", [[2, 3], [3]], { pow($0[0] + 2, $0[1]).sum() }),
    ("choices", [[3, 4], [3, 4]], { choices($0[0], $0[1]) }),
    ("maxWithTies", [[3, 5]], { (abs($0[0]).max(axis: 1) * Tensor([1, 2, 3])).sum() }),
    ("activations", [[7]], { activations($0[0]) }),
    ("quotients", [[4], [4]], { (log1p($0[0] * $0[0]) / (2 + $0[1]) - expm1($0[0]) * sqrt($0[1] + 3)).sum() }),
    (
      "layout", [[2, 3, 4], [6]],
      { ($0[0].permuted([2, 0, 1]).reshaped(to: [4, 6]) * $0[1]).variance(axes: [0]).sum() }
    ),
    ("penalty", [[2, 3], [2, 1], [3, 4]], { try penalty($0[0], $0[1], $0[2]) }),
    ("attention", [[2, 3, 4], [2, 5, 4], [2, 5, 2]], { attention($0[0], $0[1], $0[2]) }),
    ("arithmetic", [[2, 3], [2, 3]], { arithmetic($0[0], $0[1]) }),
    ("product", [[4, 3]], { ($0[0].product(axis: 0) * Tensor([1, 2, 3])).sum() + ($0[0][0..<2] + 2).product() }),
  ]

  @Test("values and gradients are PyTorch's and JAX's", arguments: graphs.indices)
  func golden(_ row: Int) throws {
    let (name, shapes, graph) = Self.graphs[row]
    let inputs = shapes.enumerated().map { grid($0.element, 3 * $0.offset + 1) }
    let (value, gradients) = try valueWithGradient(at: inputs, of: graph)
    let found = try [value.item] + gradients.flatMap { try $0.scalars }
    let expected = try #require(GoldenValues.numbers[name])
    #expect(found.count == expected.count)
    for (index, (a, b)) in zip(found, expected).enumerated() {
      #expect(abs(a - b) <= 1e-12 * max(1, abs(b)), "\(name), number \(index)")
    }
  }

  @Test("every graph of the script is here") func complete() {
    #expect(Set(Self.graphs.map(\.name)) == Set(GoldenValues.numbers.keys))
  }
}

private let mlpLabels = Tensor([[1.0, 0, 1, 1, 0]])

/// ((7k + start) mod 11 − 5)/4 for k = 0, 1, 2, …
private func grid(_ shape: Shape, _ start: Int) -> Tensor<Double> {
  Tensor((0..<shape.count).map { Double((7 * $0 + start) % 11 - 5) / 4 }, shape: shape)
}

private func network(_ x: [Tensor<Double>]) -> Tensor<Double> {
  matmul(x[2], tanh(matmul(x[0], x[4]) + x[1])) + x[3]
}

private func normalized(_ x: Tensor<Double>) -> Tensor<Double> {
  let deviation = x - x.mean(axis: 1, keepingDimensions: true)
  return deviation / sqrt(x.variance(axes: [1], keepingDimensions: true) + 1e-5)
}

private func parts(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Tensor<Double> {
  let joined = concatenate([x[1..<3], y.gathered([0, 0, 1]), x])
  return (exp(joined[2..<6, 1..<3]) * joined[0..<4, 0..<2]).sum()
}

private func choices(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Tensor<Double> {
  select(x .> 0, x * x * y, exp(x) - y).sum() + (maximum(x, y) * minimum(x, Tensor(0.3))).sum()
}

private func activations(_ x: Tensor<Double>) -> Tensor<Double> {
  let first = softplus(x) * elu(x), second = approximateGelu(x) * silu(x)
  return (first + second + leakyRelu(x, slope: 0.125) * sigmoid(x)).sum()
}

private func penalty(_ w: Tensor<Double>, _ b: Tensor<Double>, _ x: Tensor<Double>) throws -> Tensor<Double> {
  let slope = try gradient(at: w) { w in square(tanh(matmul(w, x) + b)).mean() }
  return (slope * slope).sum()
}

private func attention(_ q: Tensor<Double>, _ k: Tensor<Double>, _ v: Tensor<Double>) -> Tensor<Double> {
  (matmul(softmax(matmul(q, k.transposed) / 2, axis: -1), v) * Tensor([1, 2])).sum()
}

/// Every operation of numbers and tensors, and every comparison as a factor.
private func arithmetic(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Tensor<Double> {
  var z = 2 - (3 * x + 1) / 4 - y
  z *= x
  z += 1.5 / (y + 3)
  z -= (x - 0.5) / 2
  var masks = (x .< y) + 2 * (x .<= y) + 4 * (x .> 0.5) + 8 * (y .>= -0.25) + 16 * (x .== y) + 32 * (x .!= 0.25)
  let both = ((x .< y) .| (x .> 1)) .& .!(y .< -1)
  masks += 64 * both
  var mean = (square(x) * z).sum()
  mean /= Tensor(Double(x.shape.count))
  return (z * z * masks).sum() + (sign(x) * y).sum() + mean
}
