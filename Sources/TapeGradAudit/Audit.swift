import TapeGradCore

/// The gradients of a recorded computation, node by node: by the tape, by hand, and by finite differences. Made by
/// `tape.audit(J)`.
public struct Audit: Sendable {
  /// The name of the result; `J` where it has none.
  public let result: String
  /// The value of the result.
  public let value: Double
  /// The type of the numbers. Finite differences are taken in Double always, of the same computation.
  public let scalarType: ScalarType
  /// The named nodes on the way from the variables to the result, in the order in which the reverse sweep completes
  /// their gradients.
  public let rows: [Row]
  /// The first number on the tape that is NaN or infinite, or else the first in a gradient; nil where all are finite.
  public let firstNonFinite: NonFiniteNumber?
  /// The computation and its reverse sweep, for those who show them.
  package let snapshot: Snapshot
  /// The gradients derived by hand, in Double, by node; each is `m·∂J/∂v` where its row says so.
  package let handDerived: [Int: NDArray<Double>]
  /// How far an element may be off, relative to itself.
  let tolerance: Double

  /// Wrong where a row is; right where all rows are, and there is one; undecided otherwise.
  public var verdict: Verdict {
    if firstWrong != nil { return .wrong }
    return rows.isEmpty || rows.contains { $0.verdict == .undecided } ? .undecided : .right
  }

  /// Whether every node is right: there is one, and none is wrong or undecided.
  public var isRight: Bool { verdict == .right }

  /// The first wrong node in backward order: where to look.
  public var firstWrong: Row? { rows.first { $0.verdict == .wrong } }
}

extension Audit {
  /// What the audit says of one node.
  public struct Row: Sendable {
    /// The node on the tape.
    package let node: Int
    /// The name that the user gave the node.
    public let name: String
    /// Its shape, and that of its gradient.
    public let shape: Shape
    /// The operations whose rules gave the gradient: those that use the node.
    public let rules: [String]
    /// The tape's gradient compared with finite differences; nil where the operations have no values in Double.
    public let numerical: NumericalCheck?
    /// The gradient derived by hand compared with the tape's; nil where none was given.
    public let handDerived: HandCheck?
    /// The element to show: the most wrong one, or, where none is, the farthest; nil for a node without elements.
    public let element: Element?
    /// What is wrong; nil where nothing is.
    public let fault: Fault?
    /// The first element of the tape's gradient that is NaN or infinite.
    public let firstNonFinite: NonFiniteNumber?

    /// Wrong where something is; right where all that was compared agrees; undecided otherwise. Agreement of the tape with
    /// what was derived by hand alone is not a proof where finite differences were taken and none settled.
    public var verdict: Verdict {
      if fault != nil { return .wrong }
      if firstNonFinite != nil || handDerived?.verdict == .undecided { return .undecided }
      return numerical?.verdict ?? handDerived?.verdict ?? .undecided
    }
  }

  /// One element of a gradient, three ways.
  public struct Element: Sendable {
    /// Which element: one index for each axis.
    public let index: [Int]
    /// What the tape says.
    public let automatic: Double
    /// What was derived by hand, if anything.
    public let handDerived: Double?
    /// What finite differences say, if they were taken there.
    public let numerical: NumericalDerivative?
  }

  /// Why a row is wrong.
  public enum Fault: Hashable, Sendable {
    /// The tape's gradient is wrong, and the rule of this operation, which uses the node, made it so.
    case rule(String)
    /// The tape's gradient is wrong because that of a later node is already.
    case inherited(from: String)
    /// The gradient derived by hand is wrong; with the likely slip, if one is recognized.
    case handDerived(Slip?)
  }
}

extension Audit.Fault: CustomStringConvertible {
  /// `the rule of tanh`, `inherited from Z1`, `by hand: 1/400 missing`.
  public var description: String {
    switch self {
    case .rule(let operation): "the rule of \(operation)"
    case .inherited(let name): "inherited from \(name)"
    case .handDerived(let slip): slip.map { "by hand: \($0)" } ?? "by hand"
    }
  }
}
