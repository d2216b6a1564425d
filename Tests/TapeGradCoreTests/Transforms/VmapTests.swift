import TapeGradGraphs
import Testing

@testable import TapeGradCore

struct VmapTests {
  private let x = Tensor([[1.0, 2, 3], [4, 5, 6]])

  @Test("examples lie along any axis, and results are put along any")
  func axes() throws {
    let rows = vmap { (x: Tensor<Double>) in x.sum() }
    try rows(x).expect([6, 15])
    let columns = vmap(axes: [1]) { (x: Tensor<Double>) in x.sum() }
    try columns(x).expect([5, 7, 9])
    try vmap(axes: [-1]) { (x: Tensor<Double>) in x.sum() }(x).expect([5, 7, 9])
    let turned = try vmap(resultAxes: [1]) { (x: Tensor<Double>) in 2 * x }(x)
    #expect(turned.shape == [3, 2])
    try turned.expect([2, 8, 4, 10, 6, 12])
    // One argument along its second axis, one the same for all.
    let products = try vmap(axes: [1, nil]) { x, y in (x * y).sum() }(x, Tensor([1, 10]))
    try products.expect([41, 52, 63])
    // What does not depend on the examples is repeated.
    try vmap { (_: Tensor<Double>) in Tensor([7.0]) }(x).expect([7, 7])
  }

  @Test("several results, and groups of tensors")
  func groups() throws {
    let both = vmap { (x: Tensor<Double>, y: Tensor<Double>) throws -> (Tensor<Double>, [Tensor<Double>]) in
      (x + y, [x, x * y])
    }
    let (sum, parts) = try both(x, Tensor([1, 2]))
    try sum.expect([2, 3, 4, 6, 7, 8])
    try parts[1].expect([1, 2, 3, 8, 10, 12])
    let layers = Layer(
      weight: Tensor<Double>.ones([3, 2, 2]), bias: Tensor<Double>([0, 0, 1, 1, 2, 2], shape: [3, 2, 1]))
    let results = try vmap(axes: [0, nil]) { layer, x in layer(x) }(layers, Tensor([[1.0], [2]]))
    #expect(results.shape == [3, 2, 1])
  }

  @Test("maps nest, and gradients pass through them")
  func nesting() throws {
    let table = try vmap(axes: [0, nil]) { x, y in try vmap(axes: [nil, 0]) { x, y in x * y }(x, y) }(
      Tensor([1.0, 2, 3]), Tensor([10.0, 100]))
    try table.expect([10, 100, 20, 200, 30, 300])
    // Per-example gradients: of (w·xᵢ)², 2(w·xᵢ)·xᵢ.
    let w = Tensor([1.0, 0, -1])
    let perExample = try vmap { x in try gradient(at: w) { w in square((w * x).sum()) } }(x)
    try perExample.expect([-4, -8, -12, -16, -20, -24])
    // The gradient of the sum is their sum.
    let sum = try gradient(at: w) { w in try vmap { x in square((w * x).sum()) }(x).sum() }
    try sum.expect([-20, -28, -36])
    try gradient(at: x) { x in try vmap { x in x.product() }(x).sum() }.expect([6, 3, 2, 30, 24, 20])
    // No confusion of perturbations: d/dw Σᵢ d/dxᵢ (w·xᵢ²) = Σᵢ 2xᵢ.
    let mixed = try gradient(at: Tensor(3.0)) { w in
      try vmap { x in try gradient(at: x) { x in w * x * x } }(Tensor([1.0, 2])).sum()
    }
    try mixed.expect([6])
    try hessian(at: w) { w in try vmap { x in square((w * x).sum()) }(x).sum() }.expect(
      [34, 44, 54, 44, 58, 72, 54, 72, 90])
  }

  @Test("programs hold maps, and maps programs")
  func programs() throws {
    let program = compiled { (w: Tensor<Double>, x: Tensor<Double>) in
      try vmap(axes: [nil, 0]) { w, x in try gradient(at: w) { w in square((w * x).sum()) } }(w, x)
    }
    let w = Tensor([1.0, 0, -1])
    try program(w, x).expect([-4, -8, -12, -16, -20, -24])
    let cube = compiled { (x: Tensor<Double>) in x * x * x }
    try vmap { x in try cube(x) }(x).expect([1, 8, 27, 64, 125, 216])
  }

  @Test("a sigmoid remembers its logits within, on the way in and on the way out")
  func logits() throws {
    let logits = Tensor([-50.0, 50]), labels = Tensor([1.0, 0])
    let inside = try gradient(at: logits) { z in
      try vmap { z, y in binaryCrossEntropy(sigmoid(z), y) }(z, labels).sum()
    }
    try inside.expect([-1, 1])
    try gradient(at: logits) { z in try binaryCrossEntropy(vmap { z in sigmoid(z) }(z), labels) }.expect([-0.5, 0.5])
    try gradient(at: logits) { z in
      try vmap { a, y in binaryCrossEntropy(a, y) }(sigmoid(z), labels).sum()
    }.expect([-1, 1])
  }

  @Test("what an example does not use stays unused: no NaN gets through")
  func structuralZeros() throws {
    let x = Tensor([0.0, 1, 4])
    let slopes = try vmap { x in try gradient(at: x) { x in select(x .> 0, log(x), 0) } }(x)
    try slopes.expect([0, 1, 0.25])
    try gradient(at: x) { x in try vmap { x in select(x .> 0, log(x), 0) }(x).sum() }.expect([0, 1, 0.25])
    // A NaN in a weight that all examples share, which the second example does not use.
    let w = Tensor([[1.0, 2], [.nan, 3]])
    let rows = try vmap { use in
      try gradient(at: Tensor([[1.0], [1]])) { v in select(use, matmul(w, v).reshaped(to: [2]), 0).sum() }
    }(Tensor([[1.0, 0], [1, 1]]))
    try rows.expect([1, 2, .nan, 5])
    // Jacobians and Hessians keep them: every row uses one element.
    try jacobian(at: x) { sqrt($0) }.expect([.infinity, 0, 0, 0, 0.5, 0, 0, 0, 0.25])
    try jacobian(at: Tensor([[1.0], [1]])) { matmul(w, $0) }.expect([1, 2, .nan, 3])
    try jacobian(at: Tensor([[1.0, 1]])) { matmul($0, w.transposed) }.expect([1, 2, .nan, 3])
  }

  @Test("labels differ from example to example")
  func labels() throws {
    let logits = Tensor([[1.0, 2, 0], [0, 1, 3]])
    let losses = try vmap { z, label in softmaxCrossEntropy(logits: z, labels: label) }(logits, Labels([1, 2]))
    let expected = try (0..<2).map {
      softmaxCrossEntropy(logits: logits[$0..<$0 + 1].reshaped(to: [3]), labels: [$0 + 1])
    }
    .map { try $0.item }
    try losses.expect(expected)
    let table = Tensor([[1.0, 2], [3, 4], [5, 6]]), words = Indices([0, 2, 2, 1], shape: [2, 2])
    let rows = try vmap { words in table.gathered(words) }(words)
    #expect(rows.shape == [2, 2, 2])
    try rows.expect([1, 2, 5, 6, 5, 6, 3, 4])
    let slopes = try gradient(at: table) { table in try vmap { words in table.gathered(words) }(words).sum() }
    try slopes.expect([1, 1, 1, 1, 2, 2])
    let own = try vmap { x, words in x.gathered(words) }(Tensor([[1.0, 2, 3], [4, 5, 6]]), words)
    try own.expect([1, 3, 6, 5])
  }

  @Test("a checkpoint is one in each example")
  func checkpoints() throws {
    let slopes = try gradient(at: x) { x in
      try vmap { x in checkpoint(x) { x in tanh(x * x).sum() } }(x).sum()
    }
    #expect(try haveSameBits(slopes, gradient(at: x) { x in tanh(x * x).sum() }))
  }

  @Test("an empty batch has empty results")
  func empty() throws {
    let none = Tensor<Double>.zeros([0, 3])
    #expect(try vmap { x in x.sum() }(none).shape == [0])
    #expect(try vmap { x in softmax(x) }(none).shape == [0, 3])
    #expect(try vmap { x in x.mean() }(none).shape == [0])
    let slopes = try gradient(at: Tensor([1.0, 2, 3])) { w in try vmap { x in tanh(w * x).mean() }(none).sum() }
    try slopes.expect([0, 0, 0])
  }

  @Test("what does not fit is an error that says why")
  func errors() throws {
    let sum = { (x: Tensor<Double>) in x.sum() }
    #expect(failure { try vmap(axes: [2], sum)(x) }?.description.contains("has no axis 2") == true)
    #expect(failure { try vmap(axes: [nil], sum)(x) }?.description.contains("no argument has an axis") == true)
    #expect(failure { try vmap(axes: [0, 0], sum)(x) }?.description.contains("axes for 2 arguments") == true)
    #expect(failure { try vmap { x, y in x + y }(x, Tensor([1.0, 2, 3])) }?.description.contains("examples") == true)
    #expect(failure { try vmap(resultAxes: [2], sum)(x) }?.description.contains("no axis 2") == true)
    #expect(failure { try vmap { x in matmul(x, .ones([7])) }(x) }?.description.contains("matmul") == true)
    #expect(failure { try vmap { (x: Tensor<Double>) in Tensor(try x.scalars[0]) }(x) } != nil)
    let failed = x + Tensor([1.0, 2])
    #expect(failure { try vmap(sum)(failed) }?.description.contains("add") == true)
    // A primitive that refuses an example's numbers refuses the batch.
    let wrong = Tensor([0.5, 1.5])
    #expect(
      failure { try vmap { a in binaryCrossEntropy(a, Tensor(1.0)) }(wrong) }?.description.contains("1.5") == true)
  }

  @Test("a cotangent that knows where it was used is summed over the examples with its mask")
  func maskedSums() throws {
    let w = Tensor([[0.5, -1, 2]]), x = Tensor([[[0.1, 0.2, 0.3]], [[1, -1, 0.5]]])
    @Sendable func loss(_ w: Tensor<Double>, _ x: Tensor<Double>) -> Tensor<Double> {
      let loss = softmaxCrossEntropy(logits: w, targets: sigmoid(x), axis: 1)
      return select(loss .> 2.5, loss, 0).sum()  // that of the first example is 2.84, of the second 2.29
    }
    let mapped = try gradient(at: w) { w in try vmap { x in loss(w, x) }(x).sum() }
    let written = try gradient(at: w) { w in loss(w, x[0]) + loss(w, x[1]) }
    #expect(mapped.shape == written.shape)
    for (a, b) in zip(try mapped.scalars, try written.scalars) { #expect(abs(a - b) < 1e-12) }
  }

  @Test("whether a mask happens to be 0 nowhere changes no bit: a program does not know")
  func masks() throws {
    @Sendable func slope(_ x: Tensor<Double>) throws -> Tensor<Double> {
      try gradient(at: x) { x in try vmap { x in cos(0.0 * select(x .< 100, x, 2 * x)) }(x).sum() }
    }
    let x = Tensor([0.8, -0.4, -1.0])
    #expect(try haveSameBits(slope(x), compiled(slope)(x)))
  }

  @Test("eight axes are the most, the batch's among them")
  func rank() throws {
    let seven = Tensor<Double>.ones([1, 1, 1, 1, 1, 1, 2])
    let batch = Tensor<Double>.ones([3, 1, 1, 1, 1, 1, 1, 2])
    #expect(try vmap { x in x + seven }(batch).shape == [3, 1, 1, 1, 1, 1, 1, 2])
    let eight: Shape = [1, 1, 1, 1, 1, 1, 1, 2]
    #expect(failure { try vmap { x in x.broadcast(to: eight) }(Tensor<Double>.ones([3, 2])) } != nil)
  }
}
