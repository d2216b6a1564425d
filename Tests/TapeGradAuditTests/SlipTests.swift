import TapeGradCore
import Testing

@testable import TapeGradAudit

@Suite struct SlipTests {
  private let right = Tensor<Double>([[1, 2, -3], [0.5, 0, 4]])

  private func slip(_ byHand: Tensor<Double>, for right: Tensor<Double>? = nil) throws -> Slip? {
    Slip(from: try (right ?? self.right).array, to: try byHand.array, lengths: [2, 3, 400])
  }

  @Test func eachIsRecognised() throws {
    #expect(try slip(right * 400) == .meanMissing(400))
    #expect(try slip(right / 400) == .meanTwice(400))
    #expect(try slip(-right) == .signFlipped)
    #expect(try slip(right.transposed) == .transposed)
    let square = right[0..<2, 0..<2]
    #expect(try slip(square.transposed, for: square) == .transposed)
  }

  @Test func aBiasThatWasNotSummedIsRecognisedWithAndWithoutItsMean() throws {
    let perExample = Tensor<Double>([[1, 2, -4], [0.5, 0, 4]])
    let bias = perExample.sum(axis: 1, keepingDimensions: true)
    #expect(try slip(perExample, for: bias) == .notSummed)
    #expect(try slip(perExample * 400, for: bias) == .notSummed)
  }

  @Test func othersAreNot() throws {
    #expect(try slip(right * right) == nil)
    #expect(try slip(right * 1.5) == nil)
    #expect(try slip(.ones([4, 4])) == nil)
    #expect(try slip(.zeros([2, 3])) == nil)
  }
}
