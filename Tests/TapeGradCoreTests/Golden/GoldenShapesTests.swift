import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// Words whose values and gradients other systems computed; see `golden_shapes.py`.
struct GoldenShapesTests {
  typealias Word = @Sendable ([Tensor<Double>]) -> Tensor<Double>
  typealias Row = (name: String, shapes: [Shape], word: Word)

  private static let layouts: [Row] = [
    ("stack", [[2, 3], [2, 3]], { stack($0, axis: 1) }),
    ("split", [[6, 2]], { $0[0].split(lengths: [1, 3, 2])[1] * $0[0].split(into: 2)[1] }),
    ("tiled", [[2, 3]], { $0[0].tiled([2, 1, 2]) }), ("repeated", [[2, 3]], { $0[0].repeated(2, axis: -1) }),
    ("repeatedCounts", [[3, 2]], { $0[0].repeated([2, 0, 1]) }),
    ("rolled", [[2, 5]], { $0[0].rolled(by: -7, axis: 1) }),
    ("flipped", [[2, 3, 2]], { $0[0].flipped(axes: [0, -1]) }),
    ("padded", [[2, 3]], { $0[0].padded([(1, 0), (0, 2)], with: 1.5) }),
    ("swappedAxes", [[2, 3, 4]], { $0[0].swappedAxes(0, -1) }),
    ("movedAxis", [[2, 3, 4]], { $0[0].movedAxis(from: 0, to: -1) }),
    ("lowerTriangle", [[2, 3, 4]], { $0[0].lowerTriangle(diagonal: 1) }),
    ("upperTriangle", [[3, 3]], { $0[0].upperTriangle(diagonal: -1) }),
    ("diagonal", [[2, 3, 4]], { $0[0].diagonal(1) }),
    ("embeddedDiagonal", [[2, 3]], { $0[0].embeddedDiagonal(-1) }),
    ("flattened", [[2, 3, 2]], { outer($0[0].flattened(), $0[0].flattened(from: 1)[1]) }),
    ("squeezed", [[1, 3, 1]], { $0[0].squeezed() * $0[0].squeezed(axis: 2).expandedDimensions(axis: -1) }),
    ("unstacked", [[3, 2, 2]], { matmul($0[0].unstacked()[1], $0[0].unstacked(axis: -1)[0].transposed) }),
    ("sliced", [[3, 5]], { $0[0].sliced(1..<4, axis: 1) }),
    ("trace", [[3, 4]], { $0[0].trace() }),
  ]

  private static let choices: [Row] = [
    ("subscriptSteps", [[5, 6]], { $0[0][.every(-2), .every(3, from: 1, to: -1)] }),
    ("subscriptMixed", [[3, 4, 5]], { $0[0][1, .ellipsis, .newAxis, (-2)...] }),
    ("subscriptPairs", [[3, 4, 2]], { $0[0][[0, 2, 0], [1, -1, 1]] }),
    ("subscriptApart", [[3, 2, 4]], { $0[0][[0, 2], .all, [1, 3]] }),
    (
      "takeAlong", [[3, 4]],
      { $0[0].taken(at: Indices([3, 0, 3, 3, 0, 3, 3, 0, 3], shape: [3, 3]), along: 1) }
    ),
    ("scatterAdded", [[4, 2], [3, 2]], { $0[0].scatterAdded($0[1], at: Indices([1, 3, 1])) }),
    ("scattered", [[2, 4], [2, 2]], { $0[0].scattered($0[1], at: Indices([3, 0]), axis: 1) }),
  ]

  private static let products: [Row] = [
    ("matmulVectors", [[4], [2, 4, 3]], { matmul($0[0], $0[1]) }),
    ("matmulColumn", [[2, 3, 4], [4]], { matmul($0[0], $0[1]) }),
    ("matmulBatches", [[2, 1, 3, 4], [5, 4, 2]], { matmul($0[0], $0[1]) }),
    ("dot", [[5], [5]], { dot($0[0], $0[1]) }), ("outer", [[3], [4]], { outer($0[0], $0[1]) }),
    ("tensordot", [[2, 3, 4], [4, 3, 5]], { tensordot($0[0], $0[1], axes: ([1, 2], [1, 0])) }),
  ]

  private static let sums: [Row] = patterns.map { (pattern: String, shapes: [Shape]) -> Row in
    let word: Word = { x in
      switch x.count {
      case 1: einsum(pattern, x[0])
      case 2: einsum(pattern, x[0], x[1])
      default: einsum(pattern, x[0], x[1], x[2])
      }
    }
    return ("einsum \(pattern)", shapes, word)
  }

  private static let patterns: [(String, [Shape])] = [
    ("bij,bjk->bik", [[2, 3, 4], [2, 4, 2]]), ("ij,jk", [[2, 3], [3, 4]]), ("ii->i", [[3, 3]]), ("ii", [[3, 3]]),
    ("ij->ji", [[2, 3]]), ("ijk->j", [[2, 3, 4]]), ("i,j->ij", [[3], [4]]), ("ij,ij->", [[2, 3], [2, 3]]),
    ("ij,ik,jl->kl", [[2, 3], [2, 4], [3, 2]]), ("bhid,bhjd->bhij", [[2, 2, 3, 4], [2, 2, 5, 4]]),
    ("...ij,...jk->...ik", [[5, 2, 3, 4], [2, 4, 2]]), ("ki,kj->ij", [[4, 2], [4, 3]]),
    ("iij,jk->ik", [[2, 2, 3], [3, 2]]),
    ("...i,i->...", [[2, 3, 4], [4]]),
  ]

  private static let windows: [Row] = [
    (
      "convolution2D", [[2, 4, 5, 6], [6, 2, 3, 2]],
      { convolution2D($0[0], $0[1], stride: (2, 1), padding: (1, 2), dilation: (1, 2), groups: 2) }
    ),
    ("convolution1D", [[2, 3, 7], [4, 3, 3]], { convolution1D($0[0], $0[1], stride: 2, padding: 1) }),
    (
      "transposedConvolution2D", [[2, 4, 3, 3], [4, 2, 3, 2]],
      { transposedConvolution2D($0[0], $0[1], stride: (2, 1), padding: (1, 0)) }
    ),
    ("maxPool2D", [[1, 2, 5, 5]], { maxPool2D(untied($0[0]), window: (3, 3), stride: (2, 2), padding: (1, 1)) }),
    ("averagePool2D", [[1, 2, 5, 5]], { averagePool2D($0[0], window: (3, 3), stride: (2, 2), padding: (1, 1)) }),
    ("maxPool1D", [[1, 2, 6]], { maxPool1D(untied($0[0]), window: 2) }),
    ("averagePool1D", [[1, 2, 6]], { averagePool1D($0[0], window: 2) }),
  ]

  private static let matrices: [Row] = [
    ("cholesky", [[2, 3, 3]], { positive($0[0]).cholesky() }),
    ("solve", [[2, 3, 3], [3, 2]], { solve($0[0] + three, $0[1]) }),
    (
      "triangularSolve", [[3, 3], [3, 2]],
      { triangularSolve($0[0] + three, $0[1], lower: false, transposed: true) }
    ),
    ("inverse", [[3, 3]], { ($0[0] + three).inverse() }),
    ("determinant", [[2, 3, 3]], { ($0[0] + three).determinant() }),
    (
      "signAndLogDeterminant", [[2, 3, 3]],
      { x in
        let parts = (x[0] - 2 * Tensor.eye(3)).signAndLogDeterminant()
        return parts.sign * parts.logarithm
      }
    ),
    ("logDeterminant", [[3, 3]], { positive($0[0]).logDeterminant() }),
  ]

  static let rows = layouts + choices + products + sums + windows + matrices

  @Test("values and gradients are PyTorch's and JAX's", arguments: rows.indices)
  func golden(_ row: Int) throws {
    let (name, shapes, word) = Self.rows[row]
    let inputs = shapes.enumerated().map { grid($0.element, 3 * $0.offset + 1) }
    @Sendable func value(_ x: [Tensor<Double>]) -> Tensor<Double> {
      let y = word(x)
      return (y * y * grid(y.shape, 5)).sum()
    }
    let expected = try #require(GoldenValues.shapes[name])
    let program = compiled { (x: [Tensor<Double>]) in
      let (value, gradients) = try valueWithGradient(at: x, of: value)
      return (value, gradients)
    }
    let eager = try valueWithGradient(at: inputs, of: value), replayed = try program(inputs)
    try compare(name, eager.0, eager.1, expected)
    try compare(name, replayed.0, replayed.1, expected)
  }

  private func compare(
    _ name: String, _ value: Tensor<Double>, _ gradients: [Tensor<Double>], _ expected: [Double]
  ) throws {
    let found = try [value.item] + gradients.flatMap { try $0.scalars }
    try #require(found.count == expected.count)
    for (index, (a, b)) in zip(found, expected).enumerated() {
      #expect(abs(a - b) <= 1e-11 * max(1, abs(b)), "\(name), number \(index)")
    }
  }

  @Test("every word of the script is here") func complete() {
    #expect(Set(Self.rows.map(\.name)) == Set(GoldenValues.shapes.keys))
  }
}

private let three = 3 * Tensor<Double>.eye(3)

/// A symmetric, positive definite matrix.
private func positive(_ x: Tensor<Double>) -> Tensor<Double> { matmul(x, x.transposed) + three }

/// The numbers, no two of them equal.
private func untied(_ x: Tensor<Double>) -> Tensor<Double> {
  x + (Tensor.arange(x.shape.count) / 64).reshaped(to: x.shape)
}

/// ((7k + start) mod 11 − 5)/4 for k = 0, 1, 2, …
private func grid(_ shape: Shape, _ start: Int) -> Tensor<Double> {
  Tensor((0..<shape.count).map { Double((7 * $0 + start) % 11 - 5) / 4 }, shape: shape)
}
