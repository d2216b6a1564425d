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

extension DerivationWriter {
  /// The steps to the derivative by the operand of a sigmoid, where the denominators of what comes after it cancel.
  mutating func writtenCancellation(of index: Int) -> [Derivation.Step]? {
    guard landmarks.users[index].count == 1, let node = landmarks.users[index].first, landmarks[node],
      pass.nodes[node].primitive is Sigmoid, pass.passedBy[node] == nil,
      let outer = backward.last(where: { $0.node == node })?.formula
    else { return nil }
    let probability = symbol(node), slope = probability * (1 - probability)
    guard let expanded = outer.multiplied(cancelling: slope)?.simplified(), let last = expanded.multipliedOut(),
      last.length < expanded.length
    else { return nil }
    let inner = Formula.derivative(of: name(node), by: name(index))
    addBackward(
      inner, [.init(formula: slope, reason: derivativeReason(node))],
      value: apply(SigmoidDerivative(), pass.nodes[index].value.detached),
      isExplained ? explanation(ofDerivativeOf: node) : [])
    writtenCrossEntropies.append((node, index))
    return [
      .init(formula: derivative(by: node) * inner, reason: "chain rule through \(probability)"),
      .init(formula: expanded, reason: "\(slope) cancels every denominator"),
      .init(formula: last, reason: "multiplied out: what is left of sigmoid and cross-entropy"),
    ]
  }

  /// That an operation exists which would be exact.
  func remarks(onWritten probabilities: Int, logits: Int) -> [Sentence] {
    let (outer, total) = (derivative(by: probabilities), derivative(by: logits))
    let inner = Formula.derivative(of: name(probabilities), by: name(logits))
    return [
      """
      This is the binary cross-entropy of a sigmoid, written with logarithms: \(total) is computed as \(outer * inner), \
      which is ∞·0 where \(symbol(probabilities)) rounds to 0 or 1. binaryCrossEntropy computes the last form, exact for \
      every \(symbol(logits)).
      """
    ]
  }
}
