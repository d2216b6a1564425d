//   tapegrad inspect patients.csv --labels diagnosis
//
//     patients.csv: 200 rows, 5 columns
//     read with --delimiter comma --quote double --escape doubled --header yes …
//
//     column  name       type     missing  values
//     1       patient    text     0        200 different: p1, p2, p3, p4, …
//     2       age        numbers  0        20 to 80, mean 50.85
//     …
//     note  column "patient" is left out: its 200 texts are all different, so that they name the rows
//     note  4 features; task binary, classes ill, well
//
// The same reader and the same rules as in a training: what is printed here is what `train` will do. The notes are a
// part of the result, and so on standard output, unlike those of other commands. Nothing is written.

import TapeGrad

/// `tapegrad inspect`: what is in a file of data, or of a model.
///
///     tapegrad inspect patients.csv
enum InspectCommand: Command {
  static let name = "inspect"
  static let summary = "shows what is in a table, or in a model file"
  static let discussion = """
    Of a table: how it is written, and for each column its type, missing values, range or categories; with --labels, what a
    training would make of it. Of a model (a folder of train, or a .safetensors file): layers, encoding and training.

    examples:
      tapegrad inspect patients.csv --labels diagnosis
      tapegrad inspect patients-model
    """

  private static let file = Option.text(
    "--data", "FILE", "a model file, a folder that train has written, or \(DataOptions.fileHelp)")
  private static let json = CommonOptions.json("prints the same as JSON")

  static let operand: (any CommandOption)? = file
  static let options: [any CommandOption] =
    [file] + DataOptions.all(missing: .mean).filter { $0.name != file.name } + [json]

  static func run(_ arguments: Arguments) throws -> Int32 {
    guard let path = arguments[file] else {
      throw arguments.error("\(file.placeholder ?? "") is wanted: what to inspect")
    }
    // A folder is one of `train`; whether a file is a model or a table, its name tells.
    if isFolder(path) || path.hasSuffix(".safetensors") {
      let contents = try ModelContents(PredictCommand.modelFile(path))
      try Terminal.print(arguments[json] ? contents.json : "\(contents)")
      return 0
    }
    let table = try DialectOptions.table(path, arguments)
    let contents = TableContents(table)
    var notes = table.notes
    // Only with a label is it known which columns are features.
    if arguments.has(DataOptions.labels) {
      let data = try DataOptions.dataSet(arguments, of: Float.self, missing: .mean).data
      notes += data.notes
      notes.append(
        "\(counted(data.featureNames.count, "feature")); task \(data.task.rawValue)"
          + (data.classNames.isEmpty ? "" : ", classes \(data.classNames.joined(separator: ", "))"))
    }
    if arguments[json] {
      try Terminal.print(contents.json(notes: notes))
    } else {
      try Terminal.print("\(contents)")
      if !notes.isEmpty {
        try Terminal.print("\n" + notes.map { "note  \($0)" }.joined(separator: "\n"))
      }
    }
    return 0
  }
}
