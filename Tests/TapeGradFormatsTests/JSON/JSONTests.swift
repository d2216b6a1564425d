import TapeGradFormats
import Testing

/// JSON as the metadata of model files have it, seen through encodings and lines of JSON.
struct JSONTests {
  private func table(_ text: String) throws -> CSVTable { try CSVTable(jsonLines: Array(text.utf8), named: "t.jsonl") }

  @Test("lines are rows: objects by their names, arrays by their places")
  func rows() throws {
    let objects = try table(
      "{\"x\": 1.5, \"color\": \"red\"}\n\n {\"color\": null, \"x\": -2e1}\r\n{\"x\":null,\"color\":\"é\\u00e9\\ud83d\\ude00\"}"
    )
    #expect(objects.columnNames == ["x", "color"])
    #expect(objects.rows == [["1.5", "red"], ["-20", ""], ["", "éé😀"]])
    #expect(objects.lines == [1, 3, 4])
    #expect(objects.missingCount(column: 0) == 1 && objects.missingCount(column: 1) == 1)
    let arrays = try table("[1, true, \"a\"]\n[2.5, false, 7]\n")
    #expect(arrays.columnNames == ["1", "2", "3"])
    #expect(arrays.rows == [["1", "1", "a"], ["2.5", "0", "7"]])
    #expect(try DataSet<Double>(csv: arrays, labels: "2", ignoring: ["3"]).features.scalars == [1, 2.5])
  }

  @Test(
    "a line that is no row like the others is an error",
    arguments: [
      ("[1]\n[1, 2]", "t.jsonl: line 2: 2 values, expected 1 as before"),
      ("{\"a\": 1}\n[1]", "t.jsonl: line 2: 1 values, expected an object as before"),
      ("{\"a\": 1}\n{\"b\": 1}", "t.jsonl: line 2: other names than before, \"a\""),
      (
        "{\"a\": 1}\n{\"a\": 1, \"a\": 2}",
        "t.jsonl: line 2: at byte 9: found \"\\\"a\\\": 2}\", expected another name: \"a\" occurs twice"
      ),
      ("{\"a\": [1]}", "t.jsonl: column \"a\" has arrays or objects, expected numbers or text"),
      ("7", "t.jsonl: line 1: neither an array nor an object"), ("", "t.jsonl: no rows"),
    ])
  func errors(_ text: String, message: String) { #expect(errorMessage { _ = try table(text) } == message) }

  @Test(
    "a whole number that a Double does not hold is an error with its place",
    arguments: [
      (
        "{\"a\": 1}\n{\"a\": 9007199254740993}",
        "line 2: at byte 6, \"a\": found 9007199254740993, expected a whole number"
      ),
      ("[-9007199254740993]", "line 1: at byte 1: found 9007199254740993, expected"),
      ("[1, 18446744073709551615]", "line 1: at byte 4: found 18446744073709551615, expected"),
      ("[1152921504606847001]", "line 1: at byte 1: found 1152921504606847001, expected"),
      ("[1\(String(repeating: "0", count: 400))]", "line 1: at byte 1: found 1000"),
    ])
  func longIntegers(_ text: String, message: String) {
    let error = errorMessage { _ = try table(text) }
    #expect(error?.hasPrefix("t.jsonl: \(message)") == true, "\(error ?? "none")")
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
  func invalid(_ text: String) { #expect(throws: FormatError.self) { try table(text) } }

  @Test(
    "what RFC 8259 has is read",
    arguments: ["[-0]", "[0.5e+3]", "[1E2]", " [ 1 , 2 ] ", "[\"\\/\\b\\f\\n\\\"\"]", "[\"\"]"])
  func valid(_ text: String) throws { #expect(try table(text).rowCount == 1) }

  @Test("a number comes back as it was, also the sign of 0", arguments: [-0.0, 0, 0.1, -1, 9007199254740991, 1e300])
  func numbers(_ number: Double) throws {
    let value = try JSONValue(JSONValue.number(number).description)
    #expect(value.number?.bitPattern == number.bitPattern)
  }
}
