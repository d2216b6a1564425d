/// The hash SHA-256 of some bytes, as 64 hexadecimal digits: what `sha256sum` prints, by which a report says which data it is
/// about.
///
/// [FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4). Its constants are the fractions of the roots of the first primes.
func sha256(_ bytes: [UInt8]) -> String {
  let primes = (2...311).filter { n in !(2..<n).contains { $0 * $0 <= n && n % $0 == 0 } }
  // The first 32 bits of a fraction: the root of p·2⁶⁴ (square) or p·2⁹⁶ (cube), rounded down, by bisection.
  func root(_ p: Int, isCube: Bool) -> UInt32 {
    var low = UInt64(0)
    var high = UInt64(1) << 37
    while high - low > 1 {
      let middle = (low + high) / 2
      let square = middle.multipliedFullWidth(by: middle)
      // middle² ≤ p·2⁶⁴, or middle³ ≤ p·2⁹⁶; both sides below 2¹²⁸.
      let isBelow: Bool
      if isCube {
        let (a, b) = (square.low.multipliedFullWidth(by: middle), square.high * middle)
        isBelow = b + a.high < UInt64(p) << 32
      } else {
        isBelow = square.high < UInt64(p)
      }
      if isBelow { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }
  // k are the constants of the 64 rounds, h the state, which begins with roots of the first eight primes as well.
  let k = primes.prefix(64).map { root($0, isCube: true) }
  var h = primes.prefix(8).map { root($0, isCube: false) }
  func rotated(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }

  // A bit 1, zeros, and the number of bits in 8 bytes fill the last block of 64 bytes.
  let padding = [0x80] + [UInt8](repeating: 0, count: (119 - bytes.count % 64) % 64)
  let message =
    bytes + padding
    + (0..<8).reversed().map { UInt8(truncatingIfNeeded: (bytes.count * 8) >> (8 * $0)) }
  var w = [UInt32](repeating: 0, count: 64)
  for block in stride(from: 0, to: message.count, by: 64) {
    for t in 0..<16 {
      w[t] = message[block + 4 * t..<block + 4 * t + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    // The block's 16 words are stretched to 64, one for each round; each new one mixes four earlier ones.
    for t in 16..<64 {
      let s0 = rotated(w[t - 15], 7) ^ rotated(w[t - 15], 18) ^ w[t - 15] >> 3
      let s1 = rotated(w[t - 2], 17) ^ rotated(w[t - 2], 19) ^ w[t - 2] >> 10
      w[t] = w[t - 16] &+ s0 &+ w[t - 7] &+ s1
    }
    var (a, b, c, d, e, f, g, i) = (h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7])
    // A round: two of the eight words are new, the others move on by one place.
    for t in 0..<64 {
      // `e` chooses bit by bit between f and g; of a, b and c the majority counts. Both make the round other than linear.
      let s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
      let chosen = e & f ^ ~e & g
      let s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
      let majority = a & b ^ a & c ^ b & c
      let first = i &+ s1 &+ chosen &+ k[t] &+ w[t]
      (i, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ s0 &+ majority)
    }
    // Adding what the block began with makes the rounds impossible to run backwards.
    h = zip(h, [a, b, c, d, e, f, g, i]).map { $0 &+ $1 }
  }
  return h.map { word in
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }.joined()
}
