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
    #expect { try branching(x) } throws: { "\($0)".contains("while the function is traced") }
  }

  @Test("shapes that do not fit throw the operation's error")
  func shapeError() {
    let product = compiled { (a: Tensor<Double>, b: Tensor<Double>) in matmul(a, b) }
    #expect { try product(.ones([2, 3]), .ones([2, 3])) } throws: { "\($0)".contains("3 columns meet 2 rows") }
  }

  @Test("a failed argument throws its own error")
  func failedArgument() {
    let failed = matmul(Tensor<Double>.ones([2, 3]), Tensor<Double>.ones([2, 3]))
    #expect { try compiled { (x: Tensor<Double>) in x + x }(failed) } throws: { "\($0)".contains("3 columns") }
  }

  @Test("a primitive that refuses its numbers throws, and the program runs again")
  func refusedNumbers() throws {
    let loss = compiled { (a: Tensor<Double>) in binaryCrossEntropy(a + 0, Tensor([1, 0])) }
    let before = try loss(Tensor([0.5, 0.25])).item
    #expect { try loss(Tensor([2, 0.5])) } throws: { "\($0)".contains("2.0 is no probability") }
    #expect(try loss(Tensor([0.5, 0.25])).item == before)
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

  @Test("long programs, of one cluster and of many, are planned without deep recursion")
  func longPrograms() throws {
    let chain = compiled { (x: Tensor<Double>) in (0..<3000).reduce(x) { y, _ in y + x } }
    #expect(try chain(x).scalars == [3001, 6002, 9003])
    let sums = compiled { (x: Tensor<Double>) in
      (0..<3000).reduce(Tensor<Double>(0)) { sum, i in sum + (Double(i) * x).sum() }
    }
    #expect(try sums(x).item == 6 * 3000 * 2999 / 2)
    let product = compiled { (x: Tensor<Double>) in
      try gradient(at: x) { x in (0..<1000).reduce(x) { y, _ in tanh(y) * x }.sum() }
    }
    #expect(try product(x).validated().shape == [3])
  }

  @Test("many arguments")
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

private struct Scaled: TensorGroup {
  var tensor: Tensor<Double>
  var factor: Double
  mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
    try visit("tensor", &tensor)
  }
}

private struct Custom: TensorGroup {
  var tensor: Tensor<Double>
  var function: @Sendable (Tensor<Double>) -> Tensor<Double>
  mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
    try visit("tensor", &tensor)
  }
}

/// Counts calls.
private final class Counter: Sendable {
  private let state = Lock(0)
  var count: Int { state.withLock { $0 } }
  func add() { state.withLock { $0 += 1 } }
}
