import TapeGradGraphs
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
    ("broadcast state", { s, x in (x - s.mean(axis: 0), s.sum(axis: 1)) }),
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
    ("a factor that is transposed before the loop", { s, x in (matmul(s, x.transposed), matmul(x, x.transposed)) }),
    (
      "a primitive before the loop",
      { s, x in
        let turned = x.applying(Gather(indices: [2, 0, 1], axis: 0))
        return (s + turned, turned.reshaped(to: [9]))
      }
    ),
    ("a primitive hands the old state on", { s, x in (s + x, s.applying(Same())) }),
    ("what a primitive hands on is read later", { s, x in { (s + x, matmul($0, x)) }(s.applying(Same())) }),
    ("a checkpoint hands on a part of what it reads", { s, x in (s * x, checkpoint(s) { $0.reshaped(to: [9]) }) }),
    ("the new state is what a primitive was handed", { s, x in (matmul(s, x).applying(Same()), s) }),
    ("a sum that waits, of a product and a value", { s, x in { ($0, (matmul(s, x) + $0).sum(axis: 1)) }(s * 2) }),
    (
      "a number for each row of a product, of the state",
      { s, x in { ($0, tanh($0)) }(matmul(s, x / 8) + s.mean(axis: 1, keepingDimensions: true)) }
    ),
    (
      "a sum behind a product is the state, which is read after it",
      { s, x in { ($0, tanh(s) * $0) }(matmul(x, x) + x.mean(axis: 1, keepingDimensions: true)) }
    ),
    ("evaluated by a primitive", { s, x in (s.applying(Gather(indices: [2, 0, 1], axis: 0)), s + x) }),
  ]

  @Test("a loop has the bits of as many steps one by one", arguments: steps.indices, [1, 2, 3, 7])
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

  @Test("a product that only a result needs waits with it")
  func lastProduct() throws {
    let x = Tensor<Double>.ones([3, 3])
    let loop = repeated(3) { (s: Tensor<Double>, x: Tensor<Double>) in
      let twice = s * 2
      return (twice, (matmul(s, x) + twice).sum(axis: 1))
    }
    _ = try loop(x, x)
    let plan = try #require(loop.latestPlan)
    #expect(plan.fused.contains { $0.product != nil && $0.isProductLastRoundOnly && !$0.stepsOfEveryRound.isEmpty })
  }

  @Test("what a primitive keeps is not written over in a later round")
  func kept() throws {
    let kept = Lock<[Tensor<Double>]>([])
    let loop = repeated(3) { (s: Tensor<Double>) in
      checkpoint(s + 1) { t in
        if !t.isTraced { kept.withLock { $0.append(t) } }
        return t * 2
      }
    }
    #expect(try loop(Tensor([1, 2])).scalars == [22, 30])
    #expect(try kept.withLock { $0 }.map { try $0.scalars } == [[2, 3], [5, 7], [11, 15]])
  }

  @Test("a loop's memory is that of the argument, of the state, and of the next where it is not in place")
  func memory() throws {
    let s = Tensor<Double>.zeros([1000, 1000])
    let step = { @Sendable (s: Tensor<Double>) in s + 1 }, product = { @Sendable (s: Tensor<Double>) in matmul(s, s) }
    let inPlace = try repeated(3, step).plan(for: s).peakByteCount
    let exchanged = try repeated(3, product).plan(for: s).peakByteCount
    let once = try compiled(product).plan(for: s).peakByteCount
    #expect(inPlace == 16_000_000 && exchanged == once + 8_000_000)
  }

  @Test("states may change places")
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
    #expect { try gradient(at: Tensor<Double>([1])) { try never($0).sum() } } throws: {
      "\($0)".contains("cannot be taken 0 times")
    }
    let reshaped = repeated(1) { (x: Tensor<Double>) in x.reshaped(to: [1, 3]) }
    #expect { try gradient(at: Tensor<Double>([1, 2, 3])) { try reshaped($0).sum() } } throws: {
      "\($0)".contains("the first result has shapes")
    }
  }

  @Test("a round that fails is an error, whether or not its result is needed, recorded or not")
  func failingRound() throws {
    let loop = repeated(4) { (s: Tensor<Double>) in (s - 0.25, binaryCrossEntropy(s + 0, Tensor([1])).sum()) }
    let start = Tensor<Double>([1.5])
    #expect { try loop(start) } throws: { "\($0)".contains("1.5 is not a probability") }
    #expect { try gradient(at: start) { try loop($0).1 } } throws: { "\($0)".contains("1.5 is not a probability") }
  }

  @Test("a state that changes in something else than tensors is an error")
  func configuration() throws {
    let scaled = repeated(3) { (s: Scaled) in Scaled(tensor: s.tensor * s.factor, factor: s.factor + 1) }
    #expect { try scaled(Scaled(tensor: Tensor([1]), factor: 2)) } throws: {
      "\($0)".contains("in what it stores beside tensors")
    }
    let constant = repeated(3) { (s: Scaled) in Scaled(tensor: s.tensor * s.factor, factor: s.factor) }
    #expect(try constant(Scaled(tensor: Tensor([1]), factor: 2)).tensor.item == 8)
  }

  @Test("a first argument may have no tensors")
  func noState() throws {
    let loop = repeated(2) { (s: [Tensor<Double>], x: Tensor<Double>) in (s, x + 1) }
    #expect(try loop([], Tensor([1])).1.item == 2)
  }
}

/// The identity: its result is its operand.
private struct Same: Elementwise {
  static let name = "same"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { x }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { .ones(x.shape) }
}
