// From a tape to a page of mathematics. For J = mean(A²) with A = tanh(Z) and Z = W·X + b, the stages are
//
//   Snapshot             the nodes of the tape, and those of its recorded reverse sweep, as one list
//   Landmarks            who gets an equation: Z, A, J, and the derivatives by W and b; not W·X, met once
//   DerivationWriter     Z = W·X + b … ∂J/∂Z = ∂J/∂A ⊙ (1 − A²) …, formulas as trees, with reasons in words
//   Formula+…            1·x becomes x, signs and 1/m go outside, trees become text
//   Derivation           the equations, which print themselves

extension Tape {
  /// How the result was computed and how its derivatives follow, as a textbook would derive them.
  ///
  /// The backward pass is not written down anywhere: the reverse sweep is recorded, and read like any computation. So
  /// any graph can be derived, with custom primitives too. The tape stays as it is.
  /// ```swift
  /// print(try tape.derivation(of: J))
  /// ```
  /// - Parameters:
  ///   - result: what is derived: one number, computed on this tape.
  ///   - detail: whether each line is explained: the rule in general, its use here, why the shapes leave no other order,
  ///     and one element.
  /// - Throws: `TensorError` where `result` is failed, not recorded here, or more than one number.
  public func derivation<S>(
    of result: Tensor<S>, explaining detail: Derivation.Detail = .briefly
  ) throws(TensorError) -> Derivation {
    Derivation(try Snapshot(of: result, on: self), detail)
  }
}

extension Derivation {
  init(_ pass: Snapshot, _ detail: Detail) {
    var writer = DerivationWriter(pass, isExplained: detail == .fully)
    writer.writeForward()
    writer.writeBackward()
    result = writer.name(pass.result)
    inputs = writer.inputs
    forward = writer.forward
    backward = writer.backward
    let steps = (forward + backward).flatMap(\.steps)
    let counts = steps.reduce(into: Set<Int>()) { $0.formUnion($1.formula.counts) }
    count = counts.count == 1 && !writer.names.contains("m") ? counts.first : nil
    remarks = writer.remarks(count: count)
  }
}
