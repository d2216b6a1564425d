import Testing

@testable import TapeGradArrays

struct AxisVectorTests {
  @Test("each element is kept apart from the others")
  func elements() {
    var vector = AxisVector<Int32>(repeating: 1)
    let numbers: [Int32] = [3, -1, 4, 1, -5, .max, .min, 6]
    for axis in 0..<8 { vector[axis] = numbers[axis] }
    #expect((0..<8).map { axis in vector[axis] } == numbers)
    let read = vector.withUnsafePointer { Array(UnsafeBufferPointer(start: $0, count: 8)) }
    #expect(read == numbers)
  }

  @Test("elements beyond the rank are zero")
  func beyondTheRank() {
    let vector = AxisVector(rank: 2) { 5 + $0 }
    let read = vector.withUnsafePointer { Array(UnsafeBufferPointer(start: $0, count: 8)) }
    #expect(read == [5, 6, 0, 0, 0, 0, 0, 0])
  }

  @Test("vectors are equal, and hash equally, where all elements are")
  func equality() {
    for axis in 0..<8 {
      var a = AxisVector(repeating: 3), b = a
      #expect(a == b)
      #expect(a.hashValue == b.hashValue)
      b[axis] = 4
      #expect(a != b)
      a[axis] = 4
      #expect(a == b)
    }
  }
}
