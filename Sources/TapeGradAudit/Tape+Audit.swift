import TapeGradCore

extension Tape {
  /// Audits the gradients of a result: of every named node on its way, the tape's, the one derived by hand, where it is
  /// given, and the one that finite differences of the recorded computation give.
  ///
  /// ```swift
  /// print(try tape.audit(J, handDerived: ["Z2": (A2 - Y) / m]))
  /// ```
  /// A gradient is wrong where it is off by more than rounding explains and finite differences deny it. Where they do not
  /// settle (on a kink, a clamp, a border, with NaN) it is undecided, and nobody is blamed.
  ///
  /// - Parameters:
  ///   - result: a single number.
  ///   - handDerived: gradients derived by hand, under the names of their nodes.
  ///   - convention: what these are derivatives of. Where none is given they are `∂J/∂v`, or in the notes' convention
  ///     (`dZ2 = A2 − Y`) if that explains all of them.
  ///   - tolerance: how far an element may be off, relative to itself and beyond rounding and the differences' own error.
  ///   - limit: how many elements of a node are compared with finite differences; where it has more, a sample that is
  ///     always the same. Those derived by hand are all compared.
  /// - Throws: `TensorError` where the result is failed, traced, not recorded here, or more than one number; where a
  ///   gradient derived by hand has no numbers, or its name is not that of one node on the way.
  public func audit<S>(
    _ result: Tensor<S>, handDerived: [String: Tensor<S>] = [:], convention: Convention? = nil,
    tolerance: Double = 1e-7, limit: Int = 1000
  ) throws -> Audit {
    let snapshot = try Snapshot(of: result, on: self)
    let value = try result.item.doubleValue
    var byHand: [Int: NDArray<S>] = [:]
    for name in handDerived.keys.sorted() {
      let nodes = snapshot.reached.filter { snapshot.name(of: $0) == name }
      guard nodes.count == 1 else {
        throw TensorError(
          "a gradient derived by hand is for \(name), and \(nodes.count) nodes on the way have that name")
      }
      byHand[nodes[0]] = try handDerived[name]?.array
    }
    var auditor = Auditor(
      snapshot, handDerived: byHand, convention: convention, tolerance: tolerance, limit: limit)
    return try auditor.audit(value: value)
  }
}
