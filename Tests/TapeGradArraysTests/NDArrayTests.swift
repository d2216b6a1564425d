import Testing

@testable import TapeGradArrays

struct NDArrayTests {
  @Test("an array holds the numbers it is made of, in row-major order")
  func scalars() throws {
    let matrix = try NDArray<Float>([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect(matrix.shape == [2, 3])
    #expect(matrix.scalars == [1, 2, 3, 4, 5, 6])
    #expect([matrix[0, 0], matrix[0, 2], matrix[1, 0], matrix[1, 2]] == [1, 3, 4, 6])
    #expect(NDArray<Double>([7, 8]).shape == [2])
    let number = NDArray<Double>(3)
    #expect(number.shape == [])
    #expect(number.scalars == [3])
    let value: Double = number[]
    #expect(value == 3)
    #expect(NDArray<Float>.zeros([2, 2]).scalars == [0, 0, 0, 0])
    #expect(NDArray<Double>.ones([3]).scalars == [1, 1, 1])
    #expect(NDArray<Float>(repeating: 0.1, shape: [2]).scalars == [0.1, 0.1])
    #expect(NDArray<Float>(shape: [3]) { y in for i in 0..<3 { y[i] = Float(i) } }.scalars == [0, 1, 2])
  }

  @Test("an array without elements has a shape", arguments: [[0], [0, 3], [3, 0], [2, 0, 4]] as [Shape])
  func empty(shape: Shape) throws {
    let x = try NDArray<Double>([], shape: shape)
    #expect(x.count == 0)
    #expect(x.scalars == [])
    #expect(x == NDArray.zeros(shape))
    #expect(x.converted(to: Float.self).shape == shape)
  }

  @Test("numbers that do not fill the shape are an error")
  func misfits() {
    #expect(throws: ShapeError("3 numbers do not fill shape (2, 2), which has 4")) {
      try NDArray<Double>([1, 2, 3], shape: [2, 2])
    }
    #expect(throws: ShapeError("no array has such a shape: a shape has no negative lengths")) {
      try NDArray<Double>([], shape: [-2])
    }
  }

  @Test("changing a copy leaves the original")
  func copies() {
    let original = NDArray<Double>([1, 2, 3])
    var copy = original
    copy[1] = 20
    #expect(original.scalars == [1, 2, 3])
    #expect(copy.scalars == [1, 20, 3])
    copy.withUnsafeMutableBufferPointer { $0[0] = 10 }
    #expect(original.scalars == [1, 2, 3])
    #expect(copy.scalars == [10, 20, 3])
    var reshaped = original.reshaped(to: [3, 1])
    reshaped[2, 0] = 30
    #expect(original.scalars == [1, 2, 3])
  }

  @Test("only shared elements are copied")
  func copyOnWrite() {
    var x = NDArray<Float>([1, 2, 3])
    let bytes = x.bytes
    x[0] = 5
    #expect(x.bytes == bytes)
    let shared = x
    x[0] = 6
    #expect(x.bytes != bytes)
    #expect(shared.bytes == bytes)
  }

  @Test("elements are aligned to 64 bytes")
  func alignment() {
    for count in [0, 1, 3, 1000] { #expect(UInt(bitPattern: NDArray<Float>.zeros([count]).bytes).isMultiple(of: 64)) }
  }

  @Test("arrays are equal where shapes and numbers are")
  func equality() {
    let x = NDArray<Float>([0, 1])
    #expect(x == NDArray([-0.0, 1]))
    #expect(x != NDArray([0, 1.0000001]))
    #expect(x != x.reshaped(to: [1, 2]))
    let nan = NDArray<Double>([.nan])
    #expect(nan != nan)
  }

  @Test("conversion to Float rounds to the nearest number")
  func conversion() {
    let x = NDArray<Double>([0.1, 1e300, -1e-60, 16_777_217, .infinity])
    let y = x.converted(to: Float.self)
    #expect(y.scalars == [0.1, .infinity, -0.0, 16_777_216, .infinity])
    #expect(y.scalars[2].sign == .minus)
    #expect(y.converted(to: Double.self).scalars[0] == Double(Float(0.1)))
    #expect(NDArray<Float>([.nan]).converted(to: Double.self).scalars[0].isNaN)
    #expect(x.converted(to: Double.self).bytes == x.bytes)
  }

  @Test("an index gives its element")
  func everyIndex() throws {
    let x = try NDArray<Double>([2, 3, 4]) { Double($0[0] * 100 + $0[1] * 10 + $0[2]) }
    for i in 0..<2 { for j in 0..<3 { for k in 0..<4 { #expect(x[i, j, k] == Double(i * 100 + j * 10 + k)) } } }
  }

  @Test("an index out of bounds stops the process, and is named")
  func outOfBounds() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let value: Double = NDArray<Double>.zeros([2, 3])[0, 3]
      print(value)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("index 3 is out of bounds along axis 1 of shape (2, 3)"))
    await #expect(processExitsWith: .failure) { let _: Double = NDArray<Double>.zeros([2, 3])[-1, 0] }
    await #expect(processExitsWith: .failure) { let _: Double = NDArray<Double>.zeros([2, 3])[0] }
    await #expect(processExitsWith: .failure) { _ = NDArray<Double>.zeros([2, -3]) }
  }
}
