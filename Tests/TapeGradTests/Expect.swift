import TapeGrad
import Testing

/// Checks that two tensors have one shape, and elements no farther apart than `tolerance` times the larger of 1 and the
/// expected one.
func expect(
  _ found: Tensor<Double>, _ expected: Tensor<Double>, tolerance: Double = 1e-14, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(found.shape == expected.shape, comment, sourceLocation: sourceLocation)
  for (a, b) in zip(try found.scalars, try expected.scalars) {
    #expect(abs(a - b) <= tolerance * max(1, abs(b)), comment, sourceLocation: sourceLocation)
  }
}
