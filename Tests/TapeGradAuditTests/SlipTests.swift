import TapeGradCore
import Testing

@testable import TapeGradAudit

struct SlipTests {
  private let right = Tensor<Double>([[1, 2, -3], [0.5, 0, 4]])

  private func slip(_ byHand: Tensor<Double>, for right: Tensor<Double>? = nil) throws -> Slip? {
    let surroundings = Surroundings<Double>(
      means: [RecordedMean(count: 800, lengths: [2, 400])], resultShapes: [[2, 3]])
    return Slip(from: try (right ?? self.right).array, to: try byHand.array, near: surroundings)
  }

  @Test("a wrong mean, a wrong sign and a transpose are recognized")
  func kinds() throws {
    #expect(try slip(right * 400) == .meanMissing(400))
    #expect(try slip(right / 400) == .meanTwice(400))
    #expect(try slip(-right) == .signFlipped)
    #expect(try slip(right.transposed) == .transposed)
    let square = right[0..<2, 0..<2]
    #expect(try slip(square.transposed, for: square) == .transposed)
  }

  @Test("a factor is called a mean's only where such a mean was taken")
  func factors() throws {
    #expect(try slip(right * 800) == .meanMissing(800) && slip(right / 2) == .meanTwice(2))
    #expect(try slip(right * 3) == .tooLarge(3) && slip(right / 4) == .tooSmall(4))
    #expect(try "\(#require(try slip(right * 3)))" == "3 × too large")
  }

  @Test("a bias gradient that was not summed is recognized, with and without its mean")
  func biases() throws {
    let perExample = Tensor<Double>([[1, 2, -4], [0.5, 0, 4]])
    let bias = perExample.sum(axis: 1, keepingDimensions: true)
    #expect(try slip(perExample, for: bias) == .notSummed)
    #expect(try slip(perExample * 400, for: bias) == .notSummed)
  }

  @Test("other differences are not given a name")
  func others() throws {
    #expect(try slip(right * right) == nil)
    #expect(try slip(right * 1.5) == nil)
    #expect(try slip(.ones([4, 4])) == nil)
    #expect(try slip(.zeros([2, 3])) == nil)
  }
}
