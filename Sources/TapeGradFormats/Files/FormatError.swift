/// Why a file is not what its format says: a model file, an array, lines of JSON.
public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path of the file, or the name that the bytes were given.
  public let file: String
  /// What was found and what was expected.
  public let problem: String

  /// Like `model.safetensors: tensor "W1" has 12 bytes, expected 16 for F32 of shape [2, 2]`.
  public var description: String { "\(file): \(problem)" }

  package init(_ file: String, _ problem: String) {
    self.file = file
    self.problem = problem
  }
}
