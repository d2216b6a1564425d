/// A recorded computation and its reverse sweep, recorded by the same rules, as one list of nodes: first those of the
/// tape, then those that the rules recorded.
struct BackwardPass {
  /// The nodes of the tape up to the result, and, from index `result + 1` on, those of the sweep.
  let nodes: ContiguousArray<Node>
  /// The node of the result, the last of the tape that matters.
  let result: Int
  /// For each node of the tape, the node that is its cotangent; nil where the result does not depend on it.
  let cotangents: [Int?]
  /// The nodes whose cotangent is reported and not propagated, each with the node that is its derivative by its operand.
  let passedBy: [Int: Int]

  /// Records the reverse sweep of `result` on a scratch tape. The tape itself stays as it is.
  ///
  /// - Throws: `TensorError` where a gradient could not be computed either.
  init<S>(of result: Tensor<S>, on tape: Tape) throws(TensorError) {
    let index = try tape.index(of: result)
    let scratch = Recorder.open()
    defer { Recorder.close(scratch) }

    // Every node of the tape is a leaf of the scratch tape under the same index, so what the rules record refers to it.
    let recorded = tape.nodes.prefix(through: index)
    var forward = ContiguousArray(recorded)
    for i in forward.indices { forward[i].value = scratch.leaf(recorded[i].value.plain, isVaried: true) }
    let one = Value(repeating: 1, shape: result.shape, scalarType: S.scalarType)
    let sweep = reverseSweep(
      &forward, from: index, cotangent: scratch.leaf(one, isVaried: true), keepsAll: true, recordedOn: scratch)

    /// The node of a value, on the scratch tape; a value that a rule took from nowhere becomes a leaf.
    func node(of value: Value) throws(TensorError) -> Int {
      if let error = value.content.error { throw error }
      if let index = value.index(onTape: scratch.generation) { return index }
      return Int(scratch.leaf(value, isVaried: false).place.index)
    }
    var cotangents = [Int?](repeating: nil, count: index + 1)
    var passedBy: [Int: Int] = [:]
    for i in forward.indices {
      guard let total = sweep.total(i) else { continue }
      cotangents[i] = try node(of: total)
      if sweep.reported[i] != nil, let elementwise = forward[i].primitive as? any Elementwise {
        let x = Tensor<S>(forward[forward[i].operands[0]].value)
        passedBy[i] = try node(of: elementwise.derivative(at: x, result: Tensor<S>(forward[i].value)).value)
      }
    }
    self.result = index
    self.cotangents = cotangents
    self.passedBy = passedBy
    nodes = ContiguousArray(recorded) + Recorder.close(scratch).dropFirst(index + 1)
  }

  /// The shapes of a node's operands.
  func operandShapes(of index: Int) -> [Shape] { nodes[index].operands.map { nodes[$0].value.shape } }
}
