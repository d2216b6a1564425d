// What is stricter than in many parsers, and why:
//
//     {"a": 1, "a": 2}   an error: readers disagree on which of the two counts
//     01, +1, 1., .5     errors, as in the standard
//     [[[…]]]            at most 32 levels: a file of brackets must not exhaust the stack
//     "\ud83d"           an error: half of a character
//
// A character beyond the first 65,536 is escaped as two halves of 10 bits each. "\ud83d\ude00" is 0x10000 + 0x3D ·
// 2^10 + 0x200 = 0x1F600, a grinning face.
//
// Numbers are read by `NumberSyntax`, as those of a table are, and so a decimal gives the same `Double` in both. A whole
// number that a `Double` does not hold is an error, since it is more often the name of a thing than an amount:
//
//     9007199254740993       2⁵³ + 1, an error: the nearest Double is 9007199254740992
//     1152921504606846976    2⁶⁰, which a Double holds
//     1152921504606847000    the same as JavaScript writes it: its 16 digits are enough to tell it from its neighbors

import TapeGradArrays

/// Why a text is not JSON, and at which byte.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The byte, from 0, and the member in which it stands; nil where no single one is at fault.
  let position: Int?, member: String?
  /// What stands there, and what should.
  let found: String, expected: String

  init(at position: Int? = nil, in member: String? = nil, found: String, expected: String) {
    (self.position, self.member, self.found, self.expected) = (position, member, found, expected)
  }

  /// Like `at byte 17: found "}", expected a value`.
  package var description: String {
    let place = position.map { "at byte \($0)\(member.map { ", \($0.quoted)" } ?? ""): " } ?? ""
    return "\(place)found \(found), expected \(expected)"
  }
}

/// Reads JSON as RFC 8259 has it, and stricter where that leaves room for mistakes: a name that occurs twice in an object,
/// an escaped half of a character and more than 32 levels are errors. What is built is never larger than a small multiple
/// of the text.
struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position = 0
  /// The names of the members around the next byte.
  private var path: [String] = []
  private static let deepest = 32

  /// The value that a whole text is.
  static func value(_ bytes: some Collection<UInt8>) throws(JSONError) -> JSONValue {
    // Checked once, here: behind this point every byte belongs to a whole character.
    let bytes = Array(bytes)
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw JSONError(found: "bytes that are not UTF-8", expected: "text in UTF-8")
    }
    let result: Result<JSONValue, JSONError> = bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(bytes: buffer)
      do throws(JSONError) {
        let value = try parser.value(depth: 0)
        parser.skipSpaces()
        guard parser.position == buffer.count else { throw parser.error("the end") }
        return .success(value)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// A parser at the first byte of a text in UTF-8.
  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The next byte; nil at the end.
  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// What stands at the next byte, and what should.
  func error(_ expected: String) -> JSONError {
    let rest = String(decoding: bytes[min(position, bytes.count)...].prefix(12), as: UTF8.self)
    return JSONError(at: position, found: rest.isEmpty ? "the end" : rest.quoted, expected: expected)
  }

  /// Steps over spaces and line breaks.
  mutating func skipSpaces() {
    while let byte = current, byte == .space || byte == .tab || byte.isLineBreak { position += 1 }
  }

  /// Steps over a byte if it is next, after spaces.
  mutating func skip(_ byte: UInt8) -> Bool {
    skipSpaces()
    guard current == byte else { return false }
    position += 1
    return true
  }

  /// A value, which its first byte tells from the others.
  mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < Self.deepest else { throw error("at most \(Self.deepest) levels") }
    skipSpaces()
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  /// `true`, `false` or `null`.
  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let count = word.utf8CodeUnitCount
    guard bytes.count - position >= count, (0..<count).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] }) else {
      throw error("a value")
    }
    position += count
    return value
  }

  /// A number as it is written, read: no plus, no zero in front of other digits, digits on both sides of a point.
  mutating func literal() throws(JSONError) -> ReadNumber {
    func isDigit(_ i: Int) -> Bool { i < bytes.count && bytes[i] &- 0x30 < 10 }
    let first = position + (current == UInt8(ascii: "-") ? 1 : 0)
    // `NumberSyntax` reads more than JSON has, such as 1. and 01, so its answer is checked here.
    guard isDigit(first), !(bytes[first] == 0x30 && isDigit(first + 1)), let base = bytes.baseAddress,
      let read = NumberSyntax().number(base, from: position, to: bytes.count), isDigit(read.end - 1)
    else { throw error("a value") }
    if let point = (first..<read.end).first(where: { bytes[$0] == UInt8(ascii: ".") }), !isDigit(point + 1) {
      throw error("digits behind the point")
    }
    position = read.end
    return read
  }

  /// The value of a number, which a `Double` must hold where it is a whole one.
  private mutating func number() throws(JSONError) -> Double {
    let start = position, read = try literal()
    let digits = bytes[(start + (bytes[start] == UInt8(ascii: "-") ? 1 : 0))..<position]
    guard
      read.value.magnitude < 0x1p53 || !digits.allSatisfy({ $0 &- 0x30 < 10 })
        || Self.isExact(digits, read.value.magnitude)
    else {
      let text = String(decoding: digits.prefix(40), as: UTF8.self) + (digits.count > 40 ? "…" : "")
      throw JSONError(
        at: start, in: path.last, found: text,
        expected: "a whole number that a Double holds, which ends at 2^53 as a rule, or text in quotation marks")
    }
    return read.value
  }

  /// Whether digits say just this number, or are the fewest digits that tell it from its neighbors, and zeros.
  private static func isExact(_ digits: Slice<UnsafeBufferPointer<UInt8>>, _ value: Double) -> Bool {
    guard value.isFinite else { return false }
    let text = String(decoding: digits, as: UTF8.self)
    return Decimal(value).fixed(places: 0) == text || UInt64(text).map { Double(exactly: $0) == value } ?? false
  }

  /// A whole number, from 0, that is exact whatever its size.
  mutating func count() throws(JSONError) -> Int {
    skipSpaces()
    let start = position
    while let byte = current, byte &- 0x30 < 10 { position += 1 }
    let digits = bytes[start..<position]
    guard !digits.isEmpty, digits.count == 1 || digits.first != UInt8(ascii: "0"),
      let count = Int(String(decoding: digits, as: UTF8.self))
    else {
      position = start
      throw error("a whole number")
    }
    return count
  }

  /// An array, whose bracket is next. A comma at its end is an error, since a value must follow.
  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    position += 1
    var values: [JSONValue] = []
    if skip(UInt8(ascii: "]")) { return .array(values) }
    repeat { values.append(try value(depth: depth + 1)) } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")) else { throw error("\",\" or \"]\"") }
    return .array(values)
  }

  /// An object, whose brace is next.
  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    position += 1
    var members: [JSONValue.Member] = [], names: Set<String> = []
    if skip(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpaces()
      guard current == UInt8(ascii: "\"") else { throw error("a name in quotation marks") }
      // The place of the name is kept, so that the error points at the second one.
      let start = position, name = try string()
      guard names.insert(name).inserted else {
        position = start
        throw error("another name: \(name.quoted) occurs twice")
      }
      guard skip(UInt8(ascii: ":")) else { throw error("\":\"") }
      path.append(name)
      members.append(JSONValue.Member(name, try value(depth: depth + 1)))
      path.removeLast()
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "}")) else { throw error("\",\" or \"}\"") }
    return .object(members)
  }

  /// A text in quotation marks, of which the first is next.
  mutating func string() throws(JSONError) -> String {
    position += 1
    // Runs of plain bytes are taken whole; a backslash ends a run, and what it stands for follows.
    var content: [UInt8] = []
    while true {
      let start = position
      while let byte = current, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
      content += bytes[start..<position]
      guard let byte = current, byte >= 0x20 else { throw error("the end of a string") }
      position += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: content, as: UTF8.self) }
      try escape(into: &content)
    }
  }

  /// Reads what follows a backslash.
  private mutating func escape(into content: inout [UInt8]) throws(JSONError) {
    guard let byte = current else { throw error("an escaped character") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): content.append(.lineFeed)
    case UInt8(ascii: "r"): content.append(.carriageReturn)
    case UInt8(ascii: "t"): content.append(.tab)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      // Characters beyond the first 65,536 are written as two halves.
      if (0xD800..<0xDC00).contains(code) {
        guard current == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") else {
          throw error("the second half of a character")
        }
        position += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw error("the second half of a character") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw error("a whole character") }
      content += UTF8.encode(scalar).map(Array.init) ?? []
    default:
      position -= 1
      throw error("an escaped character")
    }
  }

  /// The number of four hexadecimal digits. Swift would read a sign as a part of it.
  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    guard bytes.count - position >= 4,
      let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
      bytes[position] != UInt8(ascii: "+"), bytes[position] != UInt8(ascii: "-")
    else { throw error("four hexadecimal digits") }
    position += 4
    return code
  }
}
