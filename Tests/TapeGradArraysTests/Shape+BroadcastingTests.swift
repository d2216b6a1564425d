import Testing

@testable import TapeGradArrays

struct ShapeBroadcastingTests {
  @Test(
    "shapes broadcast to a common one, in either order",
    arguments: [
      ([], [], []), ([], [2, 3], [2, 3]), ([3], [2, 3], [2, 3]), ([2, 1], [1, 3], [2, 3]), ([0, 1], [1, 3], [0, 3]),
      ([1], [0], [0]), ([4, 1, 1], [2, 1], [4, 2, 1]), ([2, 3], [2, 3], [2, 3]),
    ] as [(Shape, Shape, Shape)])
  func fits(_ a: Shape, _ b: Shape, _ result: Shape) throws {
    #expect(try Shape.broadcast(a, b) == result)
    #expect(try Shape.broadcast(b, a) == result)
    #expect(a.broadcasts(to: result))
    #expect(b.broadcasts(to: result))
  }

  @Test(
    "lengths that differ, and are not 1, do not broadcast",
    arguments: [([2], [3]), ([0], [2]), ([2, 3], [2]), ([2, 3], [3, 3])] as [(Shape, Shape)])
  func misfits(_ a: Shape, _ b: Shape) {
    #expect(throws: ShapeError.self) { try Shape.broadcast(a, b) }
    #expect(!a.broadcasts(to: b))
    #expect(!b.broadcasts(to: a))
  }

  @Test("the error names the axis and its lengths")
  func message() {
    #expect(throws: ShapeError("(4, 2) and (3, 2) do not broadcast: along axis 0 the lengths are 4 and 3")) {
      try Shape.broadcast([4, 2], [3, 2])
    }
  }

  @Test("a defect of a shape is an error")
  func defects() {
    let negative: Shape = [-1]
    #expect(throws: ShapeError.self) { try Shape.broadcast(negative, negative) }
    #expect(throws: ShapeError.self) { try Shape.broadcast([1 << 30, 1], [1, 1 << 30]) }
  }

  @Test("a shape broadcasts to a larger one, and not back")
  func direction() {
    #expect(([1, 3] as Shape).broadcasts(to: [2, 3]))
    #expect(!([2, 3] as Shape).broadcasts(to: [1, 3]))
    #expect(!([1, 1] as Shape).broadcasts(to: [1]))
  }

  @Test("axes that are broadcast have stride 0")
  func strides() {
    #expect(([3, 1] as Shape).strides(broadcastTo: [2, 3, 4]) == AxisVector(rank: 3) { [0, 1, 0][$0] })
    #expect(([3, 1] as Shape).length(0, ofRank: 3) == 1)
    #expect(([3, 1] as Shape).length(1, ofRank: 3) == 3)
  }
}
