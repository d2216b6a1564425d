extension Tape {
  /// How the result was computed and how its derivatives follow, as a textbook would derive them.
  ///
  /// The backward pass is not written down anywhere: the reverse sweep is recorded, and read like any computation. So
  /// any graph can be derived, with primitives of one's own too. The tape stays as it is.
  /// ```swift
  /// print(try tape.derivation(of: J))
  /// ```
  /// - Throws: `TensorError` where `result` is failed, not recorded here, or more than one number.
  public func derivation<S>(of result: Tensor<S>) throws(TensorError) -> Derivation {
    Derivation(try BackwardPass(of: result, on: self), names: names)
  }
}

extension Derivation {
  init(_ pass: BackwardPass, names: [Int: String]) {
    var writer = DerivationWriter(pass, names: names)
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
