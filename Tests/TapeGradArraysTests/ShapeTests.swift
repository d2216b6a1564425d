import Testing

@testable import TapeGradArrays

struct ShapeTests {
  @Test("a shape knows its lengths, their number and their product")
  func lengths() {
    let shape: Shape = [2, 3, 4]
    #expect(shape.rank == 3)
    #expect(shape.count == 24)
    #expect(shape.dimensions == [2, 3, 4])
    #expect([shape[0], shape[1], shape[2]] == [2, 3, 4])
    #expect(shape.count(of: 1..<3) == 12)
    #expect(Shape().rank == 0)
    #expect(Shape().count == 1)
    #expect(([5, 0, 7] as Shape).count == 0)
    #expect(Shape(Set([6])) == [6])
  }

  @Test("strides are row-major")
  func strides() {
    #expect(([2, 3, 4] as Shape).strides == AxisVector(rank: 3) { [12, 4, 1][$0] })
    #expect(([2, 0, 4] as Shape).strides == AxisVector(rank: 3) { [4, 4, 1][$0] })
  }

  @Test("shapes are equal, and hash equally, where every length is")
  func equality() {
    for rank in 1...8 {
      let shape = Shape(Array(repeating: 3, count: rank))
      #expect(shape == Shape(shape.dimensions))
      #expect(shape.hashValue == Shape(shape.dimensions).hashValue)
      for axis in 0..<rank { #expect(shape != shape.replacing(axis: axis, with: 2)) }
    }
    #expect(([1] as Shape) != [])
    #expect(([1, 2] as Shape) != [2])
    #expect(([2, 1] as Shape) != [2])
  }

  @Test("a shape of too many axes, a negative length or too many elements has a defect")
  func defects() {
    let nine = Shape(Array(repeating: 1, count: 9))
    #expect(nine.defect == .rank)
    #expect(Shape(Array(repeating: 1, count: 8)).defect == nil)
    #expect(([2, -1] as Shape).defect == .negative)
    #expect(([-1, 2] as Shape).defect == .negative)
    let large = 1 << 30
    #expect(([2 * large] as Shape).defect == .size)
    #expect(([2 * large - 1] as Shape).defect == nil || Shape.maximumCount < 2 * large)
    #expect(([large, large / 8] as Shape).defect == .size, "no machine has so much memory")
    #expect(([large, large] as Shape).defect == .size)
    #expect(Shape(Array(repeating: large, count: 8)).defect == .size)
    #expect(([0, large, large] as Shape).defect == .size)
    #expect(([2, -1] as Shape).rank == 0)
    #expect(([-1] as Shape) != [])
    #expect(([-1] as Shape).description == "(invalid: a shape has no negative lengths)")
    #expect(nine.description == "(invalid: a shape has at most 8 axes)")
  }

  @Test("an axis may be counted from the end")
  func axes() {
    let shape: Shape = [2, 3]
    #expect([-3, -2, -1, 0, 1, 2].map { shape.axis($0) } == [nil, 0, 1, 0, 1, nil])
    #expect(Shape().axis(0) == nil)
    #expect(Shape().axis(-1) == nil)
  }

  @Test("a length can be replaced")
  func replacing() {
    #expect(([2, 3, 4] as Shape).replacing(axis: 1, with: 7) == [2, 7, 4])
    #expect(([2, 3] as Shape).replacing(axis: 0, with: -1).defect == .negative)
  }

  @Test("a shape reads as its lengths in parentheses")
  func descriptions() {
    #expect(Shape().description == "()")
    #expect(([2, 3] as Shape).description == "(2, 3)")
  }

  @Test("an axis out of range stops the process")
  func outOfRange() async {
    await #expect(processExitsWith: .failure) { _ = ([2, 3] as Shape)[2] }
    await #expect(processExitsWith: .failure) { _ = ([2, 3] as Shape).replacing(axis: 2, with: 1) }
  }
}
