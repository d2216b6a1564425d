// The cancellation that course notes show for a sigmoid and its cross-entropy:
//
//   ∂J/∂A = −(Y/A − (1 − Y)/(1 − A))/m
//   ∂A/∂Z = A ⊙ (1 − A)
//   ∂J/∂Z = ∂J/∂A ⊙ ∂A/∂Z = −(Y ⊙ (1 − A) − (1 − Y) ⊙ A)/m
//
// The factor A ⊙ (1 − A) goes into both fractions. In the first it cancels A and leaves 1 − A; in the second it cancels
// 1 − A and leaves A. That the rest is (A − Y)/m the tape itself says, which computes it so. A factor that leaves a
// denominator standing is not multiplied in: that would make the formula longer and show nothing.

extension Formula {
  /// `self ⊙ factor` multiplied out, where every denominator cancels against a factor of `factor`: from
  /// `−(y/a − (1 − y)/(1 − a))/m` and `a ⊙ (1 − a)`, `−(y ⊙ (1 − a) − (1 − y) ⊙ a)/m`. Nil where one does not.
  func multiplied(cancelling factor: Formula) -> Formula? {
    switch self {
    case .negated(let a): return a.multiplied(cancelling: factor).map { -$0 }
    case .sum(let a, let b): return both(a, b, factor, +)
    case .difference(let a, let b): return both(a, b, factor, -)
    case .product(let n, let a) where n.isConstant: return a.multiplied(cancelling: factor).map { n * $0 }
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
