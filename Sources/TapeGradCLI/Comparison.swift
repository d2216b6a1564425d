// The second half of `tapegrad compare`, and its table, a line for each quantity, from the loss backwards:
//
//   worst at    shape      automatic     by hand       numerical             verdict
//   A2[0, 184]  (1, 569)   -0.00221936   -0.00221936   -0.00221936 ± 2e-11   right
//   …
//   W1[2, 24]   (16, 30)   -6.24893e-05  -6.24893e-05  -6.24893e-05 ± 2e-11  right
//
// Backwards, because an error is inherited: the first wrong line from the top names the rule to blame, and wrong lines
// below it may only follow from that. Intermediates are compared too, and not just the four parameters, so that there
// is such a line.
//
// Two kinds of failure are kept apart: gradients that disagree are an error of a rule or an equation, a training that
// diverged is one of the rate or the data. If both happen, the first is reported, since it may be the cause of the
// other.

import TapeGrad

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The gradients of a two-layer network on a data set: automatic, hand-derived and numerical.
///
/// The automatic ones are read off a tape. The hand-derived ones are the equations of the notes, on arrays, without a
/// tape. The numerical ones are finite differences of the loss. Three ways that share no code: where they agree, none of
/// them is likely to be wrong.
struct Comparison: CustomStringConvertible {
  private(set) var audit: Audit
  /// The dimension table of the notes.
  let dimensions: [(name: String, shape: Shape, inTheNotes: String)]
  /// Where training ended, if there was no finite loss at first, or a step left a parameter that was not finite.
  private let divergence: Divergence?
  /// The loss before training; nil where nobody knows.
  private let initialLoss: Double?

  /// What an audit comes to.
  init(
    _ audit: Audit, dimensions: [(name: String, shape: Shape, inTheNotes: String)] = [],
    divergence: Divergence? = nil,
    initialLoss: Double? = nil
  ) {
    self.audit = audit
    self.dimensions = dimensions
    self.divergence = divergence
    self.initialLoss = initialLoss
  }

  /// Records the network's loss on a tape, and audits it against the notes' equations.
  ///
  /// - Parameters:
  ///   - divergence: where training diverged, if it did.
  ///   - initialLoss: the loss before training.
  init(
    of network: TwoLayerNetwork<Double>, on data: DataSet<Double>, limit: Int, divergence: Divergence? = nil,
    initialLoss: Double? = nil
  ) throws {
    let hand = try TwoLayerEquations(network, data.features, labels: data.labels)
    let tape = Tape()
    let X = tape.constant(data.features, named: "X"), Y = tape.constant(data.labels, named: "Y")
    let J = tape.variables(of: network).loss(X, labels: Y)
    // With the identity as activation, A and Z are one node, whose name is Z.
    var handDerived = hand.cotangents
    if network.hiddenActivation == .identity { handDerived["A1"] = nil }
    if network.task == .regression { handDerived["A2"] = nil }
    let dimensions = [
      ("X", X.shape, "(n_x, m)"), ("W1", network.W1.shape, "(n_1, n_x)"), ("b1", network.b1.shape, "(n_1, 1)"),
      ("Z1, A1", hand.Z1.shape, "(n_1, m)"), ("W2", network.W2.shape, "(n_2, n_1)"),
      ("b2", network.b2.shape, "(n_2, 1)"), ("Z2, A2", hand.Z2.shape, "(n_2, m)"), ("Y", Y.shape, "(n_2, m)"),
    ]
    let audit = try tape.audit(J, handDerived: handDerived, convention: .partialDerivatives, limit: limit)
    self.init(audit, dimensions: dimensions, divergence: divergence, initialLoss: initialLoss)
  }

  /// This comparison with another audit of the same computation.
  func replacing(audit: Audit) -> Comparison {
    var copy = self
    copy.audit = audit
    return copy
  }

  /// 0 where all gradients agree; 1 where one disagrees or is undecided, or training diverged.
  var exitCode: Int32 { isRight ? 0 : 1 }

  /// Whether all gradients agree, after a training that led somewhere.
  private var isRight: Bool { audit.isRight && !isDiverged }

  /// Whether training made things worse: numbers overflowed, or the loss is many times what it was at first.
  private var isDiverged: Bool {
    // Ten times: some rise at a large rate is common and passes. The negation makes a loss of NaN count too.
    divergence != nil || initialLoss.map { !(audit.value <= 10 * $0) } ?? false
  }

  /// In one word: right, wrong, undecided or diverged.
  private var verdict: String {
    audit.verdict != .wrong && isDiverged ? "diverged" : audit.verdict.rawValue
  }

  /// The dimension table of the notes, the audit, and what to make of it, in lines that fit the terminal.
  var description: String { text(width: Terminal.width(of: 1)) }

  /// The same in lines of at most `width` characters.
  func text(width: Int) -> String {
    let table = TextTable(widths: [8, 11])
    let rows = [["quantity", "shape", "in the notes"]] + dimensions.map { [$0.name, "\($0.shape)", $0.inTheNotes] }
    return """
      \(rows.map(table.line).joined(separator: "\n"))

      \(audit.table(width: width))

      \(convention.wrapped(to: width).joined(separator: "\n"))
      \(Terminal.colored(conclusion.wrapped(to: width).joined(separator: "\n"), good: isRight))
      """
  }

  /// What the columns are derivatives of.
  private var convention: String {
    "All columns are partial derivatives of J; the notes' dZ and dA, of one example each, are m times as large."
  }

  /// What to make of the audit, in a sentence or two.
  var conclusion: String {
    // A wrong gradient may be why training diverged, so it comes first.
    if let wrong = audit.firstWrong { return "The gradients disagree, first in \(wrong.name)." }
    let cause = firstNonFinite.map { " The first number that is not finite: \($0)." } ?? ""
    if let divergence {
      if divergence.isAtStart {
        return "The loss is \(short(divergence.loss)) before the first step.\(cause) No --rate helps: look at the data."
      }
      return "Training diverged in epoch \(divergence.epoch).\(cause) A smaller --rate may help."
    }
    if isDiverged, let initialLoss {
      return "Training diverged: J rose from \(short(initialLoss, digits: 4)) to \(short(audit.value, digits: 4))."
        + "\(cause) A smaller --rate may help."
    }
    let undecided = audit.rows.filter { $0.verdict == .undecided }.map(\.name)
    let count = audit.rows.count
    if undecided.count == count { return "Nothing could be decided.\(cause)" }
    if undecided.isEmpty { return "Automatic, hand-derived and numerical gradients agree in all \(count) quantities." }
    return "The gradients agree in \(count - undecided.count) of \(count) quantities; "
      + "undecided: \(undecided.joined(separator: ", ")).\(cause)"
  }

  /// On the tape of the audit, where X has its name, or else in training.
  private var firstNonFinite: NonFiniteNumber? { audit.firstNonFinite ?? divergence?.firstNonFinite }

  /// The comparison for a program to read.
  ///
  /// - Parameters:
  ///   - run: how the network was trained.
  ///   - plan: what a training step does, where that was asked for.
  func json(_ run: TrainingRun, plan: String? = nil) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    // JSON has no infinities and no NaN; a training that diverged must still be reported.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let report = Report(
      data: run.dataName, hidden: run.network.b1.shape[0], activation: "\(run.network.hiddenActivation)",
      seed: run.seed, epochs: run.epochs, rate: run.rate, initialLoss: run.initialLoss, loss: audit.value,
      examples: run.data.count, comparedExamples: dimensions.last?.shape[1] ?? run.data.count, plan: plan,
      convention: "partial derivatives of J", verdict: verdict, isRight: isRight, isDiverged: isDiverged,
      divergedInEpoch: divergence.map(\.epoch), firstNonFinite: firstNonFinite?.description,
      conclusion: conclusion,
      quantities: audit.rows.map(Report.Quantity.init))
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }
}

/// What `--json` prints.
private struct Report: Encodable {
  let data: String
  let hidden: Int
  let activation: String
  let seed, epochs: Int
  let rate: Double
  /// The loss before and after training.
  let initialLoss, loss: Double
  /// How many examples there are, and on how many of them gradients were compared.
  let examples, comparedExamples: Int
  let plan: String?
  let convention: String
  /// right, wrong, undecided or diverged.
  let verdict: String
  let isRight: Bool
  let isDiverged: Bool
  let divergedInEpoch: Int?
  let firstNonFinite: String?
  let conclusion: String
  let quantities: [Quantity]

  /// A row of the audit.
  struct Quantity: Encodable {
    let name: String
    let shape: [Int]
    let rules: [String]
    let verdict: String
    let fault: String?
    /// The worst element, and its gradient three ways.
    let worstElement: [Int]?
    let automatic: Double?
    let handDerived: Double?
    let numerical: Double?

    init(_ row: Audit.Row) {
      name = row.name
      shape = row.shape.dimensions
      rules = row.rules
      verdict = row.verdict.rawValue
      fault = row.fault?.description
      worstElement = row.element?.index
      automatic = row.element?.automatic
      handDerived = row.element?.handDerived
      numerical = row.element?.numerical?.value
    }
  }
}
