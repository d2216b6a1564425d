//   tapegrad export --model patients --onnx patients.onnx
//
//     patients.onnx: from 3 columns to predictions
//
//   tapegrad export patients.csv --model patients --stablehlo step
//
//     step: one step of gradient descent on 160 examples; python3 step/run.py step --steps 100
//
// Only what the words of the other engine can say is written; where a model has something else, the command ends with 1
// and names it.

import TapeGrad

/// `tapegrad export`: a model for other engines.
///
///     tapegrad export --model patients --onnx patients.onnx
enum ExportCommand: Command {
  static let name = "export"
  static let summary = "writes a model for other engines: ONNX to predict with, StableHLO to train on"
  static let discussion = """
    With --onnx, a file that takes a table's columns, each under its name, and gives predictions: for ONNX Runtime, browsers,
    phones. With --stablehlo, a folder that trains the network further on other machines, without this command: the step of
    gradient descent on the rows of a table (without dropout) as text for XLA, weights and examples as safetensors, and run.py,
    which needs jax and safetensors, and trains on one device, several, or several hosts.

    examples:
      tapegrad export --model patients --onnx patients.onnx
      tapegrad export patients.csv --model patients --stablehlo step
      python3 step/run.py step --steps 100
    """

  private static let data = Option.text(
    "--data", "FILE", shown: "the embedded breast-cancer table",
    "for --stablehlo, a file with labels as train takes it")
  private static let onnx = Option.text("--onnx", "FILE", "writes the model as ONNX")
  private static let stableHLO = Option.text("--stablehlo", "FOLDER", "writes a step of training as StableHLO")
  private static let rate = Option.positiveNumber("--rate", shown: "0.1", "for --stablehlo, the learning rate")

  static let operand: (any CommandOption)? = data
  static let options: [any CommandOption] =
    [data, PredictCommand.model, onnx, stableHLO, rate, PredictCommand.missing, PredictCommand.unseen]
    + DialectOptions.all

  static func run(_ arguments: Arguments) throws -> Int32 {
    if arguments[onnx] == nil, arguments[stableHLO] == nil {
      throw arguments.error("\(onnx.usage) or \(stableHLO.usage) is wanted: what to write")
    }
    let model = try PredictCommand.read(arguments)
    if let path = arguments[onnx] {
      try writeFile(path, [model.onnx()])
      try Terminal.print("\(path): from \(counted(model.preparation.encoding.features.count, "column")) to predictions")
    }
    if let folder = arguments[stableHLO] {
      let examples = try model.examples(of: EvaluateCommand.examples(arguments, data, for: model))
      let rate = arguments[rate] ?? 0.1
      let step = compiled { (network: MultilayerNetwork<Float>, x: Tensor<Float>, y: Tensor<Float>) in
        let (loss, gradient) = try valueWithGradient(at: network) { $0.learningLoss(x, labels: y, noise: []) }
        return (network.moved(along: gradient, by: Float(-rate)).observing(x, noise: [], by: network), loss)
      }
      try step.writeBundle(
        to: folder, for: model.network, examples.features, examples.labels, batch: BatchAxes([1: 1, 2: 1]))
      try Terminal.print(
        "\(folder): one step of gradient descent on \(counted(examples.features.shape[1], "example")); "
          + "python3 \(folder)/run.py \(folder) --steps 100")
    }
    return 0
  }
}
