import TapeGradCore
import TapeGradNetworks
import Testing

@Suite struct BinaryAccuracyTests {
  @Test func itIsTheShareOfRightPredictions() throws {
    let a = Tensor<Double>([[0.9, 0.2, 0.6, 0.4]])
    #expect(try binaryAccuracy(a, Tensor([[1, 0, 0, 0]])) == 0.75)
    #expect(try binaryAccuracy(a, Tensor([[0, 1, 0, 1]])) == 0)
  }

  @Test func aHalfAndNaNCountAsNo() throws {
    #expect(try binaryAccuracy(Tensor<Float>([0.5, .nan]), Tensor([0, 0])) == 1)
  }

  @Test func nothingOrAnotherShapeThrows() {
    #expect(throws: TensorError.self) { try binaryAccuracy(Tensor<Double>([[0.5, 1]]), Tensor([0.5, 1])) }
    #expect(throws: TensorError.self) { try binaryAccuracy(Tensor<Double>.zeros([0]), .zeros([0])) }
  }
}
