#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import TapeGradFormats
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite struct FileWritingTests {
  @Test func takesThePlaceOfTheOldFileAndLeavesNothingElse() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/file"
      try writeAtomically(Array("a longer first version".utf8), to: path)
      try writeAtomically(Array("second".utf8), to: path)
      #expect(try readFile(path) == Array("second".utf8))
      #expect(try files(in: folder) == ["file"])
    }
  }

  /// A reader that opened the old file goes on reading the old bytes: it was replaced, not overwritten.
  @Test func neverTouchesTheBytesOfTheOldFile() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/file", other = folder + "/other"
      try writeAtomically([1, 2, 3], to: path)
      try FileManager.default.linkItem(atPath: path, toPath: other)
      try writeAtomically([4], to: path)
      #expect(try readFile(other) == [1, 2, 3])
    }
  }

  @Test func keepsPermissionsAndLinks() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/file", link = folder + "/link"
      try writeAtomically([1], to: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "file")
      try writeAtomically([2], to: link)
      #expect(try readFile(path) == [2])
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "file")
      let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(permissions.map { "\($0)" } == "\(0o640)")
      #expect(try files(in: folder) == ["file", "link"])
    }
  }

  /// A pipe of the test's own: a device of the system would be at risk from a mistake in the code.
  @Test func writesIntoAPipe() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      let descriptor = open(path, O_RDWR | O_NONBLOCK)
      defer { close(descriptor) }
      try writeAtomically([1, 2, 3], to: path)
      var bytes = [UInt8](repeating: 0, count: 8)
      #expect(read(descriptor, &bytes, 8) == 3)
      #expect(bytes.prefix(3) == [1, 2, 3])
    }
  }

  @Test func aFailureNamesThePathAndLeavesNothing() throws {
    try withTemporaryFolder { folder in
      #expect(
        errorMessage { try writeAtomically([1], to: folder + "/none/file") }
          == "\(folder)/none/file: cannot be written: No such file or directory")
      #expect(
        errorMessage { try writeAtomically([1], to: folder) }
          == "\(folder): cannot be written: Is a directory")
      let left = try files(in: folder)
      #expect(left.isEmpty)
    }
  }

  /// The system's limit on the size of files stands in for a disk that is full.
  @Test func aFailureHalfWayLeavesTheOldFile() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryFolder { folder in
        let path = folder + "/file"
        try writeAtomically([1, 2, 3], to: path)
        signal(SIGXFSZ, SIG_IGN)
        let fileSize: Int32 = 1  // RLIMIT_FSIZE, which Glibc declares in another type than it takes
        var old = rlimit()
        getrlimit(fileSize, &old)
        var limit = rlimit(rlim_cur: 1000, rlim_max: old.rlim_max)
        setrlimit(fileSize, &limit)
        let message = errorMessage { try writeAtomically([UInt8](repeating: 0, count: 5000), to: path) }
        setrlimit(fileSize, &old)
        let bytes = try readFile(path), left = try files(in: folder)
        #expect(message == "\(path): cannot be written: File too large")
        #expect(bytes == [1, 2, 3])
        #expect(left == ["file"])
      }
    }
  }
}
