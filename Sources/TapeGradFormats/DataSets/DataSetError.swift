/// What a data set cannot be made of, or divided into.
public struct DataSetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was found and what was expected, in one sentence.
  public let description: String

  package init(_ description: String) { self.description = description }
}
