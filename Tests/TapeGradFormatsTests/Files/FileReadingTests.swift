import TapeGradFormats
import Testing

@Suite struct FileReadingTests {
  @Test func readsEveryByteOfAFileThatIsLongerThanAChunk() throws {
    try withTemporaryFolder { folder in
      let bytes = (0..<200_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try writeAtomically(bytes, to: folder + "/long")
      #expect(try readFile(folder + "/long") == bytes)
    }
  }

  @Test func readsAnEmptyFileAndADevice() throws {
    try withTemporaryFolder { folder in
      try writeAtomically([], to: folder + "/empty")
      #expect(try readFile(folder + "/empty") == [])
    }
    #expect(try readFile("/dev/null") == [])
  }

  @Test(arguments: [
    ("/no/such/file", "/no/such/file: cannot be read: No such file or directory"),
    ("/", "/: cannot be read: Is a directory"),
    ("", ": cannot be read: No such file or directory"),
  ])
  func givesTheSystemsReason(_ path: String, message: String) {
    #expect(errorMessage { _ = try readFile(path) } == message)
  }
}
