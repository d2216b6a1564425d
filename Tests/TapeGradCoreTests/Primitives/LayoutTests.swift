import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// Shapes in which one length follows from the others.
struct LayoutTests {
  private static let rows: [(from: Shape, lengths: [Int], to: Shape)] = [
    ([2, 3], [-1], [6]), ([2, 3], [3, -1], [3, 2]), ([2, 3], [-1, 6], [1, 6]), ([4, 3], [2, -1, 3], [2, 2, 3]),
    ([], [-1], [1]), ([6], [1, -1, 2, 3], [1, 1, 2, 3]), ([0, 3], [-1, 3], [0, 3]), ([5], [5, -1], [5, 1]),
    ([2, 3], [6], [6]), ([1], [], []),
  ]

  @Test("a length of −1 is what the others leave: eager, in a gradient, in a program", arguments: rows.indices)
  func freeLength(_ row: Int) throws {
    let (shape, lengths, expected) = Self.rows[row]
    let x = Tensor((0..<shape.count).map { Double($0) + 1 }, shape: shape), y = x.reshaped(to: lengths)
    #expect(y.shape == expected)
    #expect(try y.scalars == x.scalars)
    let weights = 3 * y
    #expect(try haveSameBits(gradient(at: x) { (weights * $0.reshaped(to: lengths)).sum() }, 3 * x))
    #expect(try haveSameBits(compiled { (x: Tensor<Double>) in x.reshaped(to: lengths) }(x), y))
  }

  private static let misfits: [(from: Shape, lengths: [Int], says: String)] = [
    ([6], [4, -1], "6 elements in [4, -1] leave no length for the -1"), ([6], [-1, -1], "only one length"),
    ([6], [-1, 2, -1], "only one length"), ([6], [-1, 0], "leave no length"), ([0], [0, -1], "leave no length"),
    ([6], [-1, -2], "leave no length"), ([6], [-1, 12], "leave no length"), ([6], [-1, .max, .max], "leave no length"),
    ([6], [-2, -3], "negative"), ([], [2, -1], "1 elements in [2, -1]"),
  ]

  @Test("a length of −1 that does not follow is an error, in a program too", arguments: misfits.indices)
  func noLength(_ row: Int) {
    let (shape, lengths, says) = Self.misfits[row]
    let x = Tensor<Float>.ones(shape)
    for error in [
      failure { try x.reshaped(to: lengths).validated() },
      failure { try compiled { (x: Tensor<Float>) in x.reshaped(to: lengths) }(x) },
    ] {
      #expect(error?.operation == "reshape" && error?.message.contains(says) == true, "\(String(describing: error))")
    }
  }
}
