extension Formula {
  /// `self ⊙ factor` multiplied out, where every denominator cancels against a factor of `factor`: from
  /// `−(y/a − (1 − y)/(1 − a))/m` and `a ⊙ (1 − a)`, `−(y ⊙ (1 − a) − (1 − y) ⊙ a)/m`. Nil where one does not.
  func multiplied(cancelling factor: Formula) -> Formula? {
    switch self {
    case .negated(let a): return a.multiplied(cancelling: factor).map { -$0 }
    case .sum(let a, let b): return both(a, b, factor, +)
    case .difference(let a, let b): return both(a, b, factor, -)
    case .quotient(let a, let n) where n.isConstant: return a.multiplied(cancelling: factor).map { $0 / n }
    case .quotient(let a, let b):
      var factors = factor.factors
      guard let position = factors.firstIndex(of: b) else { return nil }
      factors.remove(at: position)
      return factors.reduce(a, *)
    default: return nil
    }
  }

  private func both(
    _ a: Formula, _ b: Formula, _ factor: Formula, _ operation: (Formula, Formula) -> Formula
  ) -> Formula? {
    guard let a = a.multiplied(cancelling: factor), let b = b.multiplied(cancelling: factor) else { return nil }
    return operation(a, b)
  }

  /// `[a, b, c]` for `a ⊙ b ⊙ c`.
  private var factors: [Formula] {
    if case .product(let a, let b) = self { return a.factors + b.factors }
    return [self]
  }
}
