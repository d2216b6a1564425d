// Written as text and read again, a finite number has the same value: it gets the shortest digits that bring this
// back, 0.1 and not 0.1000000000000000055. The members of an object keep their order, so that a model that is saved
// twice gives the same bytes. In a text only that is escaped which JSON demands: `"`, `\` and control characters.

/// A value of JSON: what the metadata of a model file are written in.
package enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// The members in their order; no two have the same name.
  case object([Member])

  /// A name and its value.
  package struct Member: Equatable, Sendable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The value that a text is.
  package init(_ text: String) throws(JSONError) { self = try JSONParser.value(text.utf8) }

  /// The member of an object; nil where there is none, or no object.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  // What a reader of metadata asks for: `value["classes"]?.strings` is nil where the member is missing, where it is
  // not an array, and where one of its values is not text. So one guard tells a right file from all kinds of wrong ones.

  /// The text of a string; nil for anything else. The others likewise.
  package var string: String? {
    if case .string(let string) = self { string } else { nil }
  }

  package var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  /// A whole number that is exact in a `Double`.
  package var integer: Int? {
    guard let number, number.magnitude <= 0x1p53 else { return nil }
    return Int(exactly: number)
  }

  package var array: [JSONValue]? {
    if case .array(let array) = self { array } else { nil }
  }

  /// The texts of an array that has nothing but texts.
  package var strings: [String]? {
    guard let array else { return nil }
    let strings = array.compactMap(\.string)
    return strings.count == array.count ? strings : nil
  }

  /// The numbers of an array that has nothing but numbers.
  package var numbers: [Double]? {
    guard let array else { return nil }
    let numbers = array.compactMap(\.number)
    return numbers.count == array.count ? numbers : nil
  }
}

extension JSONValue: CustomStringConvertible {
  /// The value as JSON, in one line. Numbers have the digits that bring back the same `Double`; one that is not finite,
  /// which JSON does not have, is null.
  package var description: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let number):
      // The sign of −0 is a part of it.
      let isNegativeZero = number == 0 && number.sign == .minus
      text += number.isFinite ? (isNegativeZero ? "-0.0" : number.shortText) : "null"
    case .string(let string): Self.write(string, to: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        Self.write(member.name, to: &text)
        text += ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  /// A text in quotation marks. Names go this way too.
  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case ..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
