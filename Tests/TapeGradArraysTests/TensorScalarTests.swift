import Testing

@testable import TapeGradArrays

struct TensorScalarTests {
  @Test("Float and Double know their type, its size and its name")
  func types() {
    #expect(Float.scalarType == .float)
    #expect(Double.scalarType == .double)
    #expect(ScalarType.float.byteCount == MemoryLayout<Float>.stride)
    #expect(ScalarType.double.byteCount == MemoryLayout<Double>.stride)
    #expect("\(ScalarType.float) \(ScalarType.double)" == "Float Double")
  }

  @Test("every number is exact as a Double")
  func doubleValue() {
    #expect(Float(0.1).doubleValue == Double(Float(0.1)))
    #expect(Double(0.1).doubleValue == 0.1)
    #expect((-Float.zero).doubleValue.sign == .minus)
  }
}
