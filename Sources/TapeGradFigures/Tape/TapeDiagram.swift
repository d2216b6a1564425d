import TapeGradCore

/// A tape as a drawing: a row for each node, in the order in which they were recorded.
///
/// On the left, arcs lead from the operands of a node down to it; on the right, the same computation backwards: arcs lead
/// from a node up to the operands that its rule hands a cotangent. Each row has the node's formula, its shape, its value
/// and its cotangent as small color maps. A cotangent that does not exist is left blank.
///
/// ```swift
/// let diagram = try TapeDiagram(of: J, on: tape)
/// try diagram.svg.write(to: "tape.svg")
/// ```
/// A long tape is folded: first scopes (`tape.scope("hidden") { … }`), the innermost first, then nodes without a name
/// into the next one that has one, then parts of equal length. A folded row shows the value of its last node.
public struct TapeDiagram: Sendable {
  /// What the drawing is called, above it.
  public var title: String
  /// How many rows there may be.
  public var limit = 40

  private let snapshot: Snapshot
  private let failure: TensorError?

  /// The computation of a single number, with its reverse sweep.
  ///
  /// - Throws: `TensorError` where the result is failed, not recorded on the tape, or more than one number.
  public init<S>(of result: Tensor<S>, on tape: Tape) throws(TensorError) {
    self.init(try Snapshot(of: result, on: tape))
  }

  /// The computation as far as it got before an operation failed. The last row says what failed and why.
  public init(_ tape: Tape, until failure: TensorError) {
    self.init(Snapshot(unfinished: tape), until: failure)
  }

  package init(_ snapshot: Snapshot, until failure: TensorError? = nil) {
    self.snapshot = snapshot
    self.failure = failure
    let last = snapshot.readings.last
    title = failure == nil ? "The tape of \(last?.name ?? "the result")" : "The tape, as far as it got"
  }

  /// The drawing. The same computation gives the same bytes.
  public var svg: SVG {
    let readings = snapshot.readings
    let layout = TapeLayout(
      readings, rows: TapeRows(readings, scopes: snapshot.scopes, limit: limit), of: snapshot, until: failure)
    return layout.svg(title: title)
  }
}
