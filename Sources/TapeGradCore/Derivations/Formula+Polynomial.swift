// Multiplying out. The factor of a sigmoid, multiplied into the derivative of a cross-entropy, leaves
//
//   (1 − Y) ⊙ A − Y ⊙ (1 − A)    =    A − Y·A − Y + Y·A    =    A − Y
//
// Every monomial has its factors in order, so Y·A and A·Y are one key of a dictionary, under which 1 and −1 add up
// to 0. Element by element ⊙ commutes, which makes this right; products of matrices do not, and are not multiplied out.
//
// Such a formula is a polynomial in its names. Its terms are collected under their factors; those that cancel are gone.

extension Formula {
  /// The formula multiplied out, with equal terms collected, and a factor that all terms have in front: `(A − Y)/m`.
  /// Nil where it is more than sums and products of names, numbers and counts; a function counts as a name.
  func multipliedOut() -> Formula? {
    guard let terms = Polynomial(self)?.terms.filter({ $0.value != 0 }) else { return nil }
    // Positive terms first, then by their names: A − Y.
    let ordered = terms.sorted { a, b in
      (a.value < 0 ? 1 : 0, a.key.text) < (b.value < 0 ? 1 : 0, b.key.text)
    }
    guard let first = ordered.first else { return 0 }
    // A divisor that all terms share is written once, below all of them; so is a number.
    let divisors = ordered.allSatisfy { $0.key.divisors == first.key.divisors } ? first.key.divisors : []
    let size = ordered.allSatisfy { abs(abs($0.value) / abs(first.value) - 1) < 1e-12 } ? abs(first.value) : 1
    let parts = ordered.map { key, coefficient in
      let product = key.factors.dropFirst().reduce(key.factors.first ?? 1, *)
      let own = divisors == key.divisors ? [] : key.divisors
      return own.reduce(.number(coefficient / size) * product, /)
    }
    let sum = parts.dropFirst().reduce(parts[0], +)
    return divisors.reduce(.number(size) * sum, /).simplified()
  }
}

/// A sum of products of names.
struct Polynomial {
  /// What is multiplied in a term: names, each as often as it occurs, and the numbers and counts that divide.
  struct Monomial: Hashable {
    var factors: [Formula] = []
    var divisors: [Formula] = []

    /// By which terms are ordered.
    fileprivate var text: String { factors.map { $0.text() }.joined() }
  }

  /// The coefficient of each product.
  var terms: [Monomial: Double]

  init?(_ formula: Formula) {
    func parts(_ a: Formula, _ b: Formula) -> (Polynomial, Polynomial)? {
      guard let a = Polynomial(a), let b = Polynomial(b) else { return nil }
      return (a, b)
    }
    switch formula {
    case .symbol, .call: terms = [Monomial(factors: [formula]): 1]
    case .number(let number): terms = [Monomial(): number]
    case .negated(let a):
      guard let a = Polynomial(a) else { return nil }
      terms = a.terms.mapValues { -$0 }
    case .sum(let a, let b):
      guard let (a, b) = parts(a, b) else { return nil }
      terms = a.terms.merging(b.terms, uniquingKeysWith: +)
    case .difference(let a, let b):
      guard let (a, b) = parts(a, b) else { return nil }
      terms = a.terms.merging(b.terms.mapValues { -$0 }, uniquingKeysWith: +)
    case .product(let a, let b):
      guard let (a, b) = parts(a, b) else { return nil }
      terms = [:]
      for (one, x) in a.terms {
        for (other, y) in b.terms {
          let product = Monomial(
            factors: (one.factors + other.factors).sorted { $0.text() < $1.text() },
            divisors: one.divisors + other.divisors)
          terms[product, default: 0] += x * y
        }
      }
    // Only numbers and counts divide: by a name it would be no polynomial.
    case .quotient(let a, let divisor) where divisor.isConstant:
      guard let a = Polynomial(a) else { return nil }
      terms = Dictionary(
        uniqueKeysWithValues: a.terms.map { key, value in
          (Monomial(factors: key.factors, divisors: key.divisors + [divisor]), value)
        })
    case .implicit(_, let a) where a.isConstant:
      guard let a = Polynomial(a) else { return nil }
      terms = a.terms
    default: return nil
    }
  }

  /// k, where this is `k·W ⊙ (A − Y)`: the derivative of a binary cross-entropy, of labels Y and weights W, by the logits of
  /// A. Nil for anything else, such as `Y ⊙ (A − 1)`, which has one of the two logarithms only.
  func slope(ofCrossEntropyOf probability: Formula) -> Double? {
    let terms = terms.filter { $0.value != 0 }
    let linear = terms.filter { $0.key.factors.contains(probability) }
    guard linear.count == 1, let (term, slope) = linear.first else { return nil }
    guard let weights = term.factors.removing([probability]), !weights.contains(probability) else { return nil }
    var hasLabels = false
    for (other, _) in terms where other != term {
      guard other.divisors == term.divisors, let labels = other.factors.removing(weights) else { return nil }
      if !labels.isEmpty { hasLabels = true }
    }
    return hasLabels ? slope : nil
  }
}

extension [Formula] {
  /// The factors that are left when each of others is taken away once; nil where one of them is not there.
  fileprivate func removing(_ others: [Formula]) -> [Formula]? {
    var rest = self
    for other in others {
      guard let position = rest.firstIndex(of: other) else { return nil }
      rest.remove(at: position)
    }
    return rest
  }
}
