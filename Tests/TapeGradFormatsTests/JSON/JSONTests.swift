import TapeGradFormats
import Testing

/// JSON as the metadata of model files have it, seen through encodings.
struct JSONTests {
  @Test(
    "a whole number that a Double does not hold is an error with its place",
    arguments: [
      ("{\"a\": 9007199254740993}", "at byte 6, \"a\": found 9007199254740993, expected a whole number"),
      ("[-9007199254740993]", "at byte 1: found 9007199254740993, expected"),
      ("[1, 18446744073709551615]", "at byte 4: found 18446744073709551615, expected"),
      ("[1152921504606847001]", "at byte 1: found 1152921504606847001, expected"),
      ("[1\(String(repeating: "0", count: 400))]", "at byte 1: found 1000"),
    ])
  func longIntegers(_ text: String, message: String) {
    let error = errorMessage { _ = try JSONValue(text) }
    #expect(error?.hasPrefix(message) == true, "\(error ?? "none")")
  }

  @Test(
    "a whole number that a Double holds is read, also with the digits of JavaScript",
    arguments: [
      ("9007199254740992", 0x1p53), ("-9007199254740994", -0x1p53 - 2), ("1152921504606846976", 0x1p60),
      ("1152921504606847000", 0x1p60), ("9223372036854775808", 0x1p63), ("100000000000000000000000", 1e23),
      ("9007199254740993.0", 0x1p53), ("1e300", 1e300),
    ])
  func longNumbers(_ text: String, value: Double) throws {
    #expect(try JSONValue(text).number == value)
  }

  @Test(
    "what RFC 8259 does not have is an error",
    arguments: [
      "[01]", "[+1]", "[.5]", "[1.]", "[1.e3]", "[1e]", "[-]", "[inf]", "[nan]", "[NaN]", "[1,]", "[,1]", "[1 2]",
      "[\"\t\"]",
      "[\"\\x\"]", "[\"\\u12\"]", "[\"\\ud800\"]", "[\"\\ud800\\u0041\"]", "[\"\\udc00\"]", "['a']", "{a: 1}",
      "{\"a\" 1}", "{\"a\": 1,}", "[1]]",
      "[\"a", "[tru]", "[1] // x", "\u{FEFF}[1]", String(repeating: "[", count: 100_000),
    ])
  func invalid(_ text: String) { #expect(throws: JSONError.self) { try JSONValue(text) } }

  @Test(
    "what RFC 8259 has is read",
    arguments: ["[-0]", "[0.5e+3]", "[1E2]", " [ 1 , 2 ] ", "[\"\\/\\b\\f\\n\\\"\"]", "[\"\"]"])
  func valid(_ text: String) throws { #expect(try JSONValue(text).array != nil) }

  @Test("a number comes back as it was, also the sign of 0", arguments: [-0.0, 0, 0.1, -1, 9007199254740991, 1e300])
  func numbers(_ number: Double) throws {
    let value = try JSONValue(JSONValue.number(number).description)
    #expect(value.number?.bitPattern == number.bitPattern)
  }
}
