/// Why shapes do not fit an operation, or numbers do not fit a shape.
public struct ShapeError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What does not fit, in one sentence.
  public let description: String

  /// An error that says `description`.
  public init(_ description: String) { self.description = description }
}
