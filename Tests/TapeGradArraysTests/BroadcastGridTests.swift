import Testing

@testable import TapeGradArrays

struct BroadcastGridTests {
  /// The offsets that a grid visits in row-major order must be those of broadcasting.
  @Test("a grid visits every element in row-major order, at the offsets of broadcasting", arguments: UInt64(0)..<200)
  func everyElement(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let shape = Shape.random(rank: 0...5, using: &generator)
    let a = shape.shrunk(using: &generator), b = shape.shrunk(using: &generator)
    let grid = BroadcastGrid(shape, a, b)
    var visited: [[Int]] = []
    grid.forEach { startA, startB, startY in
      #expect(startY == visited.count)
      for row in 0..<grid.rows {
        for column in 0..<grid.columns {
          visited.append([
            startA + row * grid.stridesA.0 + column * grid.stridesA.1,
            startB + row * grid.stridesB.0 + column * grid.stridesB.1,
          ])
        }
      }
    }
    let expected = indices(of: shape).map { index in
      [a, b].map { operand in
        zip(index.suffix(operand.rank), operand.dimensions).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }
      }
    }
    #expect(visited == expected)
    #expect([0, 1].contains(grid.stridesA.1) && [0, 1].contains(grid.stridesB.1))
  }

  @Test("neighboring axes with the same strides are merged")
  func merging() {
    let plain = BroadcastGrid([2, 3, 4], [2, 3, 4], [2, 3, 4])
    #expect((plain.rows, plain.columns) == (1, 24))
    let bias = BroadcastGrid([2, 3, 4], [2, 3, 4], [4])
    #expect((bias.rows, bias.columns) == (6, 4))
    #expect(bias.stridesB == (0, 1))
  }
}
