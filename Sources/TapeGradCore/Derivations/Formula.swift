// Formulas as trees. (A − Y)/m is
//
//   quotient
//   ├ difference
//   │ ├ symbol A
//   │ └ symbol Y
//   └ count 10          printed as m, or as 10
//
// A tree can be simplified, compared, printed and evaluated, where a text could be printed only.

/// A formula: how a computation reads, as a tree that can be printed and evaluated.
///
/// A primitive says in `formula(_:)` how it reads, given how its operands do, with the operators below:
/// `1 - .call(Tanh(), [x]).squared`.
public indirect enum Formula: Sendable {
  /// A named value.
  case symbol(String)
  /// A derivative by a named value, `∂J/∂Z`; without a numerator, the derivative of one example as course notes write it,
  /// `dZ`.
  case derivative(of: String?, by: String)
  /// A number.
  case number(Double)
  /// How many elements a mean was taken over: printed as `m` where all counts of a derivation agree.
  case count(Int)
  /// `−a`.
  case negated(Formula)
  /// `a + b`.
  case sum(Formula, Formula)
  /// `a − b`.
  case difference(Formula, Formula)
  /// `a ⊙ b`, element by element.
  case product(Formula, Formula)
  /// `a / b`, element by element.
  case quotient(Formula, Formula)
  /// `aᵇ`, element by element.
  case power(Formula, Formula)
  /// `a·b`, the matrix product.
  case matrixProduct(Formula, Formula)
  /// `aᵀ`.
  case transposed(Formula)
  /// A primitive that folds axes, and which (`columns`, `rows`, `axis 2`; empty for all): printed as `Σ_columns(a)`.
  case reduction(any Primitive, Formula, over: String)
  /// A primitive applied to its operands: printed as `name(a, b)`.
  case call(any Primitive, [Formula])
  /// `a` where x > 0, `b` elsewhere.
  case cases(positive: Formula, Formula, otherwise: Formula)
  /// A primitive that a reader's eye passes over (a broadcast, a reshape): printed as its operand.
  case implicit(any Primitive, Formula)
}

extension Formula: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A number.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
}

extension Formula {
  /// `a + b`.
  public static func + (a: Formula, b: Formula) -> Formula { .sum(a, b) }
  /// `a − b`.
  public static func - (a: Formula, b: Formula) -> Formula { .difference(a, b) }
  /// `a ⊙ b`.
  public static func * (a: Formula, b: Formula) -> Formula { .product(a, b) }
  /// `a / b`.
  public static func / (a: Formula, b: Formula) -> Formula { .quotient(a, b) }
  /// `−a`.
  public static prefix func - (a: Formula) -> Formula { .negated(a) }
  /// `a²`.
  public var squared: Formula { .power(self, 2) }
}
