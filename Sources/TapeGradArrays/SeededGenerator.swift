/// Random bits that a seed determines, the same on every platform: SplitMix64.
///
/// The state counts up by the odd number nearest to 2⁶⁴ over the golden ratio, and each output mixes the bits of the
/// state, so that each of the 2⁶⁴ outputs comes once in a period. Not for cryptography.
///
/// Guy L. Steele Jr., Doug Lea, Christine H. Flood: Fast splittable pseudorandom number generators, OOPSLA 2014,
/// doi:10.1145/2660193.2660195; with the mixing constants of Sebastiano Vigna's splitmix64.c (public domain).
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
  /// Where the sequence stands: `SeededGenerator(seed: generator.state)` continues it.
  public private(set) var state: UInt64

  /// The generator that begins at `seed`. Different seeds, neighbors too, give unrelated numbers.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
