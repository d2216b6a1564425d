import Testing

@testable import TapeGradCore

/// A loop in one call is the step, taken so many times.
struct LoopTests {
  private typealias Step = @Sendable (Tensor<Float>, Tensor<Float>) throws -> (Tensor<Float>, Tensor<Float>)

  /// Steps whose state is read before, while and after it is written.
  private static let steps: [(name: String, step: Step)] = [
    ("elementwise", { s, x in (s + 0.5 * (x - s), s.sum()) }),
    ("reads the old state last", { s, x in (tanh(s * x), s * 2) }),
    ("returns the old state", { s, x in (s + x, s) }),
    ("returns the argument", { s, x in (x, s) }),
    ("keeps the state", { s, x in (s, s * x) }),
    ("state is a product", { s, x in (matmul(s, x) / 4, s.mean()) }),
    ("state is transposed", { s, x in (s.transposed, s - x) }),
    ("a product reads the state that is written behind it", { s, x in (s - matmul(s, x) / 8, matmul(x, s)) }),
    ("stretched state", { s, x in (x - s.mean(axis: 0), s.sum(axis: 1)) }),
    ("same result twice", { s, x in { ($0, $0) }(s + x) }),
    (
      "gradient step",
      { s, x in
        let (loss, gradient) = try valueWithGradient(at: s) { square(matmul($0, x) - x).mean() }
        return (s - gradient, loss)
      }
    ),
    ("what the state does not reach", { s, x in (s - matmul(s, tanh(x).transposed) / 8, exp(x)) }),
    ("a state that no old one reaches", { s, x in (tanh(x), s * x) }),
    ("a factor that is turned over before the loop", { s, x in (matmul(s, x.transposed), matmul(x, x.transposed)) }),
    (
      "a primitive before the loop",
      { s, x in
        let turned = x.applying(Gather(indices: [2, 0, 1], axis: 0))
        return (s + turned, turned.reshaped(to: [9]))
      }
    ),
    ("evaluated by a primitive", { s, x in (s.applying(Gather(indices: [2, 0, 1], axis: 0)), s + x) }),
  ]

  @Test("as many steps one by one", arguments: steps.indices, [1, 2, 3, 7])
  func loop(_ index: Int, _ rounds: Int) throws {
    var generator = SeededGenerator(seed: 5)
    let step = Self.steps[index].step
    let start = Tensor<Float>.randomNormal([3, 3], using: &generator),
      x = Tensor<Float>.randomNormal([3, 3], using: &generator)
    let before = try start.scalars
    var expected = (start, start)
    for _ in 0..<rounds { expected = try step(expected.0, x) }
    for granularity in [Granularity.standard, .fine] {
      let loop = program(step, rounds: rounds, granularity)
      for _ in 0..<2 {
        let (state, other) = try loop(start, x)
        #expect(try haveSameBits(state, expected.0), "\(Self.steps[index].name)")
        #expect(try haveSameBits(other, expected.1), "\(Self.steps[index].name)")
      }
    }
    #expect(try start.scalars == before)
  }

  @Test("the plan says what is done before the loop, and counts its memory")
  func planOfInvariants() throws {
    let s = Tensor<Double>.zeros([8, 8]), x = Tensor<Double>.zeros([8, 8])
    let plain = try repeated(2) { (s: Tensor<Double>, x: Tensor<Double>) in matmul(s, x) }.plan(for: s, x)
    let turned = try repeated(2) { (s: Tensor<Double>, x: Tensor<Double>) in matmul(s, x.transposed) }.plan(for: s, x)
    #expect(!"\(plain)".contains("before the loop"))
    #expect("\(turned)".contains("before the loop: ") && "\(turned)".contains("in the loop:"))
    #expect(turned.peakByteCount - plain.peakByteCount == 8 * 8 * 8, "x and its transpose instead of x")
  }

  @Test("what no next state depends on waits for the last round")
  func lastRound() throws {
    let s = Tensor<Double>.ones([4]), x = Tensor<Double>.ones([4])
    let loop = repeated(3) { (s: Tensor<Double>, x: Tensor<Double>) in
      let difference = s - x
      return (s - difference / 2, square(difference).sum())
    }
    let lines = "\(try loop.plan(for: s, x))".split(separator: "\n")
    let waiting = lines.filter { $0.hasSuffix("in the last round") }
    #expect(waiting.count == 2 && waiting[0].contains("²") && waiting[1].contains("sum of"))
  }

  @Test("states that change places")
  func exchange() throws {
    let swap = repeated(3) { (pair: [Tensor<Double>]) in [pair[1], pair[0] + 1] }
    let result = try swap([Tensor([1]), Tensor([10])])
    #expect(try result.map { try $0.item } == [11, 3])
  }

  @Test("a state of another shape, and no rounds, are errors")
  func defects() {
    let growing = repeated(2) { (x: Tensor<Double>) in x.reshaped(to: [1, 3]) }
    #expect { try growing(Tensor([1, 2, 3])) } throws: { "\($0)".contains("the first result has shapes") }
    let never = repeated(0) { (x: Tensor<Double>) in x }
    #expect { try never(Tensor([1])) } throws: { "\($0)".contains("cannot be taken 0 times") }
  }
}
