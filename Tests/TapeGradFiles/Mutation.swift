import TapeGradCore

extension [UInt8] {
  /// The bytes with a few faults: bits that flipped, bytes that were lost, came twice or stand elsewhere, numbers at their
  /// limits, and an end that is missing.
  func mutated(using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = self
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
      let i = Int.random(in: 0..<bytes.count, using: &generator)
      let end = Swift.min(bytes.count, i + Int.random(in: 1...16, using: &generator))
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: bytes[i] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1:
        bytes[i] = [0, 0xFF, 0x7F, 0x80, 0x22, 0x5B, 0x5D, 0x7B, 0x7D, 0x39].randomElement(using: &generator) ?? 0
      case 2: bytes.removeSubrange(i..<end)
      case 3: bytes.insert(contentsOf: bytes[i..<end], at: i)
      case 4: bytes.removeLast(bytes.count - i)
      case 5:
        bytes.insert(contentsOf: "99999999999999999999".utf8.prefix(Int.random(in: 1...20, using: &generator)), at: i)
      default:
        let j = Int.random(in: 0..<bytes.count, using: &generator)
        bytes.swapAt(i, j)
      }
    }
    return bytes
  }
}
