// What a derivation holds. Of J = mean(A²), A = tanh(Z), Z = W·X + b, named by the user:
//
//   inputs      W (2, 3) variable,  X (3, 2) constant,  b (2, 1) variable
//   forward     Z = W·X + b,  A = tanh(Z),  J = (1/m)·Σ(A ⊙ A)
//   backward    ∂J/∂A = A/m + A/m,  ∂J/∂Z = ∂J/∂A ⊙ (1 − A²),  ∂J/∂W = ∂J/∂Z·Xᵀ,  ∂J/∂b = Σ_columns(∂J/∂Z)
//   count       4: m is the number of elements of A

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
  public let remarks: [Sentence]
  /// The number of elements that means are taken over, where all means agree: printed as `m`.
  public let count: Int?
  /// Whether the notes' convention stands beside each derivative: see ``besideNotesConvention``.
  var showsNotesConvention = false

  /// How much a derivation says about why its lines hold.
  public enum Detail: Sendable {
    /// The name of the rule.
    case briefly
    /// The rule in general, its use here, the shapes, and one element.
    case fully
  }

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
    /// What the equation defines: the symbol `Z1`, the derivative `∂J/∂Z1`.
    public let left: Formula
    /// The formula, and the formulas that it comes from: each step equals the next, and the last is as simple as it gets.
    public let steps: [Step]
    /// Why it holds: the rule in general, its use here, shapes, one element; empty unless asked for.
    public let explanation: [Sentence]
    /// The shape of the value.
    public var shape: Shape { value.shape }
    /// The node of the tape that is defined, or by which is differentiated; nil for a step inside a rule.
    let node: Int?
    /// The numbers.
    let value: Value

    /// What the equation defines, as formulas refer to it when they are evaluated.
    public var name: String {
      switch left {
      case .derivative(let numerator?, let name): "∂\(numerator)/∂\(name)"
      case .derivative(nil, let name): "d\(name)"
      case .symbol(let name): name
      default: left.text()
      }
    }

    /// The formula in its last form.
    public var formula: Formula { steps[steps.count - 1].formula }
  }

  /// One form of an equation's right side, and why it holds.
  public struct Step: Sendable {
    /// The right side.
    public let formula: Formula
    /// The rule that it came from, in words; empty where nothing needs saying.
    public let reason: Sentence
  }
}
