import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// Products of tensors of any rank, convolutions and linear algebra: hard inputs, and what does not fit.
struct ProductWordTests {
  private static let x = Tensor<Double>([[1, 2, 3], [4, 5, 6]])
  private static let square = Tensor<Double>([[2, 1], [1, 3]])
  private static let image = Tensor<Double>.arange(16).reshaped(to: [1, 1, 4, 4])
  private static let filter = Tensor<Double>.ones([1, 1, 2, 2])

  @Test("the numbers of examples that can be checked by eye")
  func numbers() throws {
    let x = Self.x, v = Tensor<Double>([1, 0, -1])
    try matmul(x, v).expect([-2, -2])
    try matmul(Tensor([1, 1]), x).expect([5, 7, 9])
    try dot(v, v).expect([2])
    try outer(Tensor([1, 2]), v).expect([1, 0, -1, 2, 0, -2])
    try einsum("ij,j->i", x, v).expect([-2, -2])
    try einsum("ij -> ji", x).expect([1, 4, 2, 5, 3, 6])
    try convolution2D(Self.image, Self.filter, stride: (2, 2)).expect([10, 18, 42, 50])
    try maxPool2D(Self.image, window: (2, 2)).expect([5, 7, 13, 15])
    try averagePool2D(Self.image, window: (2, 2)).expect([2.5, 4.5, 10.5, 12.5])
    try convolution1D(Tensor([[[1, 2, 3]]]), Tensor([[[1, -1]]])).expect([-1, -1])
    try solve(Self.square, Tensor([3, 4])).expect([1, 1], ulps: 2)
    try Self.square.determinant().expect([5], ulps: 2)
    try Tensor([[4.0, 2], [2, 2]]).cholesky().expect([2, 0, 1, 1])
    try Tensor([[0.0, 2], [4, 0]]).inverse().expect([0, 0.25, 0.5, 0])
  }

  private static let shapes: [(Shape, @Sendable () -> Tensor<Double>)] = [
    ([], { matmul(.zeros([0]), .zeros([0])) }), ([2], { matmul(.zeros([2, 0]), .zeros([0])) }),
    ([0, 2, 4], { matmul(.zeros([0, 2, 3]), .zeros([3, 4])) }),
    ([5, 2, 3, 4], { matmul(.zeros([5, 1, 3, 0]), .zeros([2, 0, 4])) }),
    ([0, 3], { outer(.zeros([0]), .zeros([3])) }), ([2, 4], { tensordot(.zeros([2, 0]), .zeros([0, 4]), axes: 1) }),
    ([2, 3, 2, 3], { tensordot(x, x, axes: 0) }),
    ([2, 4], { einsum("ij,jk", Tensor<Double>.zeros([2, 0]), .zeros([0, 4])) }),
    ([], { einsum(",->", Tensor(2.0), Tensor(3.0)) }),
    ([0, 1, 3, 3], { convolution2D(.zeros([0, 1, 4, 4]), filter) }),
    ([1, 1, 5, 5], { convolution2D(image, filter, padding: (1, 1)) }),
    ([1, 1, 5, 5], { transposedConvolution2D(image, filter) }),
    ([1, 1, 8, 9], { transposedConvolution2D(image, filter, size: (8, 9), stride: (2, 2)) }),
    ([0, 1, 2, 2], { maxPool2D(.zeros([0, 1, 4, 4]), window: (2, 2)) }),
    ([0, 0], { Tensor<Double>.zeros([0, 0]).inverse() }),
    ([0, 2], { solve(.zeros([0, 0]), .zeros([0, 2])) }), ([3, 2, 1], { solve(square, .zeros([3, 2, 1])) }),
    ([3, 2, 2], { solve(Tensor.eye(2) + .zeros([3, 1, 1]), square) }),
    ([0], { Tensor<Double>.zeros([0, 2, 2]).determinant() }),
  ]

  @Test("results have the shapes that they should", arguments: shapes.indices)
  func shape(_ row: Int) throws {
    let (shape, word) = Self.shapes[row]
    #expect(try word().validated().shape == shape)
  }

  @Test("no zero is skipped; empty sums are 0; ties share; NaN wins")
  func limits() throws {
    let zero = Tensor<Double>([0, 1]), infinite = Tensor<Double>([.infinity, 1])
    try dot(zero, infinite).expect([.nan])
    try einsum("i,i->i", zero, infinite).expect([.nan, 1])
    try convolution1D(zero.reshaped(to: [1, 1, 2]), infinite.reshaped(to: [1, 1, 2])).expect([.nan])
    try matmul(.zeros([2, 0]), Tensor<Double>.zeros([0])).expect([0, 0])
    try Tensor<Double>.zeros([0, 0]).determinant().expect([1])
    try Tensor<Double>.zeros([0, 0]).logDeterminant().expect([0])
    let ties = Tensor<Double>([[[1, 1, 0, .nan]]])
    try maxPool1D(ties, window: 2).expect([1, .nan])
    try gradient(at: ties) { maxPool1D($0, window: 2).sum() }.expect([0.5, 0.5, .nan, .nan])
    try maxPool1D(Tensor<Double>([[[-.infinity, 2]]]), window: 2, padding: 1).expect([-.infinity, 2])
  }

  @Test("an infinite element of a filter reaches the elements of the image that it saw, and makes NaN of no other")
  func infiniteFilter() throws {
    let filter = Tensor<Double>([.infinity, 1, 1, 1], shape: [1, 1, 2, 2])
    let gradient = try gradient(at: Tensor<Double>.ones([1, 1, 3, 3])) { convolution2D($0, filter).sum() }
    #expect(try gradient.scalars == [.infinity, .infinity, 1, .infinity, .infinity, 2, 1, 2, 1])
  }

  @Test("singular matrices give ∞ or NaN, and no other number")
  func singular() throws {
    let zeros = Tensor<Double>.zeros([2, 2]), ones = Tensor<Double>.ones([2, 2])
    for matrix in [zeros, ones] {
      #expect(try matrix.inverse().scalars.allSatisfy { !$0.isFinite })
      #expect(try solve(matrix, Tensor([1, 2])).scalars.contains { !$0.isFinite })
      try matrix.determinant().expect([0])
      try matrix.logDeterminant().expect([-.infinity])
      try matrix.signAndLogDeterminant().sign.expect([0])
      #expect(try matrix.cholesky().scalars.contains { $0.isNaN })
    }
    try Tensor([[1.0, 2], [2, 1]]).cholesky().expect([.nan, .nan, .nan, .nan])
    try Tensor([[0.0, 1], [1, 0]]).logDeterminant().expect([.nan])
    try Tensor([[0.0, 1], [1, 0]]).signAndLogDeterminant().sign.expect([-1])
    try triangularSolve(Tensor([[0.0, 0], [1, 1]]), Tensor([1, 1])).expect([.infinity, -.infinity])
    try (1e200 * Tensor<Double>.eye(3)).signAndLogDeterminant().logarithm.expect([1381.5510557964274], ulps: 4)
    try Tensor([[Double.nan, 1], [1, 1]]).determinant().expect([.nan])
  }

  private static let misfits: [(operation: String, says: String, word: @Sendable () -> Tensor<Double>)] = [
    ("matmul", "inner dimensions 3 and 2", { matmul(x, Tensor([1, 2])) }),
    ("matmul", "vectors and matrices", { matmul(x, Tensor(2)) }),
    ("matmul", "(2) and (3) do not broadcast", { matmul(.zeros([2, 1, 1]), .zeros([3, 1, 1])) }),
    ("dot", "two vectors", { dot(x, x) }),
    ("tensordot", "axis 0 has length 2", { tensordot(x, x, axes: ([0], [1])) }),
    ("tensordot", "do not pair", { tensordot(x, x, axes: ([0], [])) }),
    ("tensordot", "both have 3", { tensordot(x, x, axes: 3) }),
    ("tensordot", "named twice", { tensordot(x, x, axes: ([0, 0], [0, 0])) }),
    ("einsum", "more than one ->", { einsum("ij->ji->ij", x) }),
    ("einsum", "2 terms for 1 operands", { einsum("ij,jk->ik", x) }),
    ("einsum", "1 labels for operand 0, whose rank is 2", { einsum("i->i", x) }),
    ("einsum", "\"1\" of operand 0", { einsum("i1->i", x) }),
    ("einsum", "k of the result", { einsum("ij->ik", x) }), ("einsum", "i is twice", { einsum("ij->ii", x) }),
    ("einsum", "j has length 3, and 2 in operand 1", { einsum("ij,jk->ik", x, x) }),
    ("einsum", "i has length 2, and 3", { einsum("ii->i", x) }),
    ("einsum", "more than one ellipsis", { einsum("...i...->i", x) }),
    ("einsum", "neither a letter", { einsum("i.j->i", x) }),
    ("einsum", "3 labels", { einsum("ijk...->i", x) }), ("einsum", "\">\"", { einsum("ij>", x) }),
    ("convolution2D", "takes (examples", { convolution2D(x, x) }),
    ("convolution2D", "2 channels", { convolution2D(.zeros([1, 2, 4, 4]), filter) }),
    ("convolution2D", "does not fit 4 × 4", { convolution2D(image, .zeros([1, 1, 5, 5])) }),
    ("convolution2D", "positive", { convolution2D(image, filter, stride: (0, 1)) }),
    ("convolution2D", "below 2", { convolution2D(image, filter, padding: (.max, 1)) }),
    ("convolution2D", "do not fit 0 groups", { convolution2D(image, filter, groups: 0) }),
    ("transposedConvolution2D", "has shape", { transposedConvolution2D(image, filter, size: (9, 9)) }),
    ("convolution1D", "takes", { convolution1D(x, x) }), ("maxPool2D", "takes", { maxPool2D(x, window: (1, 1)) }),
    ("maxPool2D", "does not fit", { maxPool2D(image, window: (5, 5)) }),
    ("maxPool2D", "half a window", { maxPool2D(image, window: (2, 2), padding: (2, 0)) }),
    ("averagePool2D", "positive", { averagePool2D(image, window: (0, 2)) }),
    ("averagePool1D", "takes", { averagePool1D(x, window: 1) }),
    ("solve", "2 × 3 is not a square", { solve(x, x) }), ("solve", "3 rows for 2", { solve(square, .zeros([3, 1])) }),
    ("solve", "length 3 for 2", { solve(square, Tensor([1, 2, 3])) }),
    ("triangularSolve", "not a square", { triangularSolve(x, x) }),
    ("cholesky", "not a square", { x.cholesky() }), ("inverse", "two axes", { x[0].inverse() }),
    ("det", "not a square", { x.determinant() }),
    ("logDet", "not a square", { x.logDeterminant() }),
  ]

  @Test("what does not fit is a failed tensor that says why", arguments: misfits.indices)
  func misfit(_ row: Int) {
    let (operation, says, word) = Self.misfits[row]
    let error = failure { try word().validated() }
    #expect(error?.operation == operation && error?.message.contains(says) == true, "\(String(describing: error))")
  }

  @Test("one example has the same bits as the same among several, each thread being given some")
  func sameBits() throws {
    var generator = SeededGenerator(seed: 3)
    let x = Tensor<Float>.randomNormal([5, 6, 20, 23], using: &generator)
    let w = Tensor<Float>.randomNormal([8, 3, 3, 3], using: &generator)
    let y = convolution2D(x, w, padding: (1, 1), groups: 2)
    for i in 0..<5 {
      #expect(try haveSameBits(convolution2D(x[i..<i + 1], w, padding: (1, 1), groups: 2), y[i..<i + 1]))
    }
  }
}
