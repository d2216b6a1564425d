import Testing

@testable import TapeGradCore

struct PullbackTests {
  private let x = Tensor([1.0, 2]), y = Tensor([3.0, 5])
  /// Three results of two numbers, with Jacobian [[x1, x0], [2·x0, 0], [0, 3·x1²]].
  private let f: @Sendable (Tensor<Double>) -> Tensor<Double> = { x in
    concatenate([x[0..<1] * x[1..<2], x[0..<1] * x[0..<1], x[1..<2] * x[1..<2] * x[1..<2]])
  }

  @Test("a pullback may be called again and again")
  func pullback() throws {
    let (value, pullback) = try valueWithPullback(at: x, of: f)
    try value.expect([2, 1, 8])
    #expect(!value.isRecorded)
    for _ in 0..<2 {
      try pullback(Tensor([1, 0, 0])).expect([2, 1])
      try pullback(Tensor([0, 1, 0])).expect([2, 0])
      try pullback(Tensor([1, 1, 1])).expect([4, 13])
    }
    try pullback(.zeros([3])).expect([0, 0])
  }

  @Test("a pullback is of several groups, and zero where the result depends on none")
  func groups() throws {
    let (value, pullback) = try valueWithPullback(at: [x], y) { $0[0] * $1 }
    let (list, dy) = try pullback(Tensor([1, 10]))
    try value.expect([3, 10])
    try list[0].expect([3, 50])
    try dy.expect([1, 20])
    try valueWithPullback(at: x) { _ in Tensor([4.0]) }.pullback(Tensor([1])).expect([0, 0])
  }

  @Test("a pullback can be differentiated, by the cotangent and by the point")
  func differentiated() throws {
    let cotangent = Tensor([1.0, 2, 3])
    let (_, pullback) = try valueWithPullback(at: x, of: f)
    // Linear in the cotangent: the sum of the rows' entries.
    try gradient(at: cotangent) { try pullback($0).sum() }.expect([3, 2, 12])
    // Σ Jᵀȳ = x1 + x0 + 2·2·x0 + 3·3·x1²
    try gradient(at: x) { x in
      try valueWithPullback(at: x, of: f).pullback(cotangent).sum()
    }.expect([5, 37])
  }

  @Test("a pushforward carries tangents, in one direction and in several arguments")
  func pushforwards() throws {
    let (value, tangent) = try valueWithPushforward(at: x, along: Tensor([1, 10]), of: f)
    try value.expect([2, 1, 8])
    try tangent.expect([12, 2, 120])
    try pushforward(at: x, y, along: Tensor([1, 0]), Tensor([0, 1])) { $0 * $1 }.expect([3, 2])
    try pushforward(at: [x, y], along: [y, x]) { $0[0] * $0[1] }.expect([10, 29])
    try pushforward(at: x, along: y) { _ in Tensor([1.0, 1, 1]) }.expect([0, 0, 0])
    let stack = Stack<Double>.sample, input = Tensor([[0.5], [1]])
    let scaled = try pushforward(at: stack, along: stack.mapTensors { .zeros($0.shape) }) { $0(input) }
    try scaled.expect([0, 0])
  }

  @Test("a pushforward nests: along x twice, in a gradient, in itself")
  func nested() throws {
    let one = Tensor([1.0, 1])
    try pushforward(at: x, along: one) { x in try pushforward(at: x, along: one) { $0 * $0 * $0 } }.expect([6, 12])
    try gradient(at: x) { x in try pushforward(at: x, along: x) { $0 * $0 }.sum() }.expect([4, 8])
    try pushforward(at: x, along: one) { x in try gradient(at: x) { ($0 * $0 * $0).sum() } }.expect([6, 12])
    try gradient(at: Tensor(3.0)) { t in try pushforward(at: Tensor(2.0), along: t) { $0 * $0 * t } }.expect([24])
  }

  @Test("a 0 in a direction is a number like any other: beside an infinite slope it gives NaN, and there alone")
  func infiniteSlopes() throws {
    let point = Tensor([0, 4.0])
    let tangent = try pushforward(at: point, along: Tensor([0, 1])) { sqrt($0) }.scalars
    let cotangent = try valueWithPullback(at: point) { sqrt($0) }.pullback(Tensor([0, 1])).scalars
    #expect(tangent[0].isNaN && tangent[1] == 0.25 && cotangent[0].isNaN && cotangent[1] == 0.25)
  }
}
