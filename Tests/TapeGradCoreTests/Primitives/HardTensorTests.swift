import Testing

@testable import TapeGradCore

private let infinity = Double.infinity, nan = Double.nan

/// Section 5 of the numerical promises, functions of whole tensors.
struct HardTensorTests {
  @Test("softmax has its limits at large and infinite logits")
  func softmaxLimits() throws {
    try softmax(Tensor([1000, 0, -1000.0])).expect([1, 0, 0])
    try softmax(Tensor([-infinity, 0, 1])).expect([0, 0.268941421369995121, 0.731058578630004879], ulps: 2)
    let slope = try gradient(at: Tensor([-infinity, 0, 1])) { x in (Tensor([1, 2, 3]) * softmax(x)).sum() }
    try slope.expect([-0.0, -0.196611933241481853, 0.196611933241481853], ulps: 16)
    #expect(try softmax(Tensor([nan, 0])).scalars.allSatisfy(\.isNaN))
  }

  @Test("logSumExp has its limits at large and infinite numbers")
  func logSumExpLimits() throws {
    let (value, slope) = try valueWithGradient(at: Tensor([1000, 1000, -1000.0])) { logSumExp($0) }
    try value.expect([1000.69314718055995], ulps: 1)
    try slope.expect([0.5, 0.5, 0])
    try logSumExp(Tensor([-infinity, -infinity])).expect([-infinity])
    try logSumExp(Tensor([infinity, 0])).expect([infinity])
    try logSoftmax(Tensor([1000, 0.0])).expect([0, -1000])
  }

  @Test("softmax cross-entropy is exact at saturated logits")
  func crossEntropyLimits() throws {
    let (value, slope) = try valueWithGradient(at: Tensor([1000, 0, -1000.0])) {
      softmaxCrossEntropy(logits: $0, labels: [2])
    }
    try value.expect([2000])
    try slope.expect([1, 0, -1])
    // A target of 0 drops a logarithm of -∞.
    try softmaxCrossEntropy(logits: Tensor([0, -infinity]), targets: Tensor([1, 0])).expect([0])
  }

  @Test("reductions of no element are the neutral element, NaN or an error")
  func emptyReductions() throws {
    let empty = Tensor<Double>.zeros([0])
    try empty.sum().expect([0])
    try empty.mean().expect([nan])
    #expect(try gradient(at: empty) { $0.sum() }.shape == [0])
    #expect(try gradient(at: empty) { $0.mean() }.shape == [0])
    try gradient(at: Tensor([7.0])) { $0.mean() }.expect([1])
    try Tensor<Double>.zeros([0, 3]).sum(axis: 0).expect([0, 0, 0])
    #expect(try Tensor<Double>.zeros([0, 3]).max(axis: 1).validated().shape == [0])
    #expect(throws: TensorError.self) { try Tensor<Double>.zeros([0, 3]).max(axis: 0).validated() }
    #expect(throws: TensorError.self) { try empty.max().validated() }
  }

  @Test("the derivative of a maximum is split over ties")
  func ties() throws {
    try gradient(at: Tensor([3, 1, 3, 3.0])) { $0.max() }.expect([1.0 / 3, 0, 1.0 / 3, 1.0 / 3])
    try gradient(at: Tensor([[1, 1], [0, 2.0]])) { $0.max(axis: 1).sum() }.expect([0.5, 0.5, 0, 1])
    try Tensor([1, nan, 2]).max().expect([nan])
    try Tensor([infinity, 1]).max().expect([infinity])
  }

  @Test("products without elements, of infinities and of a tensor with itself are right")
  func matrixProducts() throws {
    func zeros(_ shape: Shape) -> Tensor<Double> { .zeros(shape) }
    let empty = matmul(zeros([2, 0]), zeros([0, 3]))
    #expect(empty.shape == [2, 3])
    try empty.expect([0, 0, 0, 0, 0, 0])
    let (dx, dy) = try gradient(at: zeros([0, 2]), .ones([2, 3])) { matmul($0, $1).sum() }
    #expect(dx.shape == [0, 2])
    try dy.expect([0, 0, 0, 0, 0, 0])
    try matmul(Tensor([[0, 1]]), Tensor([[infinity], [1]])).expect([nan])
    try gradient(at: Tensor([[1, 2], [3, 4.0]])) { matmul($0, $0).sum() }.expect([7, 11, 9, 13])
  }

  @Test("a broadcast operand's gradient is summed to its shape")
  func broadcastGradients() throws {
    func ones(_ shape: Shape) -> Tensor<Double> { .ones(shape) }
    let (column, row) = try gradient(at: ones([3, 1]), ones([1, 4])) { ($0 + $1).sum() }
    try column.expect([4, 4, 4])
    try row.expect([3, 3, 3, 3])
    try gradient(at: ones([])) { ($0 + ones([2, 3])).sum() }.expect([6])
    let (empty, repeated) = try gradient(at: ones([0, 1]), ones([1, 3])) { ($0 + $1).sum() }
    #expect((ones([0, 1]) + ones([1, 3])).shape == [0, 3] && empty.shape == [0, 1])
    try repeated.expect([0, 0, 0])
    #expect(throws: TensorError.self) { try (ones([0]) + ones([2])).validated() }
    try gradient(at: Tensor(5.0)) { $0 + $0 }.expect([2])
    try gradient(at: Tensor(5.0)) { $0 * $0 }.expect([10])
  }

  @Test("what was not taken has derivative 0, and what was taken twice adds up")
  func partGradients() throws {
    let x = Tensor([1, 2, 3.0])
    try gradient(at: x) { $0.gathered([0, 0, 1]).sum() }.expect([2, 1, 0])
    try gradient(at: x) { $0[1..<2].sum() }.expect([0, 1, 0])
    try gradient(at: x) { concatenate([$0, $0]).sum() }.expect([2, 2, 2])
    // What was not selected has a derivative of exactly 0, whatever happens to what was.
    try gradient(at: Tensor([0, 4.0])) { sqrt($0)[1..<2].sum() }.expect([0, 0.25])
  }

  @Test("a mean squared error that overflows still has a slope")
  func meanSquaredErrors() throws {
    let (value, slope) = try valueWithGradient(at: Tensor<Float>([1e20])) { meanSquaredError($0, Tensor([0])) }
    #expect(try value.item == .infinity && slope.scalars == [2e20])
  }

  @Test(
    "an unselected branch never leaks, in any order",
    arguments: [
      { log($0) }, { sqrt($0) }, { 1 / $0 }, { pow($0, 0.5) }, { pow($0, -2) }, { 0 / $0 }, { log($0) / $0 },
      { pow($0, Tensor([0.5])) }, { softplus(1 / $0) }, { sqrt($0 * $0) },
    ] as [@Sendable (Tensor<Double>) -> Tensor<Double>])
  func unselected(_ branch: @escaping @Sendable (Tensor<Double>) -> Tensor<Double>) throws {
    let guarded = { @Sendable (x: Tensor<Double>) in select(x .> 0, branch(x), x * x).sum() }
    let zero = Tensor([0.0])
    try guarded(zero).expect([0])
    try gradient(at: zero, of: guarded).expect([0])
    try gradient(at: zero) { x in try gradient(at: x, of: guarded).sum() }.expect([2])
    try gradient(at: zero) { select($0 .< 0, branch($0), 0).sum() }.expect([0])
  }
}
