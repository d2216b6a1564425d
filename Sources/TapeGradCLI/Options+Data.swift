import TapeGrad

extension Options {
  /// The options that say what to learn from.
  static let data = [
    Option("--data", "FILE", "a CSV file (the embedded breast-cancer table)"),
    Option("--labels", "COLUMN", "the column to predict, by name or number; goes with --data"),
    Option("--positive", "CLASS", "the class that counts as 1, where there are two"),
    Option("--ignore", "COLUMNS", "columns that are no features, separated by commas"),
    Option("--missing", "POLICY", "missing values: error, drop (the row) or mean (of the column) (error)"),
  ]

  /// The data that the options name, and what to call them.
  ///
  /// - Throws: `UsageError` where the options do not go together; the reader's errors.
  func dataSet() throws -> (name: String, data: DataSet<Double>) {
    guard let path = text("--data") else {
      for name in ["--labels", "--positive", "--ignore", "--missing"] where text(name) != nil {
        throw usageError("\(name) goes with --data")
      }
      return ("Wisconsin diagnostic breast cancer", DataSet.breastCancer())
    }
    guard let labels = text("--labels") else { throw usageError("--data wants --labels COLUMN") }
    let ignored = text("--ignore")?.split(separator: ",").map(String.init) ?? []
    let missing = try choice("--missing", default: CSVTable.MissingValuePolicy.error, of: ["error", "drop", "mean"]) {
      ["error": .error, "drop": .dropRow, "mean": .mean][$0]
    }
    let table = try CSVTable(contentsOf: path)
    let data = try DataSet<Double>(
      csv: table, labels: labels, positive: text("--positive"), ignoring: ignored, missing: missing)
    guard data.classNames.count <= 2 else {
      throw CommandError(
        "\(path): column '\(labels)' has \(data.classNames.count) classes; the two-layer network tells two apart")
    }
    return (table.name, data)
  }
}

/// Something that went wrong, in one sentence.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
