//   tapegrad train patients.csv --labels diagnosis --ignore ward --missing drop
//
// What a table leaves open is decided by rule, and told on standard error, a line for each decision (`inspect`, whose
// result they are, prints them on standard output):
//
//   note      column "patient" is left out: its 200 texts are all different, so that they name the rows
//   note      column "ward" is 2 features, one for each category: "north" and "south"
//
// Each decision has an option that decides otherwise: --keep patient, --ordinal ward. A column that does not exist is
// an error with all names that do: found no column "nope", expected "patient", "age", "pressure", "ward" or
// "diagnosis".

import TapeGrad

/// The options that say what to learn from: a file, how it is written, which of its columns are labels, and what to do with
/// the rest.
///
/// Without any of them it is the embedded table, so that the command works where there is nothing but the command.
enum DataOptions {
  /// What a file of data may be.
  static let fileHelp = "CSV, or JSON lines where its name ends in .jsonl or .ndjson; - is standard input, as CSV"
  // Columns are named or numbered, from 1, in the file's own order.
  static let data = Option.text(
    "--data", "FILE", shown: "the embedded breast-cancer table", DataOptions.fileHelp)
  static let labels = Option.text(
    "--labels", "COLUMN",
    "the column to predict, by name or number; several, separated by commas, in train")
  private static let tasks = PredictionTask.allCases.map(\.rawValue).joined(separator: ", ")
  // Labels like 0, 1, 2 may be classes or amounts. What they look like is the default; this is the last word.
  private static let task = Option<PredictionTask?>.optional(
    "--task", "NAME", shown: "as the labels show", "what labels are: \(tasks)", expected: "one of \(tasks)"
  ) { PredictionTask(rawValue: $0) }
  private static let positive = Option.text(
    "--positive", "CLASS", "the class that counts as 1, where there are two")
  private static let ignored = Option.text(
    "--ignore", "COLUMNS", "columns that are not features, separated by commas")
  // A text that is different in every row is taken for a name: a feature for each row would only be learned by heart.
  private static let kept = Option.text(
    "--keep", "COLUMNS", "columns that are features though they look like row names")
  // A postal code is a number that says nothing by its size.
  private static let categorical = Option.text(
    "--categorical", "COLUMNS", "columns of numbers that name categories")
  private static let ordinal = Option.text(
    "--ordinal", "COLUMNS", "columns of categories that become one number each, by their order")
  private static let dates = Option.choice(
    "--dates", "NAME", default: DateColumns.found,
    "columns of dates: found (where day and month are certain), day-first, month-first, or text")
  /// What becomes of missing values: an error where nothing else is said and the result is to be exact, the mean where a
  /// model is to come of it.
  static func missing(default policy: MissingValuePolicy) -> Option<MissingValuePolicy> {
    .choice(
      "--missing", "POLICY", default: policy,
      "missing values: error, drop (the row) or mean (of the column)")
  }
  // Training cannot have known them. By default a new category counts as a missing value, and the rule for those holds.
  private static let unseen = Option.choice(
    "--unseen", "POLICY", default: UnseenCategoryPolicy.missing,
    "categories that training did not have: error, or missing values")

  /// All of them, for a command's list.
  static func all(missing policy: MissingValuePolicy) -> [any CommandOption] {
    [
      data, labels, task, positive, ignored, kept, categorical, ordinal, dates, missing(default: policy),
      unseen,
    ]
      + DialectOptions.all
  }

  /// What to call the data, the data themselves, and what was assumed of the file; `data.notes` tell what else was decided.
  ///
  /// - Throws: `UsageError` where the options do not go together; `FileError` and `CSVError` where the file is not as they
  ///   say.
  static func dataSet<Scalar>(
    _ arguments: Arguments, of type: Scalar.Type, missing policy: MissingValuePolicy
  ) throws -> (name: String, data: DataSet<Scalar>, notes: [String]) {
    guard let path = arguments[data] else {
      // The other options say how to read a file. Without one they would be ignored, which nobody wants.
      if let option = all(missing: policy).dropFirst().first(where: arguments.has) {
        throw arguments.error("\(option.name) goes with \(data.name)")
      }
      return ("Wisconsin diagnostic breast cancer", DataSet.breastCancer(), [])
    }
    // The column to predict is the one thing that a table cannot show.
    guard let labelName = arguments[labels] else {
      throw arguments.error("\(data.name) wants \(labels.usage)")
    }
    let table = try DialectOptions.table(path, arguments)
    // A title may have a comma.
    func columns(_ list: String) -> [String] { DialectOptions.parts(list).joined(into: table.columnNames) }
    func columns(_ option: Option<String?>) -> [String] { arguments[option].map { columns($0) } ?? [] }
    let data = try DataSet<Scalar>(
      csv: table, labels: columns(labelName), task: arguments[task], positive: arguments[positive],
      ignoring: columns(ignored),
      keeping: columns(kept), categorical: columns(categorical), ordinal: columns(ordinal),
      dates: arguments[dates], missing: arguments[missing(default: policy)], unseen: arguments[unseen])
    return (table.name, data, notes(on: table))
  }

  /// What was assumed of a file, unless it is what most files are.
  static func notes(on table: CSVTable) -> [String] {
    let options = table.assumed.unusual.options
    return (options.isEmpty ? [] : ["read with \(options)"]) + table.notes
  }

  /// Tells what was assumed, on standard error, so that results stay alone on standard output.
  static func tell(_ notes: [String]) {
    for note in notes { Terminal.writeError("note      \(note)\n") }
  }
}
