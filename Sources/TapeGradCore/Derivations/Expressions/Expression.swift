// An expression as a tree: what somebody wrote, or what a derivation printed.
//
//   mean((W*x + b - y)^2)
//
//   call mean
//   └ power
//     ├ difference
//     │ ├ sum
//     │ │ ├ matrix product W, x
//     │ │ └ b
//     │ └ y
//     └ 2
//
// It is not a `Formula`: that knows the primitives and shapes behind what is printed; this knows text only. So reading a
// printed formula and computing with what was read shows that the text says all that there is to say.

/// The syntax tree of an expression, each node with the place where it stands.
package struct Expression: Hashable {
  /// What the node is.
  indirect enum Kind: Hashable {
    case number(Double)
    /// A name; a derivative's is `∂J/∂Z`.
    case name(String)
    case negated(Expression)
    case binary(Operator, Expression, Expression)
    case power(Expression, Expression)
    case transposed(Expression)
    /// `name[parameters](arguments)` or `name_axes(arguments)`.
    case call(String, parameters: String, axes: String, [Expression])
    /// `{a where x > 0, b elsewhere}`.
    case cases(positive: Expression, Expression, otherwise: Expression)
  }

  /// How high an expression may be, as a sum of so many terms is: walks over the tree call themselves, as does its release,
  /// and a stack is finite. Derivations of longer ones would have thousands of lines.
  static let highest = 1_000

  /// What stands between two operands.
  enum Operator: String {
    case plus = "+", minus = "−", product = "·", elementwise = "⊙", quotient = "/", less = "<", equal = "="
  }

  let kind: Kind
  /// How many characters stand before the node's own sign or name.
  let offset: Int
  /// How many nodes stand below one another, from this one down to the farthest leaf.
  let height: Int
  /// Whether the matrix `ones` occurs.
  let mentionsOnes: Bool
  /// The hash of `kind`. It is kept, as the two above are, because each part of a long expression is asked for it, and to
  /// compute it anew would take a walk over the whole part.
  private let kindHash: Int

  init(kind: Kind, offset: Int) {
    self.kind = kind
    self.offset = offset
    let parts = kind.parts
    height = 1 + (parts.map(\.height).max() ?? 0)
    if case .name("ones") = kind { mentionsOnes = true } else { mentionsOnes = parts.contains(where: \.mentionsOnes) }
    kindHash = kind.hashValue
  }

  /// The same text means the same, wherever it stands.
  package static func == (a: Expression, b: Expression) -> Bool { a.kindHash == b.kindHash && a.kind == b.kind }

  /// Agrees with `==`.
  package func hash(into hasher: inout Hasher) { hasher.combine(kindHash) }

  /// The names that occur and are not those of functions, in the order in which they are met.
  package var names: [String] {
    var names: [String] = []
    func visit(_ expression: Expression) {
      if case .name(let name) = expression.kind, !names.contains(name) { names.append(name) }
      expression.kind.parts.forEach(visit)
    }
    visit(self)
    return names
  }

  /// What a chain goes on with: the operand on the left, which may be a chain itself, as x + y in x + y + z.
  var leftOperand: Expression? {
    switch kind {
    case .negated(let a), .transposed(let a), .binary(_, let a, _), .power(let a, _): a
    case .number, .name, .call, .cases: nil
    }
  }
}

extension Expression.Kind {
  /// The expressions directly below, in the order in which they are read.
  fileprivate var parts: [Expression] {
    switch self {
    case .number, .name: []
    case .negated(let a), .transposed(let a): [a]
    case .binary(_, let a, let b), .power(let a, let b): [a, b]
    case .call(_, _, _, let arguments): arguments
    case .cases(let x, let a, let b): [a, x, b]
    }
  }
}
