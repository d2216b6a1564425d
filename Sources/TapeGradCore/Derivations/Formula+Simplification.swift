// What a reader would not write: factors of 1, double signs, a 1/m deep inside. Only identities that keep the value.
//
//   what the rules recorded                   what a reader gets
//   1 ⊙ (1 − A²)                              1 − A²
//   −(−Z)                                     Z
//   ((A − Y)/m) ⊙ 2                           2·(A − Y)/m                 numbers first, divisors last
//   (−D)·Xᵀ                                   −D·Xᵀ                       the sign is the product's, not D's
//   tanh(W·X + b), known as A                 A
//
// Parts are simple before what they are part of, so each rule below looks at one operation and its parts. No rule
// multiplies out or factors: the formula stays recognizable as what was computed.

extension Formula {
  /// The formula as one would write it, with every part that is known under a name replaced by that name.
  func simplified(recognizing known: [Formula: String] = [:]) -> Formula {
    // From the leaves up; what has become simple may be something that has a name by now.
    let result = mapParts { $0.simplified(recognizing: known) }.rewritten
    return known[result].map { .symbol($0) } ?? result
  }

  /// This formula, whose parts are simple already, made simple.
  private var rewritten: Formula {
    switch self {
    case .negated(let a): negative(of: a)
    case .sum(let a, let b): elementwise(a, b, Formula.simpleSum)
    case .difference(let a, let b): elementwise(a, negative(of: b), Formula.simpleSum)
    case .product(let a, let b): elementwise(a, b, Formula.simpleProduct)
    case .quotient(let a, let b): elementwise(a, b, Formula.simpleQuotient)
    case .power(let a, .number(1)): a
    // Signs move out of a product, so that a sum around it sees them and becomes a difference.
    case .matrixProduct(.negated(let a), let b): negative(of: Formula.matrixProduct(a, b).rewritten)
    case .matrixProduct(let a, .negated(let b)): negative(of: .matrixProduct(a, b))
    case .transposed(.transposed(let a)): a
    case .transposed(.negated(let a)): negative(of: .transposed(a))
    case .reduction(let primitive, .negated(let a), let axes) where primitive is any Linear:
      negative(of: .reduction(primitive, a, over: axes))
    case .implicit(let primitive, let a) where primitive is any Linear: movedOutside(primitive, a)
    default: self
    }
  }

  /// A sign and a divisor, outside a linear operation that shows as its operand.
  private func movedOutside(_ primitive: any Primitive, _ a: Formula) -> Formula {
    switch a {
    case .negated(let b): negative(of: .implicit(primitive, b))
    // A broadcast of b/m is b/m of each element: the divisor shows once, outside.
    case .quotient(let b, let n) where n.isConstant && !b.isConstant: .quotient(.implicit(primitive, b), n)
    default: .implicit(primitive, a)
    }
  }

  /// `−a`.
  private func negative(of a: Formula) -> Formula {
    switch a {
    case .number(let x): .number(-x)
    case .negated(let b): b
    case .implicit(let primitive, let c) where c.isConstant: .implicit(primitive, negative(of: c))
    default: .negated(a)
    }
  }

  /// An operation on each element needs no broadcast numbers, as long as one operand has the result's shape.
  private func elementwise(_ a: Formula, _ b: Formula, _ operation: (Formula, Formula) -> Formula) -> Formula {
    switch (a, b) {
    case (.implicit(let primitive, let c), let d) where c.isConstant && d.isConstant,
      (let c, .implicit(let primitive, let d)) where c.isConstant && d.isConstant:
      .implicit(primitive, elementwise(c, d, operation))
    default: operation(a.unbroadcast, b.unbroadcast)
    }
  }

  /// A broadcast number as the number.
  private var unbroadcast: Formula {
    if case .implicit(_, let a) = self, a.isConstant { return a.unbroadcast }
    return self
  }

  /// `a + b`, with signs that show as differences.
  private static func simpleSum(_ a: Formula, _ b: Formula) -> Formula {
    switch (a, b) {
    case (.number(let x), .number(let y)): .number(x + y)
    case (.number(0), _): b
    case (_, .number(0)): a
    case (_, .number(let y)) where y < 0: .difference(a, .number(-y))
    case (_, .negated(let b)): .difference(a, b)
    case (.negated(let a), _): .difference(b, a)
    default: .sum(a, b)
    }
  }

  /// `a ⊙ b`: signs and divisors outside, numbers first.
  private static func simpleProduct(_ a: Formula, _ b: Formula) -> Formula {
    switch (a, b) {
    case (.number(let x), .number(let y)): .number(x * y)
    case (.number(1), _): b
    case (_, .number(1)): a
    case (.number(let x), _) where x < 0: .negated(simpleProduct(.number(-x), b))
    case (.negated(let a), .negated(let b)): simpleProduct(a, b)
    case (.negated(let a), let b), (let a, .negated(let b)): .negated(simpleProduct(a, b))
    case (_, .number): simpleProduct(b, a)
    case (.number(let x), .product(.number(let y), let c)): simpleProduct(.number(x * y), c)
    case (.product(.number(let x), let a), _): simpleProduct(.number(x), simpleProduct(a, b))
    case (_, .product(.number(let x), let b)): simpleProduct(.number(x), simpleProduct(a, b))
    case (.quotient(let c, let n), .reduction) where c.isConstant && n.isConstant: .product(a, b)  // (1/m)·Σ
    case (.quotient(let a, let n), _) where n.isConstant: simpleQuotient(simpleProduct(a, b), n)
    case (_, .quotient(let b, let n)) where n.isConstant: simpleQuotient(simpleProduct(a, b), n)
    case (_, .quotient(.number(let x), let b)): simpleProduct(.number(x), simpleQuotient(a, b))
    case (.quotient(.number(let x), let c), _): simpleProduct(.number(x), simpleQuotient(b, c))
    default: .product(a, b)
    }
  }

  /// `a / b`, with the sign outside.
  private static func simpleQuotient(_ a: Formula, _ b: Formula) -> Formula {
    switch (a, b) {
    case (_, .number(1)): a
    case (.number(let x), _) where x < 0: .negated(.quotient(.number(-x), b))
    case (.negated(let a), _): .negated(simpleQuotient(a, b))
    case (.quotient(let a, let c), _) where b == c: .quotient(a, b.squared)
    case (.quotient(let a, let c), _) where !b.isConstant && !c.isConstant: .quotient(a, c * b)
    default: .quotient(a, b)
    }
  }
}
