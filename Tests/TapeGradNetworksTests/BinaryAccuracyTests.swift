import TapeGradCore
import TapeGradNetworks
import Testing

struct BinaryAccuracyTests {
  @Test("accuracy is the share of right predictions")
  func share() throws {
    let a = Tensor<Double>([[0.9, 0.2, 0.6, 0.4]])
    #expect(try binaryAccuracy(a, Tensor([[1, 0, 0, 0]])) == 0.75)
    #expect(try binaryAccuracy(a, Tensor([[0, 1, 0, 1]])) == 0)
  }

  @Test("a probability of one half counts as class 0")
  func half() throws {
    #expect(try binaryAccuracy(Tensor<Float>([0.5, 0.5]), Tensor([0, 1])) == 0.5)
  }

  @Test("NaN is in neither class, and an error")
  func nan() throws {
    let error = #expect(throws: TensorError.self) { try binaryAccuracy(Tensor<Float>([0.5, .nan]), Tensor([0, 0])) }
    #expect("\(try #require(error))".contains("probability 1 of 2 is NaN"))
    #expect(throws: TensorError.self) { try binaryAccuracy(Tensor<Float>([0.5, 1]), Tensor([.nan, 0])) }
    #expect(try binaryAccuracy(Tensor<Double>([.infinity, -.infinity]), Tensor([1, 0])) == 1)
  }

  @Test("another shape, or no example, is an error")
  func misfits() {
    #expect(throws: TensorError.self) { try binaryAccuracy(Tensor<Double>([[0.5, 1]]), Tensor([0.5, 1])) }
    #expect(throws: TensorError.self) { try binaryAccuracy(Tensor<Double>.zeros([0]), .zeros([0])) }
  }
}
