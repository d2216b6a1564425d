import TapeGrad

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The gradients of a two-layer network on a data set: automatic, hand-derived and numerical.
struct Comparison: CustomStringConvertible {
  let audit: Audit
  /// The dimension table of the notes.
  private let dimensions: [(name: String, shape: Shape, inTheNotes: String)]

  /// What an audit comes to.
  init(_ audit: Audit, dimensions: [(name: String, shape: Shape, inTheNotes: String)] = []) {
    self.audit = audit
    self.dimensions = dimensions
  }

  /// Records the network's loss on a tape, and audits it against the notes' equations.
  init(of network: TwoLayerNetwork<Double>, on data: DataSet<Double>, limit: Int) throws {
    let hand = try TwoLayerEquations(network, data.features, labels: data.labels)
    let tape = Tape()
    let X = tape.constant(data.features, named: "X"), Y = tape.constant(data.labels, named: "Y")
    let J = tape.variables(of: network).loss(X, labels: Y)
    // With the identity, A and Z are one node, which goes by the name Z.
    var handDerived = hand.cotangents
    if network.hiddenActivation == .identity { handDerived["A1"] = nil }
    if network.task == .regression { handDerived["A2"] = nil }
    let dimensions = [
      ("X", X.shape, "(n_x, m)"), ("W1", network.W1.shape, "(n_1, n_x)"), ("b1", network.b1.shape, "(n_1, 1)"),
      ("Z1, A1", hand.Z1.shape, "(n_1, m)"), ("W2", network.W2.shape, "(n_2, n_1)"),
      ("b2", network.b2.shape, "(n_2, 1)"), ("Z2, A2", hand.Z2.shape, "(n_2, m)"), ("Y", Y.shape, "(n_2, m)"),
    ]
    self.init(try tape.audit(J, handDerived: handDerived, limit: limit), dimensions: dimensions)
  }

  /// 0 where all gradients agree, 1 where one does not.
  var exitCode: Int32 { audit.isRight ? 0 : 1 }

  /// The dimension table of the notes, the audit, and what to make of it.
  var description: String {
    let rows = dimensions.map { "\($0.name.padded(to: 8))  \("\($0.shape)".padded(to: 11))  \($0.inTheNotes)" }
    let header = "\("quantity".padded(to: 8))  \("shape".padded(to: 11))  in the notes"
    return """
      \(header)
      \(rows.joined(separator: "\n"))

      \(audit.table)

      \(Terminal.colored(verdict, good: audit.isRight))
      """
  }

  private var verdict: String {
    guard let wrong = audit.firstWrong else {
      return "Automatic, hand-derived and numerical gradients agree in all \(audit.rows.count) quantities."
    }
    return "The gradients disagree, first in \(wrong.name)."
  }

  /// The comparison for a program to read.
  func json(data: String, epochs: Int, rate: Double) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let report = Report(
      data: data, epochs: epochs, rate: rate, loss: audit.value, isRight: audit.isRight,
      quantities: audit.rows.map(Report.Quantity.init))
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }
}

/// What `--json` prints.
private struct Report: Encodable {
  let data: String
  let epochs: Int
  let rate: Double
  let loss: Double
  let isRight: Bool
  let quantities: [Quantity]

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
