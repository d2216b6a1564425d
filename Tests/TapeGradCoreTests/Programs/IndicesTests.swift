import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// Indices as arguments: of functions, gradients, programs, loops.
struct IndicesTests {
  private static let words = 7, classes = 3, width = 4

  /// A mini-batch step: words are looked up, classified, and all weights moved.
  @Sendable private static func step<S: TensorScalar>(
    _ weights: [Tensor<S>], _ words: Indices, _ labels: Labels
  ) throws -> ([Tensor<S>], Tensor<S>) {
    let (loss, gradient) = try valueWithGradient(at: weights) { weights in
      softmaxCrossEntropy(logits: matmul(weights[1], weights[0].gathered(words).transposed), labels: labels)
    }
    return (weights.moved(along: gradient, by: -0.5), loss)
  }

  private static func weights<S: TensorScalar>() -> [Tensor<S>] {
    var generator = SeededGenerator(seed: 11)
    return [[words, width], [classes, width]].map { Tensor(.randomNormal($0, using: &generator)) }
  }

  private static func batch(_ number: Int, of count: Int = 5) -> (Indices, Labels) {
    var generator = SeededGenerator(seed: UInt64(number))
    let draw = { (bound: Int) in (0..<count).map { _ in Int.random(in: 0..<bound, using: &generator) } }
    return (Indices(draw(words)), Labels(draw(classes)))
  }

  private func trainsByOnePlan<S: TensorScalar>(_: S.Type) throws {
    let traces = Counter()
    let program = compiled { (weights: [Tensor<S>], words: Indices, labels: Labels) in
      traces.add()
      return try Self.step(weights, words, labels)
    }
    var eager: [Tensor<S>] = Self.weights(), replayed = eager
    for number in 0..<10 {
      let (words, labels) = Self.batch(number)
      let expected = try Self.step(eager, words, labels), found = try program(replayed, words, labels)
      #expect(try haveSameBits(found.0 + [found.1], expected.0 + [expected.1]))
      (eager, replayed) = (expected.0, found.0)
    }
    // A plan is made of two traces.
    #expect(traces.count == 2)
    let (words, labels) = Self.batch(10, of: 6)
    #expect(try haveSameBits(program(eager, words, labels).0, Self.step(eager, words, labels).0))
    #expect(traces.count == 4)
  }

  @Test("a mini-batch step with embedding and labels is planned once, and has the bits of the function")
  func training() throws {
    try trainsByOnePlan(Double.self)
    try trainsByOnePlan(Float.self)
  }

  @Test("a loop over one batch has the bits of its steps", arguments: [1, 2, 5])
  func loop(_ count: Int) throws {
    let loop = repeated(count) { (w: [Tensor<Float>], words: Indices, labels: Labels) in try Self.step(w, words, labels)
    }
    for number in 0..<3 {
      let (words, labels) = Self.batch(number)
      var weights: [Tensor<Float>] = Self.weights()
      for _ in 0..<count { weights = try Self.step(weights, words, labels).0 }
      #expect(try haveSameBits(loop(Self.weights(), words, labels).0, weights))
    }
  }

  @Test("the gradient by an embedding adds up in the rows that were looked up: eager, compiled, of second order")
  func embedding() throws {
    let table = Tensor<Double>([[1, 2], [3, 4], [5, 6], [7, 8]]), chosen = [2, 0, 2, 2]
    let weights = Tensor<Double>([[1, 10], [2, 20], [3, 30], [4, 40]])
    @Sendable func slope(_ table: Tensor<Double>, _ words: Indices) throws -> Tensor<Double> {
      try gradient(at: table) { (weights * $0.gathered(words)).sum() }
    }
    // Row 2 gets the weights of positions 0, 2 and 3, row 0 those of position 1.
    try slope(table, Indices(chosen)).expect([2, 20, 0, 0, 8, 80, 0, 0])
    let program = compiled { (table: Tensor<Double>, words: Indices) in try slope(table, words) }
    try program(table, Indices(chosen)).expect([2, 20, 0, 0, 8, 80, 0, 0])
    try program(table, Indices([3, 3, 3, 1])).expect([0, 0, 4, 40, 0, 0, 6, 60])
    // Of Σ rows³: the gradient 3·n·x², of whose sum the gradient is 6·n·x, for a row that is chosen n times.
    @Sendable func second(_ table: Tensor<Double>, _ words: Indices) throws -> Tensor<Double> {
      try gradient(at: table) { table in
        try gradient(at: table) { table in
          let rows = table.gathered(words)
          return (rows * rows * rows).sum()
        }.sum()
      }
    }
    let expected: [Double] = [6, 12, 0, 0, 90, 108, 0, 0]
    try second(table, Indices(chosen)).expect(expected)
    try compiled { (table: Tensor<Double>, words: Indices) in try second(table, words) }(table, Indices(chosen))
      .expect(expected)
  }

  private static let choices: [(x: Shape, indices: Shape, axis: Int, result: Shape)] = [
    ([5], [3], 0, [3]), ([5], [], 0, []), ([5, 2], [3, 2], 0, [3, 2, 2]), ([2, 5], [4], 1, [2, 4]),
    ([2, 5], [], -1, [2]), ([2, 5, 3], [2, 2], 1, [2, 2, 2, 3]), ([5, 2], [0], 0, [0, 2]), ([5, 0], [3], 0, [3, 0]),
  ]

  @Test("the axes of the indices take the place of the axis", arguments: choices.indices)
  func shapes(_ row: Int) throws {
    let (shape, chosen, axis, result) = Self.choices[row]
    let x = Tensor((0..<shape.count).map(Float.init), shape: shape)
    let indices = Indices((0..<chosen.count).map { ($0 * 3) % 5 }, shape: chosen)
    #expect(indices.shape == chosen)
    let y = x.gathered(indices, axis: axis)
    #expect(y.shape == result)
    #expect(try haveSameBits(y.reshaped(to: Shape([y.shape.count])), flat(x.gathered(indices.integers, axis: axis))))
    let program = compiled { (x: Tensor<Float>, indices: Indices) in x.gathered(indices, axis: axis) }
    #expect(try haveSameBits(program(x, indices), y))
  }

  private func flat(_ x: Tensor<Float>) -> Tensor<Float> { x.reshaped(to: Shape([x.shape.count])) }

  private static let wrong: [(indices: [Int], says: String)] = [
    ([0, 4], "index 4 at position 1"), ([-1, 0], "index -1 at position 0"),
    ([0, 1, 2, 3, 99], "index 99 at position 4"),
    ([1 << 53], "index 9007199254740992 at position 0"), ([.min], "index -9223372036854775808 at position 0"),
  ]

  @Test("an index out of bounds is named with its position and the bound", arguments: wrong.indices)
  func outOfBounds(_ row: Int) throws {
    let (integers, says) = Self.wrong[row]
    let indices = Indices(integers), x = Tensor<Double>([[1, 2], [3, 4], [5, 6], [7, 8]])
    let gather = compiled { (x: Tensor<Double>, i: Indices) in x.gathered(i) }
    let slope = compiled { (x: Tensor<Double>, i: Indices) in try gradient(at: x) { $0.gathered(i).sum() } }
    let loop = repeated(3) { (x: Tensor<Double>, i: Indices) in try gradient(at: x) { $0.gathered(i).sum() } }
    let errors = [
      failure { try x.gathered(indices).validated() }, failure { try gather(x, indices) },
      failure { try gradient(at: x) { $0.gathered(indices).sum() } }, failure { try slope(x, indices) },
      failure { try loop(x, indices) },
    ]
    for error in errors {
      #expect(error?.message == "\(says) is out of bounds along axis 0, which has length 4")
    }
    // The program runs again.
    try gather(x, Indices(integers.map { _ in 3 })).sliced(0..<1).expect([7, 8])
  }

  @Test("a label that is no class is named with its position", arguments: [3, -1, 100])
  func wrongLabel(_ label: Int) throws {
    let logits = Tensor<Float>([[1, 2], [3, 4], [5, 6]])
    let loss = compiled { (z: Tensor<Float>, labels: Labels) in softmaxCrossEntropy(logits: z, labels: labels) }
    let slope = compiled { (z: Tensor<Float>, labels: Labels) in
      try gradient(at: z) { softmaxCrossEntropy(logits: $0, labels: labels) }
    }
    let labels = Labels([2, label])
    for error in [
      failure { try softmaxCrossEntropy(logits: logits, labels: labels).validated() },
      failure { try loss(logits, labels) }, failure { try slope(logits, labels) },
    ] {
      #expect(error?.message == "label \(label) at position 1 is not one of the 3 classes")
      #expect(error?.operation == "softmaxCrossEntropy")
    }
    #expect(failure { try loss(logits, Labels([1])) }?.message == "1 labels for logits of shape (3, 2)")
    #expect(try loss(logits, Labels([0, 1])).item == softmaxCrossEntropy(logits: logits, labels: [0, 1]).item)
  }

  @Test("what is not an integer, and indices that failed")
  func notIndices() throws {
    let x = Tensor<Double>([1, 2, 3])
    let gather = compiled { (x: Tensor<Double>, i: Indices) in x.gathered(i) }
    for number in [0.5, .nan, .infinity, -0.25] {
      let indices = Indices([0, 1]).mapTensors { select(Tensor([0, 1]), Tensor(number), $0) }
      for error in [failure { try x.gathered(indices).validated() }, failure { try gather(x, indices) }] {
        #expect(error?.message == "\(number) at position 1 is not an integer, which an index is")
      }
    }
    let failed = Indices([1, 2, 3], shape: [2])
    #expect(failure { try x.gathered(failed).validated() }?.message.contains("3 numbers do not fill") == true)
    #expect(failure { try gather(x, failed) }?.message.contains("3 numbers do not fill") == true)
    #expect(failure { try softmaxCrossEntropy(logits: x, labels: failed).validated() }?.operation == "Tensor")
    #expect(failure { try failed.integers } != nil)
    #expect(try Indices([1, 0, 2]).integers == [1, 0, 2])
    #expect(failure { try compiled { (i: Indices) in x.gathered(try i.integers) }(Indices([1])) } != nil)
  }

  @Test("indices that a program captures are constant")
  func captured() throws {
    let labels = Labels([1, 0]), logits = Tensor<Double>([[1, 2], [4, 3]])
    let program = compiled { (z: Tensor<Double>) in
      (softmaxCrossEntropy(logits: z, labels: labels), z.gathered(labels))
    }
    let (loss, rows) = try program(logits)
    #expect(try haveSameBits(loss, softmaxCrossEntropy(logits: logits, labels: [1, 0])))
    try rows.expect([4, 3, 1, 2])
  }

  @Test("nothing has a derivative by an index")
  func constancy() throws {
    let table = Tensor<Double>([1, 2, 4]), words = Indices([2, 2, 0])
    let (slope, none) = try gradient(at: table, words) { table, words in
      let rows = table.gathered(words)
      return (rows * rows).sum()
    }
    try slope.expect([2, 0, 16])
    #expect(try none.integers == [0, 0, 0])
    let program = compiled { (table: Tensor<Double>, words: Indices) in
      try gradient(at: table, words) { table, words in
        softmaxCrossEntropy(logits: table, labels: words) + table.gathered(words).sum()
      }
    }
    let (compiledSlope, compiledNone) = try program(table, Indices([1]))
    let expected = try gradient(at: table) { softmaxCrossEntropy(logits: $0, labels: [1]) + $0[1] }
    #expect(try haveSameBits(compiledSlope, expected))
    #expect(try compiledNone.integers == [0])
  }

  @Test("the rows of a sigmoid remember their logits, in a program too")
  func logits() throws {
    @Sendable func loss(_ z: Tensor<Double>, _ rows: Indices) throws -> Tensor<Double> {
      try gradient(at: z) { z in
        let a = sigmoid(z).gathered(rows)
        return binaryCrossEntropy(a, .zeros(a.shape))
      }
    }
    let z = Tensor([40.0, -1])
    try loss(z, Indices([0, 0])).expect([1, 0])
    try compiled { (z: Tensor<Double>, rows: Indices) in try loss(z, rows) }(z, Indices([0, 0])).expect([1, 0])
  }
}
