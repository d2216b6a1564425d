import TapeGradCore
import TapeGradFormats
import Testing

@testable import TapeGradFiles

struct HostileModelFileTests {
  /// A file of a header and numbers.
  static func file(_ header: String, _ count: Int = 0, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: count)
  }

  static let entry = #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#

  static let files: [(bytes: [UInt8], message: String)] = [
    ([], "0 bytes, expected the length of a header in 8"),
    ([0, 0, 0], "3 bytes, expected the length of a header in 8"),
    (file("", length: 100_000_001), "a header of 100000001 bytes, expected 100000000 at most; is it safetensors?"),
    (file("", length: .max), "a header of 18446744073709551615 bytes, expected 100000000 at most; is it safetensors?"),
    (file("{}", length: 60_000_000), "a header of 60000000 bytes in a file of 10"),
    (file(""), "a header that does not begin with \"{\""),
    (file(" {}"), "a header that does not begin with \"{\""),
    (file("[]"), "a header that does not begin with \"{\""),
    (file("{}x"), "header, at byte 2: found \"x\", expected the end of the header"),
    (file("{\(entry),\(entry)}", 8), "expected another name: \"a\" occurs twice"),
    (file(#"{"__metadata__":{"k":"1","k":"2"}}"#), "expected another name: \"k\" occurs twice"),
    (file(#"{"__metadata__":{"k":1}}"#), "expected a text in quotation marks"),
    (file(#"{"__metadata__":[]}"#), "expected an object"),
    (file(#"{"a":{"dtype":"F32","shape":[1]}}"#, 4), "expected dtype, shape and two rising data_offsets"),
    (file(#"{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}"#, 4), "a known type instead of \"F33\""),
    (file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 4), "once each, instead of \"x\""),
    (
      file(#"{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}"#, 4), "once each, instead of \"shape\""
    ),
    (file(#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4), "expected a whole number"),
    (file(#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4), "expected \",\" or \"]\""),
    (file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4), "two rising data_offsets"),
    (file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 4), "at most 2 numbers"),
    (
      file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4),
      "tensor \"a\" has 4 bytes, not those of shape [2]"
    ),
    (file("{\(entry)}", 8), "8 bytes of numbers, of which the tensors take 4"),
    (file("{\(entry)}", 3), "3 bytes of numbers, of which the tensors take 4"),
    (
      file("{\(entry),\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}", 12),
      "begins at byte 8, where the one before ends at 4"
    ),
    (
      file("{\(entry),\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8),
      "begins at byte 0, where the one before ends at 4"
    ),
    (
      file(#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#),
      "tensor \"a\" has 0 bytes, not those of shape"
    ),
    (
      file(#"{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}"#),
      "tensor \"a\" has 0 bytes, not those of shape"
    ),
    (file(#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 4), "expected a whole number"),
    (file(#"{"a":"# + String(repeating: "[", count: 100_000)), "expected an object"),
    (file(#"{"a":{"dtype":"F32","shape":["# + String(repeating: "1,", count: 100_000) + "1]}}"), "at most 64 numbers"),
    (Array(file("{\"a\":1}").prefix(8)) + [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], "a header that is not UTF-8"),
    (file(#"{"\ud800":{}}"#), "the second half of a character"),
  ]

  @Test("a file that the format does not allow is an error that says why", arguments: files.indices)
  func refused(_ index: Int) throws {
    let (bytes, message) = Self.files[index]
    let error = #expect(throws: FormatError.self) { try ModelFile(bytes: bytes, named: "t") }
    let problem = try #require(error).problem
    #expect(problem.contains(message))
  }

  @Test("every beginning of a file is an error")
  func truncated() throws {
    let whole = golden("safetensors")
    #expect(try ModelFile(bytes: whole, named: "t").names.count == 3)
    for count in whole.indices {
      #expect(throws: FormatError.self) { try ModelFile(bytes: Array(whole[..<count]), named: "t") }
    }
  }

  /// `TapeGradFiles mutants` reads more of them in a release build.
  @Test("a mutant is read or is an error; one that is read has no more numbers than its file has bytes")
  func mutants() throws {
    let count = 2_000
    var generator = SeededGenerator(seed: 7), errors = 0
    let seeds = [golden("safetensors"), Self.file("{\(Self.entry)}", 4), Self.file(#"{"__metadata__":{"k":"é\n"}}"#)]
    for index in 0..<count {
      let bytes = seeds[index % seeds.count].mutated(using: &generator)
      do throws(FormatError) {
        let file = try ModelFile(bytes: bytes, named: "t")
        #expect(file.names.reduce(0) { $0 + (file[$1]?.count ?? 0) } <= bytes.count)
        for name in file.names { _ = try? file[name]?.tensor(Double.self) }
      } catch {
        errors += 1
      }
    }
    #expect(errors > count / 2 && errors < count)
  }
}
