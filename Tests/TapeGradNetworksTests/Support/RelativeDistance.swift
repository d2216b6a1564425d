import TapeGradCore

/// `max |a − b| / max |b|` over all elements; infinite where the shapes differ, and NaN where a number is.
func relativeDistance<S>(_ a: Tensor<S>, _ b: Tensor<S>) throws -> Double {
  guard a.shape == b.shape else { return .infinity }
  let difference = try abs(a.array - b.array).maximum().scalars[0]
  let largest = try abs(b.array).maximum().scalars[0]
  return difference == 0 ? 0 : difference.doubleValue / largest.doubleValue
}
