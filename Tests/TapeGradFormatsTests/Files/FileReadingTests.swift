import TapeGradFormats
import Testing

struct FileReadingTests {
  @Test("every byte is read of a file that is longer than a chunk")
  func longFile() throws {
    let bytes = (0..<200_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try withTemporaryFile(bytes) { path in
      let read = try readFile(path)
      #expect(read == bytes)
    }
  }

  @Test("an empty file and a device are read")
  func emptyFile() throws {
    try withTemporaryFile([]) { path in
      let read = try readFile(path)
      #expect(read.isEmpty)
    }
    #expect(try readFile("/dev/null") == [])
  }

  @Test(
    "a file that cannot be read is an error with the system's reason",
    arguments: [
      ("/no/such/file", "/no/such/file: cannot be read: No such file or directory"),
      ("/", "/: cannot be read: Is a directory"),
      ("", ": cannot be read: No such file or directory"),
    ])
  func errors(_ path: String, message: String) {
    #expect(errorMessage { _ = try readFile(path) } == message)
  }
}
