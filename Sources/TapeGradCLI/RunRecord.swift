// The file run.json, and what `tapegrad train --json` prints: one line, broken here to be read:
//
//   {"version":"0.1.0","arguments":["--data","patients.csv","--labels","diagnosis","--epochs","50"],
//    "data":"patients.csv","dataHash":"1ddca09a…","seed":"1","task":"binary","labels":["diagnosis"],
//    "classes":["ill","well"],"examples":{"training":128,"validation":32,"heldOut":40},
//    "network":"4 → 32 relu → 1 sigmoid, 193 weights and biases","optimizer":"adam","rate":0.012,
//    "weightDecay":0.0078,"folder":"patients","epochs":36,"bestEpoch":6,…,"evaluatedOn":"held out",
//    "evaluation":{"count":40,"accuracy":0.85,…}}
//
// It is written twice: when training begins, up to "folder", and with the results at the end. A record without results
// is one of a training that goes on, or was killed.

import TapeGrad

/// What `run.json` says of a training: with what it can be done again, and what came of it.
struct RunRecord {
  /// The words of the command.
  let words: [String]
  let dataHash: String?
  let job: TrainingJob
  /// Nil as long as the training goes on.
  var evaluation: Evaluation?

  /// The record in one line.
  func json(in folder: TrainingFolder) -> String {
    let counts = job.counts
    let history = job.model.history
    func number(_ value: Int) -> JSONValue { .number(Double(value)) }
    var members: [JSONValue.Member] = [
      .init("version", .string(CommandLineTool.version)),
      .init("arguments", .array(words.map(JSONValue.string))),
      .init("data", .string(job.dataName)),
      .init("dataHash", dataHash.map(JSONValue.string) ?? .null),
      // A text: a number of JSON is a Double for most readers, and a seed may have more than 53 bits.
      .init("seed", .string("\(job.settings.seed)")),
      .init("task", .string(job.model.task.rawValue)),
      .init("labels", .array(job.model.preparation.encoding.labelNames.map(JSONValue.string))),
      .init("classes", .array(job.model.classNames.map(JSONValue.string))),
      .init(
        "examples",
        .object([
          .init("training", number(counts.training)),
          .init("validation", number(counts.validation)),
          .init("heldOut", number(counts.test)),
        ])),
      .init("network", .string("\(job.model.network)")),
      .init("optimizer", .string(job.settings.method.rawValue)),
      .init("rate", .number(job.rate)),
      .init("weightDecay", .number(job.weightDecay)),
      .init("folder", .string(folder.path)),
    ]
    // What follows is known at the end only.
    guard let evaluation else { return JSONValue.object(members).description }
    members += [
      .init("epochs", number(history.records.count)),
      .init("bestEpoch", history.best.map { number($0.epoch) } ?? .null),
      .init("loss", history.best.map { .number($0.loss) } ?? .null),
      .init("validationLoss", history.best?.validationLoss.map(JSONValue.number) ?? .null),
      .init("isInterrupted", .bool(Interruption.hasCome)),
      .init("divergence", job.divergence.map(JSONValue.string) ?? .null),
      .init("evaluatedOn", .string(counts.test > 0 ? "held out" : "training")),
      .init("evaluation", evaluation.json),
    ]
    return JSONValue.object(members).description
  }
}

extension Evaluation {
  /// The count, each metric under its name, and the confusion matrix; null for what is not defined.
  var json: JSONValue {
    var members: [JSONValue.Member] = [.init("count", .number(Double(count)))]
    members += metrics.map { .init($0.name, .number($0.value)) }
    if let confusion {
      let rows = confusion.counts.map { JSONValue.array($0.map { .number(Double($0)) }) }
      members.append(.init("confusion", .array(rows)))
    }
    return .object(members)
  }
}
