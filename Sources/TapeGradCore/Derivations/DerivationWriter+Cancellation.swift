// A cross-entropy that a user wrote with logarithms, of the value of a sigmoid:
//
//   A = sigmoid(Z),  J = −mean(Y ⊙ log A + (1 − Y) ⊙ log(1 − A))
//
//   ∂J/∂A = ((1 − Y)/(1 − A))/m − (Y/A)/m       as the rules of log, product and mean give it
//   ∂J/∂Z = ∂J/∂A ⊙ ∂A/∂Z
//         = (1 − Y) ⊙ A/m − Y ⊙ (1 − A)/m        A ⊙ (1 − A) cancels every denominator
//         = (A − Y)/m                            multiplied out
//
// The tape computes the second line, as it was written, and that is ∞·0 where the sigmoid saturates. The remark says which
// operation would be exact.
//
// Where the sigmoid was computed twice, `log(sigmoid(Z))` and `log(1 - sigmoid(Z))`, or written as `1 / (1 + exp(-Z))`, Z has
// several users, or one that is not a sigmoid. The sum of what they hand back is then the form that the user wrote, and the
// other two lines follow from it.

/// A cross-entropy that was written with logarithms, as the remarks speak of it.
struct WrittenCrossEntropy {
  /// What the sigmoid's value is called: `A`, or `σ(Z)`.
  let probability: Formula
  /// The node of the sigmoid, where it is one with an equation of its own; else the derivative has the user's form.
  let sigmoid: Int?
  let logits: Int
  /// Whether it is a log-likelihood, the cross-entropy's negative.
  let isNegated: Bool
}

extension DerivationWriter {
  /// How many nodes may lie between logits and their derivative: those of a cross-entropy are two dozen.
  private static let reach = 200

  /// The steps to the derivative by the operand of a sigmoid, where the denominators of what comes after it cancel.
  ///
  /// - Parameter formula: the derivative as the rules gave it.
  mutating func writtenCancellation(of index: Int, as formula: Formula) -> [Derivation.Step]? {
    guard let (terms, probability, reason) = logisticTerms(of: index),
      let expanded = terms.formula(probability: probability), let last = expanded.multipliedOut(),
      let slope = Polynomial(expanded)?.slope(ofCrossEntropyOf: probability), slope != 0
    else { return nil }
    let user = landmarks.users[index].first { _ in landmarks.users[index].count == 1 }
    let sigmoid = user.flatMap { landmarks[$0] && pass.nodes[$0].primitive is Sigmoid ? $0 : nil }
    writtenCrossEntropies.append(
      WrittenCrossEntropy(probability: probability, sigmoid: sigmoid, logits: index, isNegated: slope < 0))
    let first: Derivation.Step
    if let sigmoid {
      let inner = Formula.derivative(of: name(sigmoid), by: name(index))
      addBackward(
        inner, [.init(formula: probability * (1 - probability), reason: derivativeReason(sigmoid))],
        value: apply(SigmoidDerivative(), pass.nodes[index].value.detached),
        isExplained ? explanation(ofDerivativeOf: sigmoid) : [])
      first = .init(formula: derivative(by: sigmoid) * inner, reason: "chain rule through \(probability)")
    } else {
      first = .init(formula: formula, reason: self.reason(for: index))
    }
    return [
      first, .init(formula: expanded, reason: reason),
      .init(formula: last, reason: "multiplied out: what is left of sigmoid and cross-entropy"),
    ]
  }

  /// The derivative by a node Z as a sum of terms in the value of its sigmoid, what that value is called, and why the
  /// denominators are gone. Nil where the derivative has more in it than arithmetic, sigmoids and exponentials of Z, and
  /// where no denominator was there to cancel.
  private func logisticTerms(of logits: Int) -> (LogisticTerms, probability: Formula, reason: Sentence)? {
    guard let cotangent = pass.cotangents[logits], cotangent > pass.result else { return nil }
    var pending = [cotangent], needed: Set<Int> = []
    while let node = pending.popLast() {
      guard node > logits, needed.insert(node).inserted else { continue }
      if needed.count > Self.reach { return nil }
      pending.append(contentsOf: pass.nodes[node].operands)
    }
    var readings: [Int: LogisticTerms.Reading] = [logits: .logits(sign: 1)], probability: Formula?
    var hasDenominator = false
    for node in needed.sorted() {
      guard let primitive = pass.nodes[node].primitive else { continue }
      let operands = pass.nodes[node].operands
      guard operands.contains(where: { readings[$0] != nil }) else { continue }
      var parts: [LogisticTerms.Reading] = []
      for operand in operands {
        guard let part = readings[operand] ?? written(operand).map({ .terms(.init(withoutLogits: $0)) }) else {
          return nil
        }
        parts.append(part)
      }
      let formula = primitive.formula(
        operands.indices.map { .symbol("\($0)") }, shapes: pass.operandShapes(of: node))
      guard let reading = LogisticTerms.reading(formula, parts) else { return nil }
      readings[node] = reading
      guard case .terms(let terms) = reading else { continue }
      if terms.hasDenominator { hasDenominator = true }
      if probability == nil, terms.isProbability, node <= pass.result, landmarks[node],
        primitive is Sigmoid || pass.names[node] != nil
      {
        probability = symbol(node)
      }
    }
    guard hasDenominator, case .terms(let terms)? = readings[cotangent] else { return nil }
    let called = probability ?? .call(Sigmoid(), [symbol(logits)])
    let hasExponential = needed.contains { pass.nodes[$0].primitive is Exp }
    return (
      terms, called,
      hasExponential
        ? "written in \(called), every denominator cancels" : "\(called * (1 - called)) cancels every denominator"
    )
  }

  /// That an operation exists which would be exact.
  func remarks(on written: WrittenCrossEntropy) -> [Sentence] {
    let total = derivative(by: written.logits), logits = symbol(written.logits)
    let what = written.isNegated ? "log-likelihood" : "binary cross-entropy"
    let operation = written.isNegated ? "binaryCrossEntropy, its negative," : "binaryCrossEntropy"
    let danger: Sentence
    if let sigmoid = written.sigmoid {
      let inner = Formula.derivative(of: name(sigmoid), by: name(written.logits))
      danger = "as \(derivative(by: sigmoid) * inner), which is ∞·0 where \(written.probability) rounds to 0 or 1"
    } else {
      danger = "in its first form, which ends in NaN or ∞ where \(written.probability) rounds to 0 or 1"
    }
    return [
      """
      This is the \(what) of a sigmoid, written with logarithms: \(total) is computed \(danger). \(operation) computes the \
      last form, exact for every \(logits).
      """
    ]
  }
}
