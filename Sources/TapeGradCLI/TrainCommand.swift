//   tapegrad train --output breast
//
//     data      Wisconsin diagnostic breast cancer: 569 examples, 30 features; diagnosis: 2 classes, benign, malignant …
//     split     455 to learn from and, by turns, to validate, in 5 folds, 114 held out
//     network   30 → 32 relu → 1 sigmoid, 1025 weights and biases; one for each fold, and their mean is the model
//     training  adam at rate 0.0031 (found by a search), weight decay of 0.0022, batches of 32, at most 1000 epochs
//     ended     after 72 epochs: the networks of epoch 42 are kept, validation loss 0.0809
//
//     on the 114 rows that were held out:
//     accuracy                             0.9825
//     accuracy of the most frequent class  0.6316
//     …
//     written   breast/: model, last training, metrics, run, 5 figures
//
// A column or a file that is not there ends it with the code 1, before anything is written. So does a folder that is
// there already: a model that took hours is not overwritten by an arrow key and Return.
//
//   tapegrad: patients is there already: --resume patients goes on with it, --force overwrites it,
//     --output names another
//
// Ctrl-C ends the training after the epoch at hand (see Interruption), and `tapegrad train --resume patients` goes on
// with it. A training that diverges ends with 1, and leaves its folder too: the loss curve shows where it went wrong.

import TapeGrad

/// `tapegrad train`: from a table to a trained model, judged on rows that it has not seen.
///
///     tapegrad train my.csv --labels diagnosis
///
/// `TrainingJob` prepares and trains, `TrainingFolder` keeps what comes of it.
enum TrainCommand: Command {
  static let name = "train"
  static let summary = "trains a network on a table, and writes the model, its metrics and figures"
  static let discussion = """
    Finds what is to be predicted, holds out rows, deals the others into five folds, scales and encodes the columns, finds
    a learning rate, and trains five networks, each without one fold, which validates it, until the validation loss no
    longer falls. The mean of the best ones is one network again: it is kept, and judged on the rows that were held out.
    Ctrl-C ends the training early and keeps the best so far.

    The folder then has model.safetensors (the best), last.safetensors (to resume from), metrics.jsonl (a line for each
    epoch), run.json (options, seed, hash of the data, results) and figures/.

    example:
      tapegrad train patients.csv --labels diagnosis --output patients
      tapegrad predict new.csv --model patients
    """

  // One layer of 32 is enough for most small tables.
  private static let hidden = Option<[Int]>(
    "--hidden", "UNITS", default: [32], shown: "32",
    "units of the hidden layers, like 64,32; none for a linear model",
    expected: "whole numbers from 1 to 100000, separated by commas, or none"
  ) { text in
    if text == "none" { return [] }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    return parts.allSatisfy { (1...100_000).contains($0) } ? parts : nil
  }
  private static let activation = CommonOptions.activation(default: .relu)
  private static let normalization = Option<NormalizationKind?>.choice(
    "--normalization", "NAME", default: nil, shown: "none", of: ["none", "batch", "layer"],
    "over what hidden layers are normalized: none, batch, layer"
  ) { $0 == "none" ? .some(nil) : NormalizationKind(rawValue: $0).map { .some($0) } }
  private static let dropout = Option.share(
    "--dropout", default: 0, "share of the hidden units that are dropped while learning")
  private static let optimizer = Option.choice(
    "--optimizer", "NAME", default: OptimizerChoice.Method.adam,
    OptimizerChoice.Method.allCases.map(\.rawValue).joined(separator: ", "))
  // No rate fits all data, and few users know one. So one is searched, unless it is given.
  private static let rate = Option.positiveNumber("--rate", shown: "found by a search", "learning rate")
  // A network of some hundred weights could learn a small table by heart: see `TrainingJob` for how much they are held back.
  private static let weightDecay = Option<Double?>.optional(
    "--weight-decay", "NUMBER", shown: "1 over the number of examples; with adamW 0.01",
    "half of it times the sum of squared weights, without biases, is added to the loss; with adamW weights decay beside it",
    expected: "a number from 0 on"
  ) { text in Double(text).flatMap { $0 >= 0 && $0.isFinite ? $0 : nil } }
  // Only a limit: as a rule --patience ends a training long before.
  private static let epochs = Option.count(
    "--epochs", default: 1000, in: 1...1_000_000_000, "passes through the examples, at most")
  private static let batch = Option<Int?>.optional(
    "--batch", "N", shown: "32 to 256, by the number of examples", "examples of a step",
    expected: "a whole number from 1 on"
  ) { text in Int(text).flatMap { $0 > 0 ? $0 : nil } }
  private static let patience = Option.count(
    "--patience", default: 30, in: 1...1_000_000_000,
    "ends after so many epochs without a lower validation loss")
  // Three parts: learned from, looked at to stop in time, and never looked at. Only the last can judge the model.
  private static let test = Option.share(
    "--test", default: 0.2, "share of the rows that are held out")
  private static let validation = Option.share(
    "--validation", default: 0.2, "share of the other rows that say when to stop, for a single network")
  // Five networks that each do without a fifth of the rows, which says when to stop: nothing is lost to validation, and
  // their mean is better than any of them (see `Ensemble`).
  private static let folds = Option<Int?>.optional(
    "--folds", "N", shown: "5; 1 with --validation or layer normalization, or for more than 20,000 rows",
    "networks that are trained, each validated by another part of the rows; 1 is a single one",
    expected: "a whole number from 1 to 100"
  ) { text in Int(text).flatMap { (1...100).contains($0) ? $0 : nil } }
  private static let seed = Option.count(
    "--seed", default: 1, in: 0...Int.max,
    "what the split, the weights and the order of examples depend on")
  private static let output = Option.text(
    "--output", "DIR", shown: "the name of the data and -model", "the folder to write")
  private static let resume = Option.text(
    "--resume", "DIR", "goes on with the training of this folder")
  private static let force = Option.flag("--force", "overwrites what is in the folder")
  private static let json = CommonOptions.json("prints the result as JSON")

  // The table may stand alone, without --data.
  static let operand: (any CommandOption)? = DataOptions.data
  static let options: [any CommandOption] =
    DataOptions.all(missing: .mean) + [
      hidden, activation, normalization, dropout, optimizer, rate, weightDecay, epochs, batch, patience, test,
      validation, folds, seed,
      output, resume, force, CommonOptions.threads, json,
    ]
  /// What may be said anew where a training is resumed.
  /// Anything else would make the second half of the training another training than the first.
  private static let ofResuming: [any CommandOption] = [
    resume, epochs, patience, CommonOptions.threads, json,
  ]

  /// Trains: 0 where a model is there, 1 where training diverged, 130 where it was interrupted.
  static func run(_ given: Arguments) throws -> Int32 {
    if let count = given.given(CommonOptions.threads) { threadCount = count }
    let folder: TrainingFolder
    let arguments: Arguments
    if let path = given[resume] {
      if let option = options.first(where: { option in
        given.has(option) && !ofResuming.contains { $0.name == option.name }
      }) {
        throw given.error("\(option.name) does not go with \(resume.name): it is as it was")
      }
      folder = TrainingFolder(path: path)
      // The words of the first call, from run.json; what is given now counts more.
      arguments = given.over(try Arguments(folder.arguments(), of: Self.self))
    } else {
      arguments = given
      folder = TrainingFolder(path: given[output] ?? defaultFolder(given[DataOptions.data]))
      // Before the data are read and a rate is searched: nobody should wait for this error.
      if !given[force] { try folder.checkIsNew() }
    }
    // At once, also where no terminal is: what follows may take long.
    Terminal.showLine("reading the data", alsoElsewhere: true)
    let (name, data, notes) = try DataOptions.dataSet(arguments, of: Float.self, missing: .mean)
    Terminal.clearLine()
    DataOptions.tell(notes)
    let folds = try folds(arguments, rows: data.count)
    var job = try TrainingJob(
      data, named: name,
      settings: TrainingJob.Settings(
        hidden: arguments[hidden], activation: arguments[activation],
        normalization: arguments[normalization],
        dropout: arguments[dropout], method: arguments[optimizer], rate: arguments[rate],
        weightDecay: arguments[weightDecay], epochs: arguments[epochs],
        batch: arguments[batch], patience: arguments[patience], test: arguments[test],
        validation: folds > 1 ? 0 : arguments[validation], folds: folds, seed: UInt64(arguments[seed])))
    DataOptions.tell(job.division.notes)
    let hash = try folder.checkHash(of: arguments[DataOptions.data], isResumed: given.has(resume))
    if !arguments[json] { try Terminal.print(job.summary) }
    // From here on there is something to save.
    Interruption.catch()
    try folder.create()
    // These say where and how this call runs, not what is trained.
    let words = arguments.words(without: [resume, force, json, output, CommonOptions.threads])
    try job.train(in: folder, isResumed: given.has(resume)) { job in
      // Already now: a training that is killed can be resumed only if its options are known.
      try folder.write(RunRecord(words: words, dataHash: hash, job: job))
    }
    let evaluation = try job.evaluate()
    try folder.write(RunRecord(words: words, dataHash: hash, job: job, evaluation: evaluation))
    let figures = try folder.writeFigures(of: job)
    if arguments[json] {
      try Terminal.print(
        RunRecord(words: words, dataHash: hash, job: job, evaluation: evaluation).json(in: folder))
    } else {
      try Terminal.print(job.outcome)
      try Terminal.print("\n\(job.evaluatedRows)\n\(evaluation)\n")
      for remark in job.remarks(on: evaluation) { try Terminal.print("note      \(remark)") }
      try Terminal.print(
        "written   \(folder.path)/: model, last training, metrics, run, \(counted(figures, "figure"))"
      )
    }
    return job.divergence == nil ? (Interruption.hasCome ? 130 : 0) : 1
  }

  /// The rows of a folder's training as they were divided then, read again.
  ///
  /// - Throws: `CommandError` where the table is not what it was.
  static func division<Scalar: TensorScalar>(
    of folder: TrainingFolder, _ type: Scalar.Type
  ) throws -> (name: String, DataDivision<Scalar>) {
    let arguments = try Arguments(folder.arguments(), of: Self.self)
    let (name, data, _) = try DataOptions.dataSet(arguments, of: type, missing: .mean)
    _ = try folder.checkHash(of: arguments[DataOptions.data], isResumed: true)
    let folds = try folds(arguments, rows: data.count)
    return (
      name,
      try DataDivision(
        data, test: arguments[test], validation: folds > 1 ? 0 : arguments[validation],
        seed: UInt64(arguments[seed]))
    )
  }

  /// How many networks are trained: by default five, where that helps and can be.
  ///
  /// Of 20,000 rows, a fifth are 4,000: enough to say when to stop, and each epoch is five times as long with folds. Layer
  /// normalization looks at all units of a layer, so that several networks cannot become one.
  private static func folds(_ arguments: Arguments, rows: Int) throws -> Int {
    if let count = arguments[folds] {
      if count > 1, arguments[normalization] == .layer {
        throw arguments.error("\(folds.name) \(count) does not go with layer normalization")
      }
      return count
    }
    let isSingle = arguments.has(validation) || arguments[normalization] == .layer || rows > 20_000
    // Each fold wants some rows.
    return isSingle || rows < 20 ? 1 : 5
  }

  /// `patients-model` for `data/patients.csv`.
  private static func defaultFolder(_ path: String?) -> String {
    guard let path, path != "-" else { return path == nil ? "breast-cancer-model" : "model" }
    return fileStem(path) + "-model"
  }
}

/// `patients` for `data/patients.csv`: what the files are called that are made of a file.
func fileStem(_ path: String) -> String {
  let file = path.split(separator: "/").last.map(String.init) ?? path
  return file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
}
