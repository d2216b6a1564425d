#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that the system would not read or write.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was tried.
  public enum Operation: String, Sendable {
    /// Reading the whole file.
    case read
    /// Writing the whole file.
    case written
  }

  /// The path of the file, as it was given.
  public let path: String
  /// What was tried.
  public let operation: Operation
  /// The system's reason, in its words.
  public let reason: String

  /// Like `model.safetensors: cannot be written: Permission denied`.
  public var description: String { "\(path): cannot be \(operation): \(reason)" }

  /// The error that the last call to the system reported.
  static func last(_ operation: Operation, _ path: String) -> FileError {
    FileError(path: path, operation: operation, reason: String(cString: strerror(errno)))
  }
}
