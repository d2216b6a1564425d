import TapeGradCore

extension Tensor {
  /// The elements' bits, which tell NaN from NaN and -0 from 0.
  package var bits: [UInt64] { get throws { try scalars.map { Double($0).bitPattern } } }
}

/// Whether two tensors have the same shape and the same numbers, bit by bit; one NaN is as good as another.
package func haveSameBits<S>(_ a: Tensor<S>, _ b: Tensor<S>) throws -> Bool {
  try a.shape == b.shape
    && zip(a.scalars, b.scalars).allSatisfy {
      $0.doubleValue.bitPattern == $1.doubleValue.bitPattern || $0.isNaN && $1.isNaN
    }
}

/// Whether two lists of tensors do.
package func haveSameBits<S>(_ a: [Tensor<S>], _ b: [Tensor<S>]) throws -> Bool {
  try a.count == b.count && zip(a, b).allSatisfy { try haveSameBits($0, $1) }
}
