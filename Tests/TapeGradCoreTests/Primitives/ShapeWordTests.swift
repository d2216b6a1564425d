import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// Words that change shapes: their hard and empty inputs, and what does not fit.
struct ShapeWordTests {
  private static let x = Tensor<Double>([[1, 2, 3], [4, 5, 6]])
  private static let none = Tensor<Double>.zeros([0, 3])

  private static let shapes: [(Shape, @Sendable () -> Tensor<Double>)] = [
    ([2, 3], { x.expandedDimensions(axis: 1).squeezed() }), ([2, 3, 1], { x.expandedDimensions(axis: -1) }),
    ([1, 2, 3], { x.expandedDimensions(axis: 0) }), ([2, 3], { x.expandedDimensions(axis: 2).squeezed(axis: -1) }),
    ([6], { x.flattened() }), ([1], { Tensor(2.0).flattened() }), ([2, 3], { x.flattened(from: 1) }),
    ([0], { none.flattened() }), ([3, 0], { none.swappedAxes(0, 1) }), ([0, 3], { none.flipped() }),
    ([0, 3], { none.rolled(by: 2) }), ([0, 6], { none.tiled([2]) }), ([0, 3], { x.tiled([0, 1]) }),
    ([2, 0], { x.repeated(0, axis: 1) }), ([2, 2, 3], { stack([x, x]) }), ([2, 3, 2], { stack([x, x], axis: -1) }),
    ([0, 3], { x.repeated([0, 0]) }), ([1, 3], { none.padded(before: 1, after: 0, axis: 0) }),
    ([0], { x.diagonal(3) }), ([0], { x.diagonal(-7) }), ([3, 3], { Tensor<Double>.zeros([0]).embeddedDiagonal(3) }),
    ([], { Tensor<Double>.zeros([0, 0]).trace() }), ([0, 3], { none.lowerTriangle() }),
    ([2, 1, 3], { x[.all, .newAxis] }),
    ([0, 3], { x[2..<2] }), ([2, 0], { x[.all, .every(-1, from: 0, to: 0)] }),
    ([2, 3, 0], { x[.ellipsis, .newAxis][.ellipsis, 1...] }),
    ([0, 3], { x[[Int]()] }), ([0], { x[where: x .> 9] }), ([1, 3], { x[where: Tensor([0, 1])] }),
    ([2], { x[Indices([0, 1]), 0] }), ([1, 2, 3], { x[Indices([1, 0], shape: [1, 2])] }),
    ([2, 4], { Tensor<Double>.zeros([2, 0]).padded([(0, 0), (1, 3)], with: 2) }),
    ([0, 2], { Tensor<Double>.eye(0, columns: 2) }), ([0], { Tensor<Double>.arange(0) }),
    ([0], { Tensor<Double>.arange(from: 1, to: 0) }), ([1], { Tensor<Double>.linspace(from: 1, to: 2, count: 1) }),
    ([0, 4], { Tensor<Double>.oneHot(Indices([]), classes: 4) }),
  ]

  @Test("results have the shapes that they should", arguments: shapes.indices)
  func shape(_ row: Int) throws {
    let (shape, word) = Self.shapes[row]
    #expect(try word().validated().shape == shape)
  }

  @Test("the numbers of examples that can be checked by eye")
  func numbers() throws {
    let x = Self.x
    try x[0].expect([1, 2, 3])
    try x[-1].expect([4, 5, 6])
    try x[1...].expect([4, 5, 6])
    try x[.all, 2].expect([3, 6])
    try x[.all, ..<(-1)].expect([1, 2, 4, 5])
    try x[0...1, 0].expect([1, 4])
    try x[...0].expect([1, 2, 3])
    try x[.all, .every(-2)].expect([3, 1, 6, 4])
    try x[.all, .every(2, from: 1)].expect([2, 5])
    try x[where: x .> 2].expect([3, 4, 5, 6])
    try x.rolled(by: 1, axis: 1).expect([3, 1, 2, 6, 4, 5])
    try x.flipped(axis: 0).expect([4, 5, 6, 1, 2, 3])
    try x.lowerTriangle().expect([1, 0, 0, 4, 5, 0])
    try x.diagonal(1).expect([2, 6])
    try x.unstacked(axis: -1)[1].expect([2, 5])
    try Tensor([1.0, 2]).embeddedDiagonal(1).expect([0, 1, 0, 0, 0, 2, 0, 0, 0])
    try Tensor<Double>.eye(2, columns: 3).expect([1, 0, 0, 0, 1, 0])
    try Tensor<Double>.arange(from: 1, to: 2, by: 0.25).expect([1, 1.25, 1.5, 1.75])
    try Tensor<Float>.linspace(from: 0, to: 1, count: 3).expect([0, 0.5, 1])
    try Tensor<Float>.oneHot(Indices([2, 0]), classes: 3).expect([0, 0, 1, 1, 0, 0])
  }

  @Test("what is left out or replaced has derivative 0, whatever stands there; what is taken twice has both")
  func derivatives() throws {
    let x = Tensor<Double>([0, 1, 4])
    try gradient(at: x) { sqrt($0)[.every(2, from: 2)].sum() }.expect([0, 0, 0.25])
    try gradient(at: x) { sqrt($0).expandedDimensions(axis: 0).diagonal(1).sum() }.expect([0, 0.5, 0])
    try gradient(at: x) { sqrt($0).scattered(Tensor([7]), at: Indices([0])).sum() }.expect([0, 0.5, 0.25])
    try gradient(at: x) { sqrt($0).taken(at: Indices([2, 2]), along: 0).sum() }.expect([0, 0, 0.5])
    try gradient(at: x) { $0[[1, 1, -1]].sum() }.expect([0, 2, 1])
    let updates = Tensor<Double>([10, 20, 30])
    try gradient(at: updates) { Tensor<Double>.zeros([4]).scattered($0, at: Indices([1, 3, 1])).sum() }.expect([
      0, 1, 1,
    ])
    let lower = try gradient(at: Tensor([[0.0, 0], [1, 4]])) { sqrt($0 - 0).lowerTriangle(diagonal: -1).sum() }
    try lower.expect([0, 0, 0.5, 0])
  }

  @Test("indices are arguments of programs, and checked at every call")
  func programs() throws {
    let x = Self.x
    let take = compiled { (x: Tensor<Double>, i: Indices) in x.taken(at: i, along: 1) }
    let put = compiled { (x: Tensor<Double>, i: Indices) in x.scattered(Tensor([[7, 8, 9]]), at: i) }
    let hot = compiled { (x: Tensor<Double>, i: Indices) in x[i] + Tensor.oneHot(i, classes: 3) }
    try take(x, Indices([2, 0], shape: [2, 1])).expect([3, 4])
    try take(x, Indices([0, 1], shape: [2, 1])).expect([1, 5])
    try put(x, Indices([1])).expect([1, 2, 3, 7, 8, 9])
    try put(x, Indices([0])).expect([7, 8, 9, 4, 5, 6])
    try hot(x, Indices([1])).expect([4, 6, 6])
    #expect(
      failure { try take(x, Indices([0, 3], shape: [2, 1])) }?.message.contains("index 3 at position 1") == true)
    #expect(failure { try put(x, Indices([2])) }?.message.contains("index 2 at position 0") == true)
  }

  private static let misfits: [(operation: String, says: String, word: @Sendable () -> Tensor<Double>)] = [
    ("squeeze", "axis 1 has length 3", { x.squeezed(axis: -1) }), ("squeeze", "no axis 2", { x.squeezed(axis: 2) }),
    ("expandDimensions", "no place 3", { x.expandedDimensions(axis: 3) }),
    ("flatten", "no axis", { x.flattened(from: 2) }),
    ("swapAxes", "no axis -3", { x.swappedAxes(0, -3) }), ("moveAxis", "no axis 5", { x.movedAxis(from: 0, to: 5) }),
    ("stack", "part 1 has shape (2)", { stack([x, Tensor([1, 2])]) }), ("stack", "nothing to stack", { stack([]) }),
    ("split", "do not divide evenly", { x.split(into: 2, axis: 1)[0] }),
    ("split", "do not make up", { x.split(lengths: [1, 3])[0] }),
    ("split", "do not", { x.split(into: 0)[0] }), ("unstack", "no axis", { x.unstacked(axis: 2)[0] }),
    ("tile", "negative", { x.tiled([-1]) }), ("repeat", "negative", { x.repeated(-1) }),
    ("repeat", "how often", { x.repeated([1, 2, 3]) }), ("roll", "no axis", { x.rolled(by: 1, axis: 2) }),
    ("flip", "named twice", { x.flipped(axes: [1, -1]) }),
    ("pad", "negative", { x.padded(before: -1, after: 0, axis: 0) }),
    ("pad", "3 widths", { x.padded([(0, 0), (0, 0), (0, 0)]) }),
    ("lowerTriangle", "two axes", { x[0].lowerTriangle() }),
    ("diagonal", "two axes", { x[0].diagonal() }), ("embedDiagonal", "no axis", { Tensor(1).embeddedDiagonal() }),
    ("embedDiagonal", "memory", { x.embeddedDiagonal(1 << 40) }), ("trace", "two axes", { x[0].trace() }),
    ("arange", "do not lead", { .arange(from: 0, to: 1, by: 0) }),
    ("arange", "do not lead", { .arange(from: 0, to: .infinity) }),
    ("subscript", "index 2 is out of bounds along axis 0", { x[2] }), ("subscript", "index -3", { x[-3] }),
    ("subscript", "1..<4 is out of bounds along axis 1", { x[.all, 1..<4] }),
    ("subscript", "3 subscripts", { x[0, 1, 2] }),
    ("subscript", "at most once", { x[.ellipsis, .ellipsis] }), ("subscript", "leads nowhere", { x[.every(0)] }),
    ("subscript", "do not go together", { x[[0, 1], [0, 1, 2]] }), ("subscript", "index 5", { x[.all, [0, 5]] }),
    ("subscript", "does not fit the first axes", { x[where: Tensor([1])] }),
    ("scatter", "not 1 slices", { x.scattered(x, at: Indices([0])) }),
    ("scatter", "no axis", { x.scattered(x, at: Indices([0]), axis: 4) }),
    ("scatterAdd", "not 1 slices", { x.scatterAdded(x, at: Indices([0])) }),
    ("takeAlong", "differ from shape", { x.taken(at: Indices([0, 1]), along: 0) }),
    ("oneHot", "label 3", { .oneHot(Indices([3]), classes: 3) }), ("subscript", "1 subscripts", { Tensor(1)[0] }),
  ]

  @Test("what does not fit is a failed tensor that says why", arguments: misfits.indices)
  func misfit(_ row: Int) {
    let (operation, says, word) = Self.misfits[row]
    let error = failure { try word().validated() }
    #expect(error?.operation == operation && error?.message.contains(says) == true, "\(String(describing: error))")
  }

  @Test("a mask that is an argument of a program has no length to give")
  func tracedMask() {
    let error = failure {
      try compiled { (x: Tensor<Double>) in x[where: x .> 0] }(Self.x)
    }
    #expect(error?.message.contains("traced mask") == true)
  }
}
