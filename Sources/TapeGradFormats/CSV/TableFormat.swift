/// What a file with a table is: CSV, or a line of JSON for each row. Its name says which.
///
/// ```swift
/// print(TableFormat(path: "events.ndjson"))   // jsonLines
/// print(TableFormat(path: "events.txt"))      // csv
/// ```
public enum TableFormat: String, Sendable, CaseIterable {
  /// Fields with delimiters between them, in any ``Dialect``.
  case csv
  /// On each line an object, or an array.
  case jsonLines

  /// How the names of files with lines of JSON end.
  static let jsonLinesEndings = [".jsonl", ".ndjson"]

  /// The format of a file of this name: lines of JSON where it ends in `.jsonl` or `.ndjson`, in any case; else CSV. So is
  /// standard input.
  public init(path: String) {
    let name = path.lowercased()
    self = Self.jsonLinesEndings.contains { name.hasSuffix($0) } ? .jsonLines : .csv
  }
}
