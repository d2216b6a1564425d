// What `tapegrad train` does between its options and its report:
//
//   rows → held out, and others in five folds → scales, from the others alone → learning rate → epochs → judgment
//
// The order matters. Categories, the means that stand for missing values, and the means and deviations that features
// are scaled with come from the rows to learn from; were they taken from all rows, the model would know a little of
// those that it is judged on. A category that only other rows have is told, and becomes what --unseen says.
//
// The split is drawn by the seed, and stratified: each class is divided in the same ratio, so that a rare class is not
// missing where it should be judged. What the test leaves is dealt into folds: an `Ensemble` of as many networks learns, each
// from all folds but one, which validates it, and their mean is the model. (With one fold, a share of these rows is taken by
// another seed to validate a single network.)
//
// The rate is searched on a copy of the network: up to 100 steps, each with a rate a little higher, from 10⁻⁵ to 1,
// until the loss is four times its lowest. A tenth of the rate of the lowest loss is fast and still far from where
// training breaks. One short run may mislead, so the result is kept within what usually works for the method.
//
// Weights decay: λ/2·Σθ² is added to the loss, with λ = 1/n for n examples. In classification that is Bayes' rule for
// weights that are normally distributed with deviation 1, as befits standardized features: the losses are the logarithms
// of the labels' probabilities, ½·Σθ² is that of the weights', and both are divided by n, since the loss is a mean. Many
// examples outweigh it by themselves. (scikit-learn's linear classifier has the same by default.) On 41 tables of the KEEL
// repository, six splits each, the error on rows held out went from 14.56 % to 14.31 %, with a standard error of 0.12 for
// the difference, and on 14 tables of regression 1 − R² went from 0.247 to 0.237, and was less on 13. Three times as
// much is too much where classes meet in curves (banana, phoneme, vowel).

import TapeGrad

/// A model that is trained on a data set: how the rows are divided, with what numbers it is trained, and how far it is.
struct TrainingJob {
  /// What the options say.
  struct Settings {
    let hidden: [Int], activation: Activation, normalization: NormalizationKind?, dropout: Double
    let method: OptimizerChoice.Method, rate, weightDecay: Double?, epochs: Int, batch: Int?, patience: Int
    /// One fold: a single network, which a share of the rows validates.
    let test, validation: Double, folds: Int, seed: UInt64
  }

  /// What the data are called.
  let dataName: String
  let settings: Settings
  let division: DataDivision<Float>
  private let batchSize: Int
  /// The learning rate that was given or found.
  private(set) var rate: Double
  /// λ of the weight decay that was given, or belongs to the method and the number of examples.
  let weightDecay: Double
  private(set) var model: Model<Float>
  /// How training diverged, where it did.
  private(set) var divergence: String?

  /// Divides the rows, makes the model, and finds a learning rate.
  init(_ data: DataSet<Float>, named name: String, settings: Settings) throws {
    (dataName, self.settings) = (name, settings)
    division = try DataDivision(
      data, test: settings.test, validation: settings.validation, seed: settings.seed)
    let training = division.training
    guard training.count > 0 else {
      throw CommandError("\(name): of \(counted(data.count, "row")), none is left to learn from")
    }
    model = try Model(
      hidden: settings.hidden, activation: settings.activation,
      normalization: settings.normalization,
      dropoutRate: settings.dropout, for: training, seed: settings.seed)
    // Some twenty steps an epoch, where that leaves batches that processors like. L-BFGS wants all examples.
    let isWhole = settings.method == .lbfgs
    let usual = isWhole ? training.count : min(max(32, training.count / 20), 256)
    batchSize = min(settings.batch ?? usual, training.count)
    weightDecay = settings.weightDecay ?? (settings.method == .adamW ? 0.01 : 1 / Double(training.count))
    rate = try settings.rate ?? Self.rate(for: model, training, settings, batchSize)
  }

  /// The rate that a search suggests, within what works for the method.
  private static func rate(
    for model: Model<Float>, _ training: DataSet<Float>, _ settings: Settings, _ batchSize: Int
  ) throws -> Double {
    // L-BFGS estimates the curvature; a step of 1 is then the length that fits.
    if settings.method == .lbfgs { return 1 }
    let examples = try model.examples(of: training)
    let search = try model.network.learningRates(
      examples.features, labels: examples.labels,
      optimizer: OptimizerChoice(settings.method, rate: 1),
      rates: 1e-5...1, batchSize: batchSize, seed: settings.seed)
    // The adaptive methods divide by the size of the gradient: a step moves every weight by about the rate. At 0.03 a small
    // table is learned in three epochs, and overlearned in the fourth; with shorter steps the epochs differ by less, and
    // the best of them is better.
    // Plain gradients are small near a minimum and bear more.
    let highest = [.gradientDescent, .momentum, .nesterov].contains(settings.method) ? 0.5 : 0.005
    // Two digits: the others say nothing.
    return Double(short(min(max(search.suggestion, 1e-3), highest), digits: 2)) ?? 0.01
  }

  /// Trains, and saves every few seconds and at the end.
  ///
  /// - Parameters:
  ///   - isResumed: whether to go on where the folder's last training stood.
  ///   - start: what is done before the first epoch, where nothing speaks against one.
  mutating func train(in folder: TrainingFolder, isResumed: Bool, start: (TrainingJob) throws -> Void) throws {
    // The type of the optimizer is known only now, so a generic function does the rest.
    var choice = OptimizerChoice(settings.method, rate: rate)
    // All but the weights of layers: of a layer, of its normalization, and what that remembers.
    let spared: Set = ["bias", "shift", "scale", "mean", "variance"]
    choice.weightDecay =
      settings.method == .adamW
      ? .decoupled(weightDecay, sparing: spared) : .l2(weightDecay, sparing: spared)
    let ensemble = Ensemble(like: model.network, count: settings.folds, seed: settings.seed)
    try train(ensemble, by: choice.optimizer(for: ensemble), in: folder, isResumed: isResumed, start)
  }

  private mutating func train<Method: Optimizer<Ensemble<Float>>>(
    _ ensemble: Ensemble<Float>, by optimizer: Method, in folder: TrainingFolder, isResumed: Bool,
    _ start: (TrainingJob) throws -> Void
  ) throws {
    var state = TrainingState(ensemble, by: optimizer, seed: settings.seed)
    if isResumed {
      // Weights, moments of the optimizer, seed and history: the next epoch is the one that would have come.
      let file = try ModelFile(contentsOf: folder.last)
      state = try TrainingState(ensemble, by: optimizer, metadata: file.metadata)
      try file.load(into: &state)
      // The rate that the first call found, whatever the search would find now.
      rate = Double(try state.optimizer.rate.item)
      guard state.epoch <= settings.epochs else {
        throw CommandError(
          "\(folder.path) was trained for \(counted(state.epoch, "epoch")) already, and --epochs \(settings.epochs) counts "
            + "these too: a larger number goes on")
      }
    }
    try start(self)
    var report = EpochReport(limit: settings.epochs, firstEpoch: state.epoch)
    // In folds, every row is learned from and validates. A single network learns from the rows of fold 1, and those of
    // fold 0, which are others, validate it.
    var examples = try model.examples(of: division.training), others: Examples<Float>?
    if settings.folds > 1 {
      examples = try examples.inFolds(settings.folds, seed: settings.seed)
      others = examples
    } else {
      examples = try examples.inFold(1)
      others = division.validation.count > 0 ? try model.examples(of: division.validation).inFold(0) : nil
    }
    do {
      try state.fit(
        examples, epochs: settings.epochs - state.epoch, batchSize: batchSize, validation: others,
        patience: settings.patience
      ) { state in
        report.show(state.history)
        if report.isTimeToSave { try folder.write(state, model) }
        return !Interruption.hasCome
      }
    } catch TrainingError.diverged(let found) {
      // No reason to throw the good epochs away: the state is that of the last whole one, and is saved below.
      divergence = "\(TrainingError.diverged(found))"
    }
    Terminal.clearLine()
    model.network = try state.best.merged()
    model.history = state.history
    try folder.write(state, model)
  }

  /// How good the model is on the rows that were held out; on those that it learned from, where there are none.
  func evaluate() throws -> Evaluation { try model.evaluate(division.evaluated) }

  /// How many rows each part has.
  var counts: (training: Int, validation: Int, test: Int) {
    (division.training.count, division.validation.count, division.test.count)
  }

  /// What a reader of the metrics should know, a sentence each.
  func remarks(on evaluation: Evaluation) -> [String] {
    var remarks: [String] = []
    if counts.test > 0, counts.test < 20 {
      remarks.append("\(counted(counts.test, "row")) are few to judge by: another --seed may give quite other numbers")
    }
    if let r = evaluation["R²"], r <= 0 {
      remarks.append("R² is not above 0: the mean of the labels would predict these rows as well or better")
    }
    if let a = evaluation["accuracy"], let b = evaluation["accuracy of the most frequent class"], a <= b {
      remarks.append("the most frequent class would be right as often or more often")
    }
    return remarks
  }

  /// What is judged, as a title.
  var evaluatedRows: String {
    counts.test > 0
      ? "on the \(counted(counts.test, "row")) that were held out:"
      : "on the rows that it was trained on, since none were held out, which says little of others:"
  }

  /// Four lines on data, split, network and training.
  var summary: String {
    let (m, n) = (counts.training + counts.validation + counts.test, division.training.featureNames.count)
    let classes = model.classNames
    let names = classes.prefix(10).joined(separator: ", ") + (classes.count > 10 ? ", …" : "")
    let one = model.task == .binary && classes[1] != "1" ? " (1 is \(classes[1]))" : ""
    let target = classes.isEmpty ? "" : ": \(classes.count) classes, \(names)\(one)"
    let found = settings.rate == nil && settings.method != .lbfgs ? " (found by a search)" : ""
    return """
      data      \(dataName): \(counted(m, "example")), \(counted(n, "feature")); \
      \(model.preparation.encoding.labelNames.joined(separator: ", "))\(target)
      split     \(split), \(counts.test) held out
      network   \(model.network)\(settings.folds > 1 ? "; one for each fold, and their mean is the model" : "")
      training  \(settings.method.rawValue) at rate \(short(rate))\(found), \
      weight decay of \(short(weightDecay, digits: 2)), batches of \(batchSize), \
      at most \(counted(settings.epochs, "epoch"))
      """
  }

  /// What is learned from and what validates.
  private var split: String {
    settings.folds > 1
      ? "\(counts.training) to learn from and, by turns, to validate, in \(settings.folds) folds"
      : "\(counts.training) to learn from, \(counts.validation) to validate"
  }

  /// How the training ended.
  var outcome: String {
    let history = model.history
    let count = counted(history.records.count, "epoch")
    guard let best = history.best else {
      return "ended     \(divergence ?? "before the first epoch")"
    }
    let kept =
      "the network\(settings.folds > 1 ? "s" : "") of epoch \(best.epoch) \(settings.folds > 1 ? "are" : "is") kept"
    let loss = best.validationLoss.map { ", validation loss \(short($0, digits: 4))" } ?? ""
    if let divergence { return "ended     \(divergence); \(kept)\(loss)" }
    if Interruption.hasCome {
      return "stopped   by Ctrl-C after \(count): \(kept), the best so far\(loss)"
    }
    return "ended     after \(count): \(kept)\(loss)"
  }
}
