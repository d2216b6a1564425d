//   tapegrad figures patients
//
//     rows      the 40 of patients.csv that were held out
//     loss                  how the loss fell, and where it was best
//     activations           what the hidden layers apply, and its derivative
//     weights-1             the weights of layer 1
//     …
//     gradient-comparison   automatic and numerical derivatives, with error bars
//     written   patients/figures/: 12 figures
//
// What a figure shows must be true of new rows. So the rows are those that the training held out: run.json says how the
// table was read and divided, and the table must still be what it was. --data takes the rows of another table instead.
// Without rows, for a model file alone, there are the figures of the model only, and a note says why.

import TapeGrad

/// `tapegrad figures`: everything that can be drawn of a model, or of a table.
///
///     tapegrad figures patients
enum FiguresCommand: Command {
  static let name = "figures"
  static let summary = "draws a trained model: losses, boundary, metrics, weights, gradients; or the columns of a table"
  static let discussion = """
    Of a folder that train has written: loss curves, activations with derivatives, weights, histograms of activations and
    gradients by layer, automatic against numerical gradients, and by the task decision boundary, confusion matrix, ROC and
    precision-recall curves, calibration, or residuals. The rows are those that were held out, or those of --data. Of a model
    file: the same as far as it goes. Of a table: how the values of each column are distributed. Figures are SVG; files of
    the same names are replaced.

    examples:
      tapegrad figures patients-model
      tapegrad figures patients-model --data new.csv --output pictures
      tapegrad figures patients.csv
    """

  private static let model = Option.text(
    "--model", "PATH", "a folder that train has written, a model file, or a table")
  private static let data = Option.text(
    "--data", "FILE", shown: "the rows that were held out", "the rows to draw: \(DataOptions.fileHelp)")
  private static let output = Option.text(
    "--output", "DIR", shown: "figures in the model's folder, else the file's name and -figures", "the folder to write")

  static let operand: (any CommandOption)? = model
  static let options: [any CommandOption] =
    [model, data, output, CommonOptions.threads] + DialectOptions.all

  static func run(_ arguments: Arguments) throws -> Int32 {
    if let count = arguments.given(CommonOptions.threads) { threadCount = count }
    guard let path = arguments[model] ?? arguments[data] else {
      throw arguments.error("\(model.placeholder ?? "") is wanted: a model or a table; tapegrad train makes a model")
    }
    let isModel = isFolder(path) || path.hasSuffix(".safetensors")
    let figures = isModel ? try figures(ofModel: path, arguments) : try figures(ofTable: path, arguments)
    let folder = arguments[output] ?? (isFolder(path) ? path + "/figures" : fileStem(path) + "-figures")
    try makeFolder(folder)
    for figure in figures { try figure.svg.write(to: "\(folder)/\(figure.name).svg") }
    try Terminal.print(TextTable.text(of: figures.map { [$0.name, $0.meaning] }))
    try Terminal.print("written   \(folder)/: \(counted(figures.count, "figure"))")
    return 0
  }

  /// The figures of a model, and of what it makes of rows, where there are some.
  private static func figures(ofModel path: String, _ arguments: Arguments) throws -> [ModelFigure] {
    // In Double, whatever the file has: finite differences lose many digits, and Float has too few.
    let model = try Model<Double>(contentsOf: PredictCommand.modelFile(path))
    let figures = try ModelFigures.figures(of: model)
    let examples: DataSet<Double>, words: String
    if let file = arguments[data] {
      let table = try DialectOptions.table(file, arguments)
      examples = try DataSet(csv: table, encoding: model.preparation.encoding)
      DataOptions.tell(DataOptions.notes(on: table) + examples.notes)
      words = "all \(counted(examples.count, "row")) of \(table.name)"
    } else if isFolder(path) {
      let (name, division) = try TrainCommand.division(of: TrainingFolder(path: path), Double.self)
      examples = division.evaluated
      words =
        "the \(examples.count) of \(name) "
        + (division.test.count > 0 ? "that were held out" : "that were learned from, since none were held out")
    } else {
      DataOptions.tell(["a model file alone has no rows: --data FILE gives some, for the figures of predictions"])
      return figures
    }
    try Terminal.print("rows      \(words)")
    return try figures + ModelFigures.figures(of: model, on: examples)
  }

  /// How the values of each column are distributed.
  private static func figures(ofTable path: String, _ arguments: Arguments) throws -> [ModelFigure] {
    if let other = arguments[data], other != path {
      throw arguments.error("\(data.name) goes with a model, and \(path) is a table")
    }
    let table = try DialectOptions.table(path, arguments)
    DataOptions.tell(DataOptions.notes(on: table))
    return ColumnFigures.figures(of: table)
  }
}
