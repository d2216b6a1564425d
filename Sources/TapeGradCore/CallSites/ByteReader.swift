// Numbers as debugging information stores them. Those of seven bits a byte (LEB128) take as many bytes as they need; a
// byte below 0x80 is the last one:
//
//   e5 8e 26   unsigned: 0x65 + 0x0e·2⁷ + 0x26·2¹⁴ = 624485
//   7e         unsigned: 126;  signed: −2, as the highest of its bits counts negative
//
// A damaged file must not end a process that wanted to print an error: every read is checked, and behind the end there
// are zeros.

/// Reads numbers and strings one after the other from bytes that may be damaged: behind the end there are only zeros.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var position: Int

  init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
    self.bytes = bytes
    self.position = min(max(position, 0), bytes.count)
  }

  /// Whether all bytes have been read.
  var isAtEnd: Bool { position >= bytes.count }

  /// Passes over bytes; to the end, where there are fewer or the number is damaged.
  mutating func skip(_ count: Int) {
    position = count >= 0 && count <= bytes.count - position ? position + count : bytes.count
  }

  /// A little-endian number.
  mutating func next<N: FixedWidthInteger & BitwiseCopyable>(_: N.Type = N.self) -> N {
    let size = MemoryLayout<N>.size
    guard size <= bytes.count - position, let base = bytes.baseAddress else {
      position = bytes.count
      return 0
    }
    defer { position += size }
    return N(littleEndian: (base + position).loadUnaligned(as: N.self))
  }

  /// An unsigned number of seven bits a byte.
  mutating func nextUnsigned() -> Int {
    var number: UInt64 = 0, shift: UInt64 = 0
    while !isAtEnd {
      let byte = next(UInt8.self)
      if shift < 64 { number |= UInt64(byte & 0x7f) << shift }
      shift += 7
      if byte & 0x80 == 0 { break }
    }
    return Int(truncatingIfNeeded: number)
  }

  /// A signed number of seven bits a byte.
  mutating func nextSigned() -> Int {
    let start = position
    let number = nextUnsigned(), bits = 7 * (position - start)
    guard bits > 0, bits < 64 else { return number }
    return (number << (64 - bits)) >> (64 - bits)
  }

  /// The bytes up to a zero.
  mutating func nextString() -> String {
    let start = position
    while !isAtEnd, next(UInt8.self) != 0 {}
    return String(decoding: bytes[start..<max(start, position - 1)], as: UTF8.self)
  }
}
