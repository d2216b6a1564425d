import Testing

@testable import TapeGradArrays

@Suite struct TensorScalarTests {
  @Test func scalarTypes() {
    #expect(Float.scalarType == .float)
    #expect(Double.scalarType == .double)
    #expect(ScalarType.float.byteCount == MemoryLayout<Float>.stride)
    #expect(ScalarType.double.byteCount == MemoryLayout<Double>.stride)
    #expect("\(ScalarType.float) \(ScalarType.double)" == "Float Double")
  }

  @Test func doubleValues() {
    #expect(Float(0.1).doubleValue == Double(Float(0.1)))
    #expect(Double(0.1).doubleValue == 0.1)
    #expect((-Float.zero).doubleValue.sign == .minus)
  }
}
