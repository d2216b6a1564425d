/// A recorded computation and its derivatives, as a textbook would derive them: the forward equations, then the backward
/// pass from the result to the inputs, each line with its shape and the rule it came from.
///
/// The formulas are trees, apart from how they are printed; each evaluates to what the tape computes.
public struct Derivation: Sendable {
  /// What is differentiated: `J`.
  public let result: String
  /// The variables and constants that the computation starts from.
  public let inputs: [Input]
  /// The computation, in order.
  public let forward: [Equation]
  /// The derivatives of the result, in the order in which the chain rule reaches them.
  public let backward: [Equation]
  /// Remarks that need a sentence: what `m` counts, which cancellation was used.
  public let remarks: [String]
  /// The number of elements that means are taken over, where all means agree: printed as `m`.
  public let count: Int?

  /// A variable or a constant.
  public struct Input: Sendable {
    /// Its name: the user's, or one like `x1`, `c1`.
    public let name: String
    /// Whether it is a variable, so that a derivative by it is asked for.
    public let isVariable: Bool
    /// Its shape.
    public var shape: Shape { value.shape }

    let value: Value
  }

  /// `name = formula`, derived in one step or several.
  public struct Equation: Sendable {
    /// What the equation defines: `Z1`, `∂J/∂Z1`.
    public let name: String
    /// The formula, and the formulas that it comes from: each step equals the next, and the last is as simple as it gets.
    public let steps: [Step]
    /// The shape of the value.
    public let shape: Shape
    /// The node of the tape that is defined, or by which is differentiated; nil for a step inside a rule.
    let node: Int?

    /// The formula in its last form.
    public var formula: Formula { steps[steps.count - 1].formula }
  }

  /// One form of an equation's right side, and why it holds.
  public struct Step: Sendable {
    /// The right side.
    public let formula: Formula
    /// The rule that it came from, in words; empty where nothing needs saying.
    public let reason: String
  }
}
