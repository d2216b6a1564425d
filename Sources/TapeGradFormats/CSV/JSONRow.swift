// A line is taken apart before anything of it is stored:
//
//     {"id": "007", "size": 3, "sold": true}
//
//     ("id", text 007)  ("size", the bytes 22..<23)  ("sold", text true)
//
// A number stays as it is written: how it is rounded, and whether it has more digits than a number holds, is decided where
// the fields of a CSV file are.

/// A line of JSON, as the row of a table.
struct JSONRow {
  /// What stands behind a name.
  enum Field {
    /// `null`
    case missing
    /// A number, at these bytes of the line.
    case number(Range<Int>)
    /// Text; also `true` and `false`, which in a CSV file are nothing else.
    case text(String)
    /// An array or an object, which is not a value of a table: what it is called.
    case nested(String)
  }

  /// What a field may be, as an error says it.
  static let expected = "a number, text in quotation marks, true, false or null"

  /// Whether the line is an array, whose members are numbered from 1, and no object.
  let isArray: Bool
  private(set) var members: [(name: String, field: Field)] = []

  /// - Throws: `JSONError`, in the member where the fault is, if the line is neither an object nor an array.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    // Checked once, here: behind this point every byte belongs to a whole character.
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw JSONError(found: "bytes that are not UTF-8", expected: "text in UTF-8")
    }
    var parser = JSONParser(bytes: bytes)
    isArray = parser.skip(UInt8(ascii: "["))
    guard isArray || parser.skip(UInt8(ascii: "{")) else {
      throw parser.error("an object such as {\"size\": 4.5, \"color\": \"red\"}")
    }
    do throws(JSONError) {
      try readMembers(&parser)
      parser.skipSpaces()
      if parser.current != nil { throw parser.error("the end of the line, since each row has its own") }
    } catch {
      throw JSONError(in: members.last?.name, found: error.found, expected: error.expected)
    }
  }

  /// Reads what stands between the brackets, and the closing one.
  private mutating func readMembers(_ parser: inout JSONParser) throws(JSONError) {
    let closing = isArray ? UInt8(ascii: "]") : UInt8(ascii: "}")
    if parser.skip(closing) { return }
    repeat {
      var name = "\(members.count + 1)"
      if !isArray {
        parser.skipSpaces()
        guard parser.current == UInt8(ascii: "\"") else { throw parser.error("a name in quotation marks") }
        name = try parser.string()
        guard parser.skip(UInt8(ascii: ":")) else { throw parser.error("\":\"") }
      }
      // Before the value is read, so that an error in it names the member.
      members.append((name, .missing))
      members[members.count - 1].field = try Self.field(&parser)
    } while parser.skip(UInt8(ascii: ","))
    guard parser.skip(closing) else { throw parser.error("\",\" or \"\(Character(Unicode.Scalar(closing)))\"") }
  }

  private static func field(_ parser: inout JSONParser) throws(JSONError) -> Field {
    parser.skipSpaces()
    let start = parser.position
    guard let byte = parser.current else { throw parser.error(expected) }
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      _ = try parser.literal()
      return .number(start..<parser.position)
    case UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "t"), UInt8(ascii: "f"),
      UInt8(ascii: "n"):
      switch try parser.value(depth: 1) {
      case .null: return .missing
      case .bool(let value): return .text("\(value)")
      case .string(let text): return .text(text)
      case .array: return .nested("an array")
      case .object: return .nested("an object")
      case .number: return .number(start..<parser.position)
      }
    default: throw parser.error(expected)
    }
  }
}
