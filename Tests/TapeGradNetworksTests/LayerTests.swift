import TapeGradCore
import TapeGradNetworks
import Testing

/// Layers against their formulas and PyTorch; see `Golden/layers.py`.
struct LayerTests {
  private struct Numbers: Decodable {
    let layer, batchLearning, batchRunning, batchUsed: [[Double]]
  }

  /// y, then ∂J/∂x, ∂J/∂γ and ∂J/∂β of J = Σ y³.
  private func results<N: TensorGroup>(
    _ normalization: N, _ use: (N, Tensor<Double>) -> Tensor<Double>
  ) throws -> [[Double]] where N.Scalar == Double {
    let x = grid([4, 3], 1)
    let (dx, dn) = try gradient(at: x, normalization) { x, n in pow(use(n, x), 3).sum() }
    let parameters = dn.tensors.filter { ["scale", "shift"].contains($0.name) }
    return try [use(normalization, x).scalars, dx.scalars] + parameters.map { try $0.tensor.scalars }
  }

  private func expect(_ found: [[Double]], _ expected: [[Double]]) {
    for (a, b) in zip(found, expected) { #expect(relativeDistance(a, b) <= 1e-12) }
    #expect(found.count == expected.count)
  }

  @Test("layer normalization is PyTorch's")
  func layerNormalization() throws {
    var normalization = LayerNormalization<Double>(features: 4)
    (normalization.scale, normalization.shift) = (grid([4, 1], 2), grid([4, 1], 5))
    let numbers: Numbers = try golden("layers.json")
    expect(try results(normalization) { $0($1) }, numbers.layer)
  }

  @Test("batch normalization is PyTorch's, while it learns and when it is used")
  func batchNormalization() throws {
    var normalization = BatchNormalization<Double>(features: 4)
    (normalization.scale, normalization.shift) = (grid([4, 1], 2), grid([4, 1], 5))
    let numbers: Numbers = try golden("layers.json")
    expect(try results(normalization) { $0.learning($1) }, numbers.batchLearning)
    normalization = normalization.observing(grid([4, 3], 1)).observing(grid([4, 3], 4))
    expect([try normalization.mean.scalars, try normalization.variance.scalars], numbers.batchRunning)
    expect(try results(normalization) { $0($1) }, numbers.batchUsed)
  }

  @Test("dropout keeps an element where its number is not below the rate, and the mean")
  func dropout() throws {
    let x = Tensor<Double>([1, 2, 3, 4]), numbers = Tensor<Double>([0.1, 0.25, 0.2, 0.9])
    #expect(try TapeGradNetworks.dropout(x, rate: 0.25, numbers: numbers).scalars == [0, 2 / 0.75, 0, 4 / 0.75])
    let dx = try gradient(at: x) { TapeGradNetworks.dropout($0, rate: 0.25, numbers: numbers).sum() }
    #expect(try dx.scalars == [0, 1 / 0.75, 0, 1 / 0.75])
    #expect(try TapeGradNetworks.dropout(x, rate: 0, numbers: numbers).scalars == x.scalars)
    for (rate, numbers) in [(1, numbers), (-0.1, numbers), (0.5, Tensor([0.5]))] {
      #expect(throws: TensorError.self) {
        try TapeGradNetworks.dropout(x, rate: rate, numbers: numbers).scalars
      }
    }
  }

  @Test("an embedding looks up columns, by numbers and in programs")
  func embedding() throws {
    let embedding = Embedding(vectors: Tensor<Double>([[1, 2, 3], [4, 5, 6]]))
    #expect(try embedding([2, 0, 2]).scalars == [3, 1, 3, 6, 4, 6])
    let program = compiled { (e: Embedding<Double>, things: Indices) in
      try gradient(at: e) { square($0(things)).sum() }.vectors
    }
    #expect(try program(embedding, Indices([2, 0, 2])).scalars == [2, 0, 12, 8, 0, 24])
    #expect(throws: TensorError.self) { try embedding([3]).scalars }
    #expect(throws: TensorError.self) { try program(embedding, Indices([3, 1])).scalars }
  }

  @Test("one-hot targets are 1 in the row of the class, and NaN for a number of no class")
  func oneHotTargets() throws {
    #expect(try oneHot(Tensor<Float>([[1, 0, 2]]), classes: 3).scalars == [0, 1, 0, 1, 0, 0, 0, 0, 1])
    for wrong in [-1, 3, 0.5, Float.nan] {
      #expect(try oneHot(Tensor([[wrong]]), classes: 3).scalars.allSatisfy(\.isNaN))
      let loss = LearningTask.classification.loss(logits: Tensor<Float>([[1], [2], [3]]), labels: Tensor([[wrong]]))
      #expect(try loss.item.isNaN)
    }
  }
}
