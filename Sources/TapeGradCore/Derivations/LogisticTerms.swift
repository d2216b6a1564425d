// What is left of a cross-entropy and the sigmoid before it, however a user wrote the two. With A = σ(Z), every number on
// the way is a sum of terms, each a product of names with powers of A and of 1 − A:
//
//   sigmoid(Z), 1/(1 + exp(−Z))         A
//   sigmoid(−Z), 1 − sigmoid(Z)         1 − A
//   exp(−Z)                             (1 − A)/A
//   1 + exp(−Z)                         1/A
//   (Y/A) ⊙ A ⊙ (1 − A)                 Y ⊙ (1 − A)
//
// Powers add up in a product, so a denominator that cancels is gone, in whatever order the rules multiplied. A term that
// keeps a negative power has a denominator that nothing cancels.

/// A sum of products of names, of powers of `A = σ(Z)` and of powers of `1 − A`.
struct LogisticTerms {
  /// `coefficient ⊙ factors ⊙ Aᵖ ⊙ (1 − A)ᑫ / divisors`.
  struct Term {
    var coefficient = 1.0
    var factors: [Formula] = []
    var divisors: [Formula] = []
    /// The powers of A and of 1 − A.
    var power = 0, complement = 0

    /// Whether this is `c·Aᵖ ⊙ (1 − A)ᑫ` and nothing else.
    fileprivate func isPlain(_ c: Double, _ p: Int, _ q: Int) -> Bool {
      coefficient == c && power == p && complement == q && factors.isEmpty && divisors.isEmpty
    }
  }

  private(set) var terms: [Term]

  /// More terms than a cross-entropy has, so that products of sums stay small.
  private static let limit = 24

  /// The logits themselves, `Z` or `−Z`, or what was made of them.
  enum Reading {
    case logits(sign: Double)
    case terms(LogisticTerms)
  }

  private init(_ terms: [Term]) { self.terms = terms }

  /// A formula in which Z does not occur: its numbers and constant divisors apart, one factor.
  init(withoutLogits formula: Formula) {
    switch formula {
    case .number(let number): terms = [Term(coefficient: number)]
    case .negated(let a): terms = LogisticTerms(withoutLogits: a).scaled(by: -1).terms
    case .implicit(_, let a) where a.isConstant: terms = LogisticTerms(withoutLogits: a).terms
    case .product(let a, let b): terms = LogisticTerms(withoutLogits: a).times(LogisticTerms(withoutLogits: b)).terms
    case .quotient(let a, let divisor) where divisor.isConstant:
      terms = LogisticTerms(withoutLogits: a).divided(by: divisor).terms
    default: terms = [Term(factors: [formula])]
    }
  }

  /// What an operation reads as, of operands that are read already: `"0"` in the formula stands for the first one. Nil
  /// where it is more than arithmetic, sigmoids and exponentials.
  static func reading(_ formula: Formula, _ operands: [Reading]) -> Reading? {
    func part(_ formula: Formula) -> Reading? { reading(formula, operands) }
    func terms(_ formula: Formula) -> LogisticTerms? {
      if case .terms(let terms)? = part(formula) { terms } else { nil }
    }
    func checked(_ terms: LogisticTerms?) -> Reading? {
      terms.flatMap { $0.terms.count <= limit ? .terms($0) : nil }
    }
    switch formula {
    case .symbol(let name): return Int(name).map { operands[$0] }
    case .number, .count: return .terms(LogisticTerms(withoutLogits: formula))
    case .implicit(_, let a) where a.isConstant: return part(a)
    case .negated(let a):
      if case .logits(let sign)? = part(a) { return .logits(sign: -sign) }
      return checked(terms(a)?.scaled(by: -1))
    case .sum(let a, let b):
      guard let a = terms(a), let b = terms(b) else { return nil }
      return checked(a.plus(b))
    case .difference(let a, let b):
      guard let a = terms(a), let b = terms(b) else { return nil }
      return checked(a.plus(b.scaled(by: -1)))
    case .product(let a, let b):
      guard let a = terms(a), let b = terms(b) else { return nil }
      return checked(a.times(b))
    case .quotient(let a, let b):
      guard let a = terms(a) else { return nil }
      if b.isConstant { return checked(a.divided(by: b)) }
      return checked(terms(b)?.inverse.map { a.times($0) })
    case .power(let a, 2): return checked(terms(a).map { $0.times($0) })
    case .call(let primitive, let parts):
      guard parts.count == 1, case .logits(let sign)? = part(parts[0]) else { return nil }
      switch primitive {
      case is Sigmoid: return .terms(LogisticTerms([sign > 0 ? Term(power: 1) : Term(complement: 1)]))
      case is Exp:
        return .terms(LogisticTerms([sign > 0 ? Term(power: 1, complement: -1) : Term(power: -1, complement: 1)]))
      default: return nil
      }
    default: return nil
    }
  }

  // MARK: Arithmetic

  private func scaled(by factor: Double) -> LogisticTerms {
    LogisticTerms(
      terms.map { term in
        var term = term
        term.coefficient *= factor
        return term
      })
  }

  private func divided(by divisor: Formula) -> LogisticTerms {
    LogisticTerms(
      terms.map { term in
        var term = term
        term.divisors.append(divisor)
        return term
      })
  }

  private func times(_ other: LogisticTerms) -> LogisticTerms {
    LogisticTerms(
      terms.flatMap { a in
        other.terms.map { b in
          Term(
            coefficient: a.coefficient * b.coefficient, factors: a.factors + b.factors,
            divisors: a.divisors + b.divisors,
            power: a.power + b.power, complement: a.complement + b.complement)
        }
      })
  }

  /// The sum; the four sums that are one power are taken as that: `1 − A`, `1 − (1 − A)`, `1 + exp(−Z)`, `1 + exp(Z)`.
  private func plus(_ other: LogisticTerms) -> LogisticTerms {
    let sum = terms + other.terms
    guard sum.count == 2, let one = sum.firstIndex(where: { $0.isPlain(1, 0, 0) }) else { return LogisticTerms(sum) }
    let rest = sum[1 - one]
    if rest.isPlain(-1, 1, 0) { return LogisticTerms([Term(complement: 1)]) }
    if rest.isPlain(-1, 0, 1) { return LogisticTerms([Term(power: 1)]) }
    if rest.isPlain(1, -1, 1) { return LogisticTerms([Term(power: -1)]) }
    if rest.isPlain(1, 1, -1) { return LogisticTerms([Term(complement: -1)]) }
    return LogisticTerms(sum)
  }

  /// `1/self`, of powers of A and 1 − A alone.
  private var inverse: LogisticTerms? {
    guard terms.count == 1, terms[0].factors.isEmpty, terms[0].divisors.isEmpty else { return nil }
    let term = terms[0]
    return LogisticTerms([Term(coefficient: 1 / term.coefficient, power: -term.power, complement: -term.complement)])
  }

  // MARK: What it says

  /// Whether this is A itself.
  var isProbability: Bool { terms.count == 1 && terms[0].isPlain(1, 1, 0) }

  /// Whether a denominator is A or 1 − A.
  var hasDenominator: Bool { terms.contains { $0.power < 0 || $0.complement < 0 } }

  /// The sum as a formula in A, positive terms first: `(1 − Y) ⊙ A/m − Y ⊙ (1 − A)/m`.
  func formula(probability: Formula) -> Formula? {
    if terms.isEmpty || hasDenominator { return nil }
    let ordered = terms.filter { $0.coefficient > 0 } + terms.filter { $0.coefficient <= 0 }
    let parts = ordered.map { term in
      let powers =
        Array(repeating: probability, count: term.power) + Array(repeating: 1 - probability, count: term.complement)
      let factors = term.factors + powers
      return term.divisors.reduce(.number(term.coefficient) * factors.dropFirst().reduce(factors.first ?? 1, *), /)
    }
    return parts.dropFirst().reduce(parts[0], +).simplified()
  }
}
