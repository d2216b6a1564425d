#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// The system says why in `errno`, a number that the next call may change; so the text is made at once, where the call
// failed: 2 is "No such file or directory", 13 "Permission denied", 28 "No space left on device".

/// A file that the system would not read or write.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path of the file, as it was given.
  public let path: String
  /// What cannot be done, and the system's reason, in its words.
  public let reason: String

  /// Like `data.csv: cannot be read: Permission denied`.
  public var description: String { "\(path): \(reason)" }

  init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// The error that the last call to the system reported.
  init(lastAt path: String, _ what: String) {
    self.init(path: path, reason: "\(what): \(String(cString: strerror(errno)))")
  }
}
