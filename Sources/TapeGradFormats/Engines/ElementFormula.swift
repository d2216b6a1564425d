// Between the kernels, which are written in C, and other engines, which have words for some functions: softplus, say,
// is not a word of StableHLO, but max(x, 0) + log1p(exp(−|x|)) is made of such. As a tree,
//
//   add ├ choice(x > 0, then x, else 0)
//       └ log1p ─ exp ─ negate ─ absolute ─ x
//
// A writer walks the tree from the leaves up and writes an operation for each node.

/// What a function of elements computes, in operations that other engines have.
///
/// Of relu: `.choice(x, .atMost, 0, then: 0, else: x)`.
indirect enum ElementFormula: Hashable, Sendable {
  /// Operand i of the function.
  case operand(Int)
  /// The number that the function takes beside its operands.
  case parameter
  case number(Double)
  case operation(ElementOperation, [ElementFormula])
  /// One of two formulas, as two others compare.
  case choice(ElementFormula, ElementComparison, ElementFormula, then: ElementFormula, else: ElementFormula)
}

extension ElementFormula: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  init(floatLiteral number: Double) { self = .number(number) }
  init(integerLiteral number: Int) { self = .number(Double(number)) }

  // Formulas are put together as they are written on paper.
  static let nan = Self.number(.nan), infinity = Self.number(.infinity)

  static prefix func - (x: Self) -> Self { .operation(.negate, [x]) }
  static func + (a: Self, b: Self) -> Self { .operation(.add, [a, b]) }
  static func - (a: Self, b: Self) -> Self { .operation(.subtract, [a, b]) }
  static func * (a: Self, b: Self) -> Self { .operation(.multiply, [a, b]) }
  static func / (a: Self, b: Self) -> Self { .operation(.divide, [a, b]) }
  static func apply(_ operation: ElementOperation, _ x: Self...) -> Self { .operation(operation, x) }

  /// All operations in it.
  var operations: Set<ElementOperation> {
    switch self {
    case .operand, .parameter, .number: []
    case .operation(let operation, let x): x.reduce([operation]) { $0.union($1.operations) }
    case .choice(let a, _, let b, let then, let otherwise):
      [a, b, then, otherwise].reduce([]) { $0.union($1.operations) }
    }
  }

  /// `then` where the comparison holds, and the other formula elsewhere.
  func choosing(_ comparison: ElementComparison, _ other: Self, _ then: Self, else otherwise: Self) -> Self {
    .choice(self, comparison, other, then: then, else: otherwise)
  }
}
