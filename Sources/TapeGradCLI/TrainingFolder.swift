// What a training leaves behind:
//
//   patients/
//     model.safetensors   the best network, with encoding and scales: all that predict needs
//     last.safetensors    the last epoch's network, the optimizer, the best network: all that --resume needs
//     metrics.jsonl       {"epoch": 1, "rate": 0.012, "loss": 0.694, "validationLoss": 0.544}, a line for each epoch
//     run.json            the options and what came of them (RunRecord)
//     figures/            loss.svg, and by the task confusion-matrix.svg, roc.svg, …, or residuals.svg
//
// Two networks, because they differ: the best one may be many epochs old, and a training goes on from the last.
//
// Models and metrics are written every few seconds, run.json at the beginning and the end, figures at the end; each
// file in one step: whenever the process ends, it is the old one or the new one. A part that a killed process was writing
// is removed by the next training into the folder. Where a file cannot be written, the command ends with 1 and the
// system's reason.

import TapeGrad

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Whether a path leads to a folder.
func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// The folder that a training writes: models, metrics, the run's record, figures.
struct TrainingFolder {
  let path: String
  var model: String { path + "/model.safetensors" }
  var last: String { path + "/last.safetensors" }
  private var metrics: String { path + "/metrics.jsonl" }
  private var run: String { path + "/run.json" }

  /// Throws where something of that name is there.
  func checkIsNew() throws(CommandError) {
    var status = stat()
    guard stat(path, &status) != 0 else {
      throw CommandError(
        "\(path) is there already: --resume \(path) goes on with it, --force overwrites it, --output names another"
      )
    }
  }

  /// Makes the folder and the one of its figures, and those that they are in; and removes what a training that was killed
  /// while it wrote left there.
  func create() throws(FileError) {
    try makeFolder(path + "/figures")
    removeAbandonedParts(in: path)
    removeAbandonedParts(in: path + "/figures")
  }

  /// Writes the best model, the training as it stands, and a line for each epoch. Each file is the old one or the new one,
  /// and whole, whenever the process ends.
  func write<Method>(_ state: TrainingState<Method>, _ model: Model<Float>) throws
  where Method.Model == Ensemble<Float> {
    // The model's file has the best weights only; the training's own are in the other file.
    var best = model
    best.network = try state.best.merged()
    best.history = state.history
    try best.write(to: self.model)
    var file = try best.described()
    file.metadata.merge(state.metadata) { $1 }
    try file.add(state)
    try file.write(to: last)
    try writeFile(metrics, [Array(state.history.jsonLines.utf8)])
  }

  func write(_ record: RunRecord) throws {
    try writeFile(run, [Array((record.json(in: self) + "\n").utf8)])
  }

  /// The words of the command that began the training.
  func arguments() throws -> [String] { try record("arguments") { $0.strings } }

  /// The hash of the data file; nil where there is none to read twice.
  ///
  /// - Throws: `CommandError` where a training is resumed, and the data are not what they were.
  func checkHash(of data: String?, isResumed: Bool) throws -> String? {
    // The embedded table cannot change. Standard input and pipes can be read once only, and have no hash.
    guard let data, data != "-" else { return nil }
    var status = stat()
    guard stat(data, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let hash = sha256(try readFile(data))
    // With other rows the split would be another one, and rows that were learned from could be held out now.
    if isResumed, try record("dataHash", { $0.string }) != hash {
      throw CommandError("\(data) is not what it was when the training of \(path) began")
    }
    return hash
  }

  private func record<Value>(_ name: String, _ read: (JSONValue) -> Value?) throws -> Value {
    let text = String(decoding: try readFile(run), as: UTF8.self)
    let json: JSONValue
    do { json = try JSONValue(text) } catch { throw CommandError("\(run): \(error)") }
    guard let value = json[name].flatMap(read) else {
      throw CommandError("\(run) does not say its \(name)")
    }
    return value
  }

  /// Draws how the training went and what the model makes of the rows that were held out; gives how many figures there are.
  func writeFigures(of job: TrainingJob) throws -> Int {
    let figures =
      [("loss", ModelFigures.loss(job.model.history))]
      + (try ModelFigures.plots(of: job.model, on: job.division.evaluated).map { ($0.name, $0.plot) })
    for (name, plot) in figures { try plot.svg.write(to: "\(path)/figures/\(name).svg") }
    return figures.count
  }
}
