import TapeGradCore

extension Tensor {
  /// The elements' bits, which tell NaN from NaN and -0 from 0.
  var bits: [UInt64] { get throws { try scalars.map { Double($0).bitPattern } } }
}
