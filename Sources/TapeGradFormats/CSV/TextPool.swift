// The texts yes, no, yes are kept as
//
//     bytes   y e s n o
//     ends    3, 5          text 0 is bytes 0..<3, text 1 is bytes 3..<5
//     numbers 0, 1, 0
//
// To find the number of a text, its hash says at which slot of the table to begin; slots are tried in turn until
// one has that text, or is empty. At most half of the slots are in use, so that few steps are needed.

/// Different texts, each kept once and known by a number: what a column of a table refers to.
///
/// The bytes of all texts stand one behind the other, so that a million short texts take no million objects.
struct TextPool: Sendable {
  private var bytes: [UInt8] = []
  /// Where each text ends in `bytes`.
  private var ends: [Int] = []
  /// A hash table with linear probing: the number of a text plus 1, or 0. Its size is a power of two.
  private var slots = [UInt32](repeating: 0, count: 16)

  /// How many different texts there are.
  var count: Int { ends.count }

  /// The text of a number.
  subscript(number: Int) -> String { String(decoding: self.bytes(of: number), as: UTF8.self) }

  /// All texts, in the order of their numbers.
  var texts: [String] { (0..<count).map { self[$0] } }

  /// The number of a text, which is added where it is new; nil where it is new and not UTF-8.
  mutating func number(of text: UnsafeBufferPointer<UInt8>) -> UInt32? {
    var slot = Self.hash(text) & (slots.count - 1)
    while slots[slot] != 0 {
      if isEqual(text, Int(slots[slot]) - 1) { return slots[slot] - 1 }
      slot = (slot + 1) & (slots.count - 1)
    }
    // ASCII apart: the check of UTF-8 would take most of the time.
    guard text.allSatisfy({ $0 < 0x80 }) || String(validating: text, as: UTF8.self) != nil else { return nil }
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    slots[slot] = UInt32(ends.count)
    if 2 * ends.count > slots.count { grow() }
    return UInt32(ends.count - 1)
  }

  /// Makes the hash table four times as large, so that at most half of it is in use.
  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: 4 * slots.count)
    for number in ends.indices {
      var slot = bytes(of: number).withUnsafeBufferPointer(Self.hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(number + 1)
    }
  }

  /// The bytes of a text, without a copy of them.
  private func bytes(of number: Int) -> ArraySlice<UInt8> {
    bytes[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
  }

  /// Whether a text is the one of a number.
  private func isEqual(_ text: UnsafeBufferPointer<UInt8>, _ number: Int) -> Bool {
    let start = number == 0 ? 0 : ends[number - 1]
    guard ends[number] - start == text.count else { return false }
    return bytes.withUnsafeBufferPointer { pool in text.indices.allSatisfy { text[$0] == pool[start + $0] } }
  }

  /// Swift's own hash, which is seeded anew in each process: no file can be made whose texts all collide.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(text))
    return hasher.finalize()
  }
}
