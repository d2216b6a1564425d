//   tapegrad predict new.csv --model patients
//
//     patient,diagnosis,p(ill),p(well)
//     x1,well,0.0054884553,0.99451154
//     x2,ill,0.93642396,0.06357605
//
//   tapegrad predict new.csv --model patients --json
//
//     {"patient":"x1","diagnosis":"well","p(ill)":0.0054884553,"p(well)":0.99451154}
//
// A table without the model's columns ends the command with 1, and says all that is wrong at once:
//
//     tapegrad: new.csv: 2 problems
//       found no column "age", expected each of 3 columns by its name
//       found no column "ward", expected each of 3 columns by its name
//
// The table needs no labels. Nothing is written before all rows are predicted, and --output replaces its file in one
// step, so that Ctrl-C leaves no half of a table.

import TapeGrad

/// `tapegrad predict`: what a model says of the rows of a table.
///
///     tapegrad predict new.csv --model patients
enum PredictCommand: Command {
  static let name = "predict"
  static let summary = "predicts the rows of a table with a model that train has written"
  static let discussion = """
    Prints a table with a line for each row: the columns that name the rows, what is predicted, and the probability of each
    class. The columns of the model are looked for by their names, in any order; what the table lacks or has beyond them is
    listed. Categories that training did not have and missing values become what was said in training, unless --unseen and
    --missing say otherwise; rows that are left out are told.

    example:
      tapegrad predict new.csv --model patients --output predictions.csv
    """

  private static let data = Option.text("--data", "FILE", DataOptions.fileHelp)
  static let model = Option.text(
    "--model", "FILE", "a model file, or the folder that train has written")
  private static let id = Option.text(
    "--id", "COLUMNS", shown: "those that are no features and have no value twice",
    "columns that are copied, separated by commas")
  static let missing = Option<MissingValuePolicy?>.optional(
    "--missing", "POLICY", shown: "as in training", "missing values: error, drop (the row) or mean (of the training)",
    expected: "one of error, drop, mean"
  ) { MissingValuePolicy(rawValue: $0) }
  static let unseen = Option<UnseenCategoryPolicy?>.optional(
    "--unseen", "POLICY", shown: "as in training", "categories that training did not have: error, or missing values",
    expected: "one of error, missing"
  ) { UnseenCategoryPolicy(rawValue: $0) }
  private static let output = Option.text(
    "--output", "FILE", shown: "standard output", "the file to write")
  private static let json = CommonOptions.json("prints a JSON object for each row")

  static let operand: (any CommandOption)? = data
  static let options: [any CommandOption] =
    [data, model, id, missing, unseen, output, CommonOptions.threads, json] + DialectOptions.all

  static func run(_ arguments: Arguments) throws -> Int32 {
    if let count = arguments.given(CommonOptions.threads) { threadCount = count }
    guard let path = arguments[data] else {
      throw arguments.error("\(data.usage) is wanted: the rows to predict")
    }
    let model = try read(arguments), encoding = model.preparation.encoding
    let table = try DialectOptions.table(path, arguments)
    DataOptions.tell(DataOptions.notes(on: table))
    let predictions = try model.predict(table, missing: arguments[missing], unseen: arguments[unseen])
    // Fewer lines than rows would go unnoticed, and a program that joins the two by position be wrong.
    let leftOut = table.rowCount - predictions.rows.count
    if leftOut > 0 {
      DataOptions.tell(["\(counted(leftOut, "row")) left out: a feature has no value there"])
    }

    let identifiers = try identifiers(table, model, arguments[id])
    let used = Set(encoding.features.map(\.name) + encoding.labelNames + identifiers.map { table.columnNames[$0] })
    let others = table.columnNames.filter { !used.contains($0) }
    if !others.isEmpty { DataOptions.tell(["columns that the model does not use: \(others.quotedList("and"))"]) }
    var columns = identifiers.map { column in
      (title: table.columnNames[column], values: predictions.rows.map { table[$0, column] })
    }
    // No column names the rows: their numbers do, from 1, as a reader counts them.
    if columns.isEmpty { columns = [(title: "row", values: predictions.rows.map { "\($0 + 1)" })] }
    columns += predictions.columns
    let count = predictions.rows.count, names = predictions.classes.isEmpty ? [] : encoding.labelNames
    // Of classes, the first column is a name and the others are probabilities.
    let numbers = Set(predictions.columns.map(\.title)).subtracting(names)
    let lines = arguments[json] ? jsonLines(columns, count, numbers: numbers) : csv(columns, count)
    if let file = arguments[output] {
      try writeFile(file, [Array((lines.joined(separator: "\n") + "\n").utf8)])
    } else {
      try Terminal.print(lines.joined(separator: "\n"))
    }
    return 0
  }

  /// The model that the options name, by its file or its folder.
  static func read(_ arguments: Arguments) throws -> Model<Float> {
    guard let path = arguments[model] else {
      throw arguments.error("\(model.usage) is wanted: what train has written")
    }
    return try Model<Float>(contentsOf: modelFile(path))
  }

  /// The model's file, where a folder is named.
  static func modelFile(_ path: String) -> String {
    isFolder(path) ? TrainingFolder(path: path).model : path
  }

  /// The columns that name the rows.
  /// Those of --id; without it, all that the model does not use and that have another value in every row.
  private static func identifiers(_ table: CSVTable, _ model: Model<Float>, _ given: String?) throws
    -> [Int]
  {
    if let given { return try DialectOptions.parts(given).joined(into: table.columnNames).map { try table.column($0) } }
    let encoding = model.preparation.encoding
    let used = Set(encoding.features.map(\.name) + encoding.labelNames)
    return table.columnNames.indices.filter { column in
      !used.contains(table.columnNames[column])
        && Set((0..<table.rowCount).map { table[$0, column] }).count == table.rowCount
    }
  }

  private static func csv(_ columns: [(title: String, values: [String])], _ count: Int) -> [String] {
    func line(_ cells: [String]) -> String { cells.map(\.quotedForCSV).joined(separator: ",") }
    return [line(columns.map(\.title))]
      + (0..<count).map { row in line(columns.map { $0.values[row] }) }
  }

  /// An object for each row. Only what the model computed is a number: a class that is called 1 stays a text.
  private static func jsonLines(
    _ columns: [(title: String, values: [String])], _ count: Int, numbers: Set<String>
  ) -> [String] {
    (0..<count).map { row in
      let members = columns.map { column in
        let text = column.values[row], number = numbers.contains(column.title) ? Double(text) : nil
        return JSONValue.Member(column.title, number.map { .number($0) } ?? .string(text))
      }
      return JSONValue.object(members).description
    }
  }
}

extension String {
  /// The text as a field of a CSV file.
  /// In quotation marks where it has a separator, a quotation mark, a line break, or a space at an end, which some
  /// readers drop. A quotation mark inside is doubled (RFC 4180). Swift takes \r\n for one character, hence its own
  /// test.
  fileprivate var quotedForCSV: String {
    guard
      contains(where: { ",\"\n\r".contains($0) || $0 == "\r\n" }) || hasPrefix(" ")
        || hasSuffix(" ")
    else {
      return self
    }
    return "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
