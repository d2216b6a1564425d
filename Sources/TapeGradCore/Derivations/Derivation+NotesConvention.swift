// The convention of course notes. Their dZ2 belongs to one example: it is m times ∂J/∂Z2, since J is a mean over m
// examples. The 1/m stands in the derivatives by weights and biases, which sum over the examples:
//
//   ∂J/∂Z2 = (A2 − Y)/m          dZ2 = A2 − Y                 m times as large
//   ∂J/∂W2 = ∂J/∂Z2·A1ᵀ          dW2 = (1/m)·dZ2·A1ᵀ          the same numbers
//   ∂J/∂A1 = W2ᵀ·∂J/∂Z2          dA1 = W2ᵀ·dZ2                m times as large
//
// With m = 569: where A2 − Y is −0.0038, dZ2 is just that, and ∂J/∂Z2 is −6.7e-06.
//
// Every cotangent is linear in those that it comes from, so one walk takes the 1/m out of any of them.

extension Derivation {
  /// The derivation in the convention of course notes: `dZ2 = A2 − Y`, `dW2 = (1/m)·dZ2·A1ᵀ`. Nil where no mean is taken, or
  /// several over different numbers of elements.
  ///
  /// Derivatives by variables are the same numbers as before; those by all other nodes are m times as large, the
  /// derivative of one example's loss.
  public var inNotesConvention: Derivation? {
    // The m of the mean, if there is exactly one: else it is not clear what one example's share is.
    guard let count else { return nil }
    let variables = Set(inputs.filter(\.isVariable).map(\.name))
    let convention = NotesConvention(result: result, count: count, variables: variables)
    let names = backward.compactMap { $0.node == nil ? nil : $0.left.denominator }
    // Variables keep their numbers; what lies between them and the loss is multiplied by m.
    let (scaled, kept) = (names.filter { !variables.contains($0) }, names.filter { variables.contains($0) })
    func list(_ names: [String]) -> Sentence {
      names.map { "\(Formula.derivative(of: nil, by: $0))" as Sentence }.joined(separator: ", ")
    }
    var remarks = remarks.filter { !$0.mentionsNotesConvention }
    if !scaled.isEmpty, !kept.isEmpty {
      let example = Formula.derivative(of: result, by: scaled[0])
      remarks.append(
        """
        As in course notes, \(list(scaled)) belong to one example: \(Formula.derivative(of: nil, by: scaled[0])) is \
        \(.count(count) * example), and so on. The \(1 / .count(count)) of the mean stands in \(list(kept)).
        """)
    }
    return Derivation(
      result: result, inputs: inputs, forward: forward, backward: backward.map(convention.equation), remarks: remarks,
      count: count)
  }

  /// The derivation with each derivative in the notes' convention beside it, in every format.
  public var besideNotesConvention: Derivation {
    var derivation = self
    derivation.showsNotesConvention = true
    return derivation
  }
}

/// Takes the 1/m of the mean out of cotangents, or brings it before them.
private struct NotesConvention {
  let result: String
  let count: Int
  let variables: Set<String>

  func equation(_ equation: Derivation.Equation) -> Derivation.Equation {
    // ∂A/∂Z of an element-wise function is not a cotangent: nothing of it is scaled, only its symbols are the notes'.
    let isCotangent = equation.node != nil
    guard isCotangent, let name = equation.left.denominator else { return equation.with(left: equation.left, atOnce) }
    let left = Formula.derivative(of: nil, by: name)
    if variables.contains(name) { return equation.with(left: left, atOnce) }
    return equation.with(left: left, scaledBy: Double(count)) { forOneExample($0).simplified() }
  }

  /// G for F = G/m, in the notes' symbols.
  private func forOneExample(_ formula: Formula) -> Formula {
    switch formula {
    case .derivative(of: result, let name) where !variables.contains(name): return .derivative(of: nil, by: name)
    // (A2 − Y)/m loses its m here. Where the numerator carries another 1/m, this one is an ordinary number and stays.
    case .quotient(let a, .count(count)): return carries(a) ? forOneExample(a) / .count(count) : a
    case .quotient(let a, let b) where carries(a): return forOneExample(a) / b
    case .negated(let a): return -forOneExample(a)
    case .sum(let a, let b): return forOneExample(a) + forOneExample(b)
    case .difference(let a, let b): return forOneExample(a) - forOneExample(b)
    // Of a product one factor carries the 1/m: a rule is linear in the cotangent, which occurs once in it.
    case .product(let a, let b) where carries(a): return forOneExample(a) * b
    case .product(let a, let b) where carries(b): return a * forOneExample(b)
    case .matrixProduct(let a, let b) where carries(a): return .matrixProduct(forOneExample(a), b)
    case .matrixProduct(let a, let b) where carries(b): return .matrixProduct(a, forOneExample(b))
    case .transposed(let a): return .transposed(forOneExample(a))
    case .reduction(let primitive, let a, let axes) where primitive is any Linear && carries(a):
      return .reduction(primitive, forOneExample(a), over: axes)
    case .implicit(let primitive, let a) where primitive is any Linear && carries(a):
      return .implicit(primitive, forOneExample(a))
    case .call(let primitive, let operands) where primitive is any Linear && carries(operands[0]):
      return .call(primitive, [forOneExample(operands[0])])
    // Nothing is known to take m from: it is written in front.
    default: return .count(count) * atOnce(formula)
    }
  }

  /// The formula in the notes' symbols, with the 1/m in front of each term that has one.
  private func atOnce(_ formula: Formula) -> Formula {
    switch formula {
    case .sum(let a, let b): return atOnce(a) + atOnce(b)
    case .difference(let a, let b): return atOnce(a) - atOnce(b)
    case .negated(let a): return -atOnce(a)
    case .derivative(of: result, let name) where variables.contains(name): return .derivative(of: nil, by: name)
    default:
      if !carries(formula) { return formula.isSymbol ? formula : formula.mapParts(atOnce) }
      // m·F/m is F again; else F = (1/m)·G.
      switch forOneExample(formula).simplified() {
      case .product(.count(count), let a): return a
      case .negated(let a): return -(1 / .count(count) * a)
      case let one: return 1 / .count(count) * one
      }
    }
  }

  /// Whether there is a cotangent or a 1/m in the formula that a linear operation hands on.
  private func carries(_ formula: Formula) -> Bool {
    switch formula {
    case .derivative(of: result, let name): !variables.contains(name)
    case .quotient(let a, let b): b == .count(count) || carries(a)
    case .negated(let a), .transposed(let a), .implicit(_, let a), .reduction(_, let a, _): carries(a)
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b), .matrixProduct(let a, let b):
      carries(a) || carries(b)
    case .call(let primitive, let operands): primitive is any Linear && carries(operands[0])
    default: false
    }
  }
}

extension Derivation.Equation {
  /// The equation with another left side and each right side transformed; its value scaled.
  fileprivate func with(
    left: Formula, scaledBy factor: Double = 1, _ transform: (Formula) -> Formula
  ) -> Derivation.Equation {
    Derivation.Equation(
      left: left, steps: steps.map { Derivation.Step(formula: transform($0.formula), reason: $0.reason) },
      explanation: explanation, node: node, value: factor == 1 ? value : apply(Scale(factor: factor), value))
  }
}

extension Formula {
  /// Z for ∂J/∂Z.
  var denominator: String? {
    if case .derivative(_, let name) = self { name } else { nil }
  }

  /// Whether a derivative of the notes occurs, such as dZ.
  fileprivate var mentionsNotesConvention: Bool {
    if case .derivative(nil, _) = self { return true }
    return parts.contains(where: \.mentionsNotesConvention)
  }
}

extension Sentence {
  fileprivate var mentionsNotesConvention: Bool {
    parts.contains { part in
      if case .formula(let formula) = part { formula.mentionsNotesConvention } else { false }
    }
  }
}
