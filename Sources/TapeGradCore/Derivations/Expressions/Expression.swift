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

  /// What stands between two operands.
  enum Operator: String {
    case plus = "+", minus = "−", product = "·", elementwise = "⊙", quotient = "/", less = "<", equal = "="
  }

  let kind: Kind
  /// How many characters stand before the node's own sign or name.
  let offset: Int

  /// The same text means the same, wherever it stands.
  package static func == (a: Expression, b: Expression) -> Bool { a.kind == b.kind }

  /// Agrees with `==`.
  package func hash(into hasher: inout Hasher) { hasher.combine(kind) }

  /// The names that occur and are not those of functions, in the order in which they are met.
  package var names: [String] {
    var names: [String] = []
    func visit(_ expression: Expression) {
      switch expression.kind {
      case .number: break
      case .name(let name): if !names.contains(name) { names.append(name) }
      case .negated(let a), .transposed(let a): visit(a)
      case .binary(_, let a, let b), .power(let a, let b):
        visit(a)
        visit(b)
      case .call(_, _, _, let arguments): arguments.forEach(visit)
      case .cases(let x, let a, let b):
        visit(a)
        visit(x)
        visit(b)
      }
    }
    visit(self)
    return names
  }

  /// Whether a name occurs.
  func mentions(_ name: String) -> Bool { names.contains(name) }
}
