import TapeGradCore
import TapeGradFormats
import Testing

struct StoredArrayTests {
  @Test("whole numbers of each type come back, and others are refused")
  func integers() throws {
    let limits: [(ElementType, [Int], Int)] = [
      (.bool, [0, 1], 2), (.uint8, [0, 255], 256), (.int8, [-128, 127], 128), (.uint16, [0, 65535], -1),
      (.int16, [-32768, 32767], 32768), (.uint32, [0, 4_294_967_295], -1), (.int32, [-2_147_483_648, 7], 1 << 31),
      (.uint64, [0, .max], -1), (.int64, [.min, .max], 0),
    ]
    for (type, values, beyond) in limits {
      let array = try StoredArray(values, shape: [2, 1], type: type)
      #expect(try array.integers() == values)
      #expect(array.count == 2 && array.shape == [2, 1] && array.type == type)
      if type != .int64 {
        #expect(
          errorMessage { _ = try StoredArray([beyond], shape: [1], type: type) }
            == "array: \(beyond) does not fit the type \(type.rawValue)")
      }
    }
    #expect(errorMessage { _ = try StoredArray([1], shape: [2]) } == "array: 1 numbers do not fill shape [2]")
    #expect(errorMessage { _ = try StoredArray([1], shape: [-1]) } == "array: 1 numbers do not fill shape [-1]")
  }

  @Test("a whole number that the scalar type does not hold exactly is an error")
  func inexact() throws {
    let array = try StoredArray([16_777_217], shape: [1])
    #expect(try array.tensor(Double.self).scalars == [16_777_217])
    #expect(errorMessage { _ = try array.tensor(Float.self) } == "array: 16777217 is not exact in Float")
  }

  @Test("a tensor comes back with the same bits, or rounded to fewer")
  func tensors() throws {
    let values: [Double] = [0.1, -0.0, .infinity, .leastNonzeroMagnitude, 1e300]
    let array = try StoredArray(Tensor(values))
    #expect(try array.tensor(Double.self).scalars.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(try array.tensor(Float.self).scalars == values.map { Float($0) })
    #expect(
      errorMessage { _ = try array.integers() } == "array: a number of type F64, expected whole numbers within Int")
  }
}
