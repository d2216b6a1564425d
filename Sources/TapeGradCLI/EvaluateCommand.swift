//   tapegrad evaluate patients.csv --model patients
//
//     200 rows
//
//     accuracy                             0.885
//     accuracy of the most frequent class  0.515
//     balanced accuracy                    0.8862
//     …
//
//     class  as ill  as well  recall  precision  F1
//     ill    90      7        0.9278  0.8491     0.8867
//     well   16      87       0.8447  0.9255     0.8832
//
// The second line is what a model without features would reach: only what lies above it was learned. Most of these 200
// rows are those that the model was trained on; its `train` printed 0.85 for the rows held out, which is the honest
// figure.
//
// A table without the label ends it with the code 1: tapegrad: new.csv: found no column "diagnosis", …

import TapeGrad

/// `tapegrad evaluate`: how good a model is on the rows of a table.
///
///     tapegrad evaluate test.csv --model patients
enum EvaluateCommand: Command {
  static let name = "evaluate"
  static let summary = "judges a model on a table with labels"
  static let discussion = """
    Predicts the rows of a table, compares with its labels, and prints the metrics: of classes accuracy, F1, ROC area, log
    loss and the confusion matrix, of numbers R² and the errors in the labels' unit. They say something of new rows only
    where the model has not been trained on these.

    example:
      tapegrad evaluate test.csv --model patients --figures pictures
    """

  private static let data = Option.text(
    "--data", "FILE", shown: "the embedded breast-cancer table", DataOptions.fileHelp)
  private static let figures = Option.text(
    "--figures", "DIR", "draws the confusion matrix or the residuals there")
  private static let json = CommonOptions.json("prints the metrics as JSON")

  static let operand: (any CommandOption)? = data
  static let options: [any CommandOption] =
    [data, PredictCommand.model, PredictCommand.missing, PredictCommand.unseen, figures, CommonOptions.threads, json]
    + DialectOptions.all

  static func run(_ arguments: Arguments) throws -> Int32 {
    if let count = arguments.given(CommonOptions.threads) { threadCount = count }
    let model = try PredictCommand.read(arguments)
    let examples = try examples(arguments, data, for: model)
    let evaluation = try model.evaluate(examples)
    if let folder = arguments[figures] {
      try makeFolder(folder)
      for (name, plot, _) in try ModelFigures.plots(of: model, on: examples) {
        try plot.svg.write(to: "\(folder)/\(name).svg")
      }
    }
    try Terminal.print(
      arguments[json]
        ? "\(evaluation.json)" : "\(counted(evaluation.count, "row"))\n\n\(evaluation)")
    return 0
  }

  /// The examples of the table that an option names, or of the embedded one.
  static func examples(
    _ arguments: Arguments, _ data: Option<String?>, for model: Model<Float>
  ) throws -> DataSet<Float> {
    if let path = arguments[data] {
      let table = try DialectOptions.table(path, arguments)
      // The encoding of the training, not one found in this table: class 1 must stay class 1.
      let examples = try DataSet<Float>(
        csv: table,
        encoding: model.preparation.encoding.following(
          missing: arguments[PredictCommand.missing], unseen: arguments[PredictCommand.unseen]))
      DataOptions.tell(DataOptions.notes(on: table) + examples.notes)
      return examples
    }
    let examples = DataSet<Float>.breastCancer()
    // Without a table, only a model of the embedded one can be judged; for any other, a table was forgotten.
    guard model.preparation.encoding.labelNames == [examples.labelName] else {
      throw arguments.error("\(data.usage) is wanted: the model does not belong to the embedded table")
    }
    return examples
  }
}
