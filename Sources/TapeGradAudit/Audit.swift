import TapeGradCore

/// The gradients of a recorded computation, node by node: by the tape, by hand, and by differences. Made by
/// `tape.audit(J)`.
public struct Audit: Sendable {
  /// The name of the result; `J` where it has none.
  public let result: String
  /// The value of the result.
  public let value: Double
  /// The type of the numbers. Only Double is held against differences.
  public let scalarType: ScalarType
  /// The named nodes on the way from the variables to the result, in the order in which the reverse sweep completes
  /// their gradients.
  public let rows: [Row]

  /// Whether no node is wrong.
  public var isRight: Bool { firstWrong == nil }

  /// The first wrong node in backward order: where to look.
  public var firstWrong: Row? { rows.first { $0.verdict == .wrong } }
}

extension Audit {
  /// What the audit says of one node.
  public struct Row: Sendable {
    /// The name that the user gave the node.
    public let name: String
    /// Its shape, and that of its gradient.
    public let shape: Shape
    /// The operations whose rules gave the gradient: those that use the node.
    public let rules: [String]
    /// The tape's gradient against differences; nil for Float, which differences cannot check.
    public let numerical: NumericalCheck?
    /// The gradient derived by hand against the tape's; nil where none was given.
    public let handDerived: HandCheck?
    /// The element to show: the most wrong one, or, where none is, the farthest; nil for a node without elements.
    public let element: Element?
    /// What is wrong; nil where nothing is.
    public let fault: Fault?

    /// Wrong where something is; undecided where nothing could be compared.
    public var verdict: Verdict {
      if fault != nil { return .wrong }
      return numerical?.verdict == .right || handDerived?.verdict == .right ? .right : .undecided
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
    /// What differences say, if they were taken there.
    public let numerical: NumericalDerivative?
  }

  /// Why a row is wrong.
  public enum Fault: Hashable, Sendable {
    /// The tape's gradient is wrong, and the rule of this operation, which uses the node, made it so.
    case rule(String)
    /// The tape's gradient is wrong because that of a later node is already.
    case inherited(from: String)
    /// The gradient derived by hand is wrong; with the likely slip, if one is recognised.
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
