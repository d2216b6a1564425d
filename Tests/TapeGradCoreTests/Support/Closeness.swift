import Testing

@testable import TapeGradCore

extension TensorScalar {
  /// Whether the numbers are the same, NaN and the sign of zero included, or no more than `ulps` units apart.
  func isClose(to expected: Self, ulps: Self = 0) -> Bool {
    if isNaN || expected.isNaN { return isNaN && expected.isNaN }
    if self == expected { return sign == expected.sign || self != 0 }
    return (self - expected).magnitude <= ulps * max(expected.ulp, .leastNonzeroMagnitude)
  }
}

extension Tensor {
  /// Checks every element against what is expected.
  func expect(
    _ expected: [Scalar], ulps: Scalar = 0, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = try scalars
    #expect(
      found.count == expected.count && zip(found, expected).allSatisfy { $0.isClose(to: $1, ulps: ulps) },
      "\(found) for \(expected)\(comment.map { ": \($0)" } ?? "")", sourceLocation: sourceLocation)
  }
}
