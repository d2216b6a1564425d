import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// What a program promises besides its numbers.
struct ProgramTests {
  private let x = Tensor<Double>([1, 2, 3])

  @Test("each set of shapes is traced once (twice, to see that it is a function), and kept")
  func tracesOnce() throws {
    let traces = Counter()
    let double = compiled { (x: Tensor<Double>) in
      traces.add()
      return x + x
    }
    for _ in 0..<3 { #expect(try double(x).scalars == [2, 4, 6]) }
    #expect(traces.count == 2)
    #expect(try double(Tensor([5])).scalars == [10])
    #expect(try double(x).scalars == [2, 4, 6])
    #expect(traces.count == 4)
  }

  @Test("the cache is bounded")
  func boundedCache() throws {
    let traces = Counter()
    let double = compiled { (x: Tensor<Double>) in
      traces.add()
      return x + x
    }
    for count in 1...40 { #expect(try double(.ones([count])).shape == [count]) }
    _ = try double(.ones([40]))
    #expect(traces.count == 80)
    _ = try double(.ones([1]))
    #expect(traces.count == 82)
  }

  @Test("numbers asked for while tracing throw, and nothing is kept")
  func numbersWhileTracing() throws {
    let branching = compiled { (x: Tensor<Double>) in try x.scalars[0] > 0 ? x : -x }
    for _ in 0..<2 {
      #expect { try branching(x) } throws: { "\($0)".contains("while the function is traced") }
    }
  }

  @Test("shapes that do not fit throw the operation's error")
  func shapeError() {
    let product = compiled { (a: Tensor<Double>, b: Tensor<Double>) in matmul(a, b) }
    #expect { try product(.ones([2, 3]), .ones([2, 3])) } throws: {
      "\($0)".contains("inner dimensions 3 and 2 differ")
    }
  }

  @Test("a failed argument throws its own error")
  func failedArgument() {
    let failed = matmul(Tensor<Double>.ones([2, 3]), Tensor<Double>.ones([2, 3]))
    #expect { try compiled { (x: Tensor<Double>) in x + x }(failed) } throws: { "\($0)".contains("inner dimensions") }
  }

  @Test("a primitive that refuses its numbers throws, and the program runs again")
  func refusedNumbers() throws {
    let loss = compiled { (a: Tensor<Double>) in binaryCrossEntropy(a + 0, Tensor([1, 0])) }
    let before = try loss(Tensor([0.5, 0.25])).item
    #expect { try loss(Tensor([2, 0.5])) } throws: { "\($0)".contains("2.0 is not a probability") }
    #expect(try loss(Tensor([0.5, 0.25])).item == before)
  }

  private typealias Function = @Sendable (Tensor<Double>, Indices) throws -> Tensor<Double>

  /// Functions whose result does not depend on what is refused: a probability of 2, index 5 of 3, label 5 of 3.
  private static let refusing: [(name: String, f: Function)] = [
    ("a gradient", { a, _ in try gradient(at: a) { binaryCrossEntropy($0, .ones([3])) } }),
    (
      "of second order",
      { a, _ in
        try gradient(at: a) { a in try gradient(at: a) { binaryCrossEntropy($0, .ones([3])) }.sum() }
      }
    ),
    ("a Jacobian", { a, _ in try jacobian(at: a) { binaryCrossEntropy($0, .ones([3])) } }),
    ("a pullback", { a, _ in try valueWithPullback(at: a) { binaryCrossEntropy($0, .ones([3])) }.pullback(Tensor(2)) }),
    (
      "a labelled loss",
      { a, i in try gradient(at: a) { stopGradient(softmaxCrossEntropy(logits: $0, labels: i)) + $0.sum() } }
    ),
    ("rows that cancel", { a, i in try gradient(at: a) { $0.sum() + stopGradient($0.gathered(i)).sum() } }),
    (
      "a value that is wanted",
      { a, i in
        try a.gathered(i).validated()
        return a
      }
    ),
  ]

  @Test("what a program would throw is thrown where no result depends on it", arguments: refusing.indices, [1, 3])
  func refusedUnread(_ row: Int, _ rounds: Int) throws {
    let (name, f) = Self.refusing[row]
    let bad = Tensor<Double>([0.5, 2, 0.25]), good = Tensor<Double>([0.5, 0.75, 0.25])
    let program = compiled { (a: Tensor<Double>, i: Indices) in try f(a, i) }
    let loop = repeated(rounds) { (_: Tensor<Double>, a: Tensor<Double>, i: Indices) in try f(a, i).sum() + a }
    let (a, i) = (failure { try f(bad, Indices([0])) } == nil ? good : bad, Indices([5]))
    let expected = try #require(failure { try f(a, i) }, "\(name)")
    #expect(failure { try program(a, i) }?.message == expected.message, "\(name)")
    #expect(failure { try loop(good, a, i) }?.message == expected.message, "\(name)")
    #expect(try haveSameBits(program(good, Indices([1])), f(good, Indices([1]))), "\(name)")
    #expect(try haveSameBits(loop(bad, good, Indices([1])), f(good, Indices([1])).sum() + good), "\(name)")
  }

  @Test("what nobody wants may fail, outside programs and inside")
  func unwanted() throws {
    let program = compiled { (x: Tensor<Double>, i: Indices) in
      _ = x.gathered(i)
      return x + x
    }
    #expect(try program(x, Indices([9])).scalars == [2, 4, 6])
    #expect(try program.plan(for: x, Indices([9])).instructionCount == 1)
  }

  @Test("random numbers drawn inside are not frozen silently")
  func randomNumbersInside() {
    let noisy = compiled { (x: Tensor<Double>) in
      var generator = SystemRandomNumberGenerator()
      return x + Tensor<Double>.randomNormal(x.shape, using: &generator)
    }
    #expect { try noisy(x) } throws: { "\($0)".contains("two traces differ") }
    let scaled = compiled { (x: Tensor<Double>) in Double.random(in: 1...2) * x }
    #expect { try scaled(x) } throws: { "\($0)".contains("two traces differ") }
    let inside = compiled { (x: Tensor<Double>) in { r in checkpoint(x) { r * $0 } }(Double.random(in: 1...2)) }
    #expect { try inside(Tensor([1])) } throws: { "\($0)".contains("two traces differ") }
  }

  @Test("a generator made inside draws the same every time, as it does outside")
  func seededInside() throws {
    @Sendable func noisy(_ x: Tensor<Double>) -> Tensor<Double> {
      var generator = SeededGenerator(seed: 3)
      return x + Tensor<Double>.randomNormal(x.shape, using: &generator)
    }
    #expect(try haveSameBits(compiled(noisy)(x), noisy(x)))
  }

  @Test("what the function captures is constant")
  func captured() throws {
    let weight = Tensor<Double>([2, 3, 4])
    let product = compiled { (x: Tensor<Double>) in (weight * x, weight) }
    let (y, same) = try product(x)
    #expect(try y.scalars == [2, 6, 12])
    #expect(try same.scalars == [2, 3, 4])
  }

  @Test("a recorded tensor cannot be captured")
  func capturedRecorded() throws {
    _ = try gradient(at: x) { w in
      let product = compiled { (x: Tensor<Double>) in (w * x).sum() }
      #expect { try product(Tensor([1, 1, 1])) } throws: { "\($0)".contains("captures a recorded") }
      return w.sum()
    }
  }

  @Test("called with recorded tensors, a program is its function")
  func gradientThroughProgram() throws {
    let cube = compiled { (x: Tensor<Double>) in (x * x * x).sum() }
    #expect(try gradient(at: x) { try cube($0) }.scalars == [3, 12, 27])
    let nested = compiled { (x: Tensor<Double>) in try gradient(at: x) { try cube($0) } }
    #expect(try nested(x).scalars == [3, 12, 27])
    let thrice = repeated(3) { (x: Tensor<Double>) in 2 * x }
    #expect(try gradient(at: x) { try thrice($0).sum() }.scalars == [8, 8, 8])
  }

  @Test("results may be arguments, constants, or the same tensor twice")
  func trivialResults() throws {
    let trivial = compiled { (x: Tensor<Double>, y: Tensor<Double>) in (y, x, y + x, y + x, Tensor<Double>.ones([2])) }
    let y = Tensor<Double>([4, 5, 6])
    let (a, b, c, d, e) = try trivial(x, y)
    #expect(try [a, b, c, d].map { try $0.scalars } == [[4, 5, 6], [1, 2, 3], [5, 7, 9], [5, 7, 9]])
    #expect(try e.scalars == [1, 1])
  }

  @Test("results that are kept are not written over")
  func keptResults() throws {
    let next = compiled { (x: Tensor<Double>) in x + 1 }
    var all = [x]
    for _ in 0..<20 { all.append(try next(all[all.count - 1])) }
    for (i, y) in all.enumerated() { #expect(try y.scalars == [1, 2, 3].map { $0 + Double(i) }) }
  }

  @Test("what a group stores beside tensors chooses the plan")
  func configuration() throws {
    let apply = compiled { (layer: Scaled) in layer.tensor * layer.factor }
    #expect(try apply(Scaled(tensor: x, factor: 2)).scalars == [2, 4, 6])
    #expect(try apply(Scaled(tensor: x, factor: 3)).scalars == [3, 6, 9])
    #expect(try apply(Scaled(tensor: x, factor: 2)).scalars == [2, 4, 6])
    let call = compiled { (layer: Custom) in layer.function(layer.tensor) }
    #expect(try call(Custom(tensor: x) { $0 + $0 }).scalars == [2, 4, 6])
    #expect(try call(Custom(tensor: x) { $0 * $0 }).scalars == [1, 4, 9])
  }

  @Test("long programs, of one fusion group and of many, are planned without deep recursion")
  func longPrograms() throws {
    let chain = compiled { (x: Tensor<Double>) in (0..<3000).reduce(x) { y, _ in y + x } }
    #expect(try chain(x).scalars == [3001, 6002, 9003])
    let sums = compiled { (x: Tensor<Double>) in
      (0..<3000).reduce(Tensor<Double>(0)) { sum, i in sum + (Double(i) * x).sum() }
    }
    #expect(try sums(x).item == 6 * 3000 * 2999 / 2)
    @Sendable func slope(_ x: Tensor<Double>) throws -> Tensor<Double> {
      try gradient(at: x) { x in (0..<1000).reduce(x) { y, _ in tanh(y) * x }.sum() }
    }
    #expect(try haveSameBits(compiled(slope)(x), slope(x)))
  }

  @Test("a program may have many arguments")
  func manyArguments() throws {
    let sum = compiled { (x: [Tensor<Double>]) in x.dropFirst().reduce(x[0]) { $0 + $1 } }
    let x = (0..<100).map { Tensor<Double>(Double($0)) }
    #expect(try sum(x).item == 4950)
    #expect(try sum(x).item == 4950)
  }

  @Test("several threads run one program at once")
  func concurrentRuns() async throws {
    let program = compiled { (x: Tensor<Double>) in (tanh(x) * x).sum() }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in 0..<8 {
        group.addTask {
          let x = Tensor<Double>.ones([100]) * Double(task), expected = (tanh(x) * x).sum()
          return try (0..<200).allSatisfy { _ in try haveSameBits(try program(x), expected) }
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }
}

private struct Custom: TensorGroup {
  var tensor: Tensor<Double>
  var function: @Sendable (Tensor<Double>) -> Tensor<Double>
  mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
    try visit("tensor", &tensor)
  }
}
