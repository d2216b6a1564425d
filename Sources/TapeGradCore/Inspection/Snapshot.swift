/// A recorded computation as it stands when somebody asks, and its reverse sweep, as one list of nodes.
///
/// Whoever wants to read a computation reads this: audits, derivations, drawings and exporters. For `J = Σ tanh(W·x)`:
/// ```
/// 0 W    1 x    2 W·x    3 tanh    4 Σ = J                    what the tape recorded, up to the result
/// 5 1    6 broadcast 5    7 1 − tanh² 2    8 6⊙7    9 8·xᵀ    what the rules recorded: node 6 is ∂J/∂(tanh), 9 is ∂J/∂W
/// ```
/// Forward nodes keep the indices that they have on the tape. A node of the sweep knows its origin, the forward node
/// whose rule recorded it.
package struct Snapshot: Sendable {
  /// The nodes of the tape up to the result, and, from index `result + 1` on, those of the sweep.
  var nodes: ContiguousArray<Node>
  /// The node of the result, the last of the tape that matters.
  package let result: Int
  /// The names that the user gave to nodes of the tape.
  let names: [Int: String]
  /// Runs of nodes with a name, inner ones first.
  package let scopes: [TapeScope]
  /// Where nodes were recorded, if the tape kept that, and where they were given their names.
  private let callSites: [Int: CallSite], nodeNames: [Int: NodeName]
  /// For each node of the tape, the node that is its cotangent; nil where the result does not depend on it.
  let cotangents: [Int?]
  /// The nodes whose cotangent is reported and not propagated, each with the node that is its derivative by its operand.
  let passedBy: [Int: Int]
  /// For each node of the tape, those whose rules contributed to its cotangent, in ascending order.
  private let users: [[Int]]

  /// Records the reverse sweep of `result` on a scratch tape. The tape itself stays as it is.
  ///
  /// - Throws: `TensorError` where `result` is failed, not recorded on the tape, or more than one number; where a rule
  ///   failed.
  package init<S>(of result: Tensor<S>, on tape: Tape) throws(TensorError) {
    let index = try tape.index(of: result)
    let scratch = Recorder.open()
    defer { Recorder.close(scratch) }

    // Every node of the tape is a leaf of the scratch tape under the same index, so what the rules record refers to it.
    let recorded = tape.nodes.prefix(through: index)
    var forward = ContiguousArray(recorded)
    for i in forward.indices { forward[i].value = scratch.leaf(recorded[i].value.detached, isVaried: true) }
    let one = Value(repeating: 1, shape: result.shape, scalarType: S.scalarType)
    let sweep = reverseSweep(
      &forward, from: index, cotangent: scratch.leaf(one, isVaried: true), keepsAll: true, recordedOn: scratch)

    /// The node of a value, on the scratch tape; a value that a rule took from nowhere becomes a leaf.
    func node(of value: Value) throws(TensorError) -> Int {
      if let error = value.content.error { throw error }
      if let index = value.index(onTape: scratch.generation) { return index }
      return Int(scratch.leaf(value, isVaried: false).position.index)
    }
    var cotangents = [Int?](repeating: nil, count: index + 1)
    var passedBy: [Int: Int] = [:]
    var users = [[Int]](repeating: [], count: index + 1)
    for i in forward.indices {
      guard let total = sweep.total(i) else { continue }
      cotangents[i] = try node(of: total)
      if sweep.reported[i] != nil, let elementwise = forward[i].primitive as? any Elementwise {
        let x = Tensor<S>(forward[forward[i].operands[0]].value)
        passedBy[i] = try node(of: elementwise.derivative(at: x, result: Tensor<S>(forward[i].value)).value)
      }
      guard recorded[i].isVaried, sweep.propagated[i] != nil else { continue }
      for operand in Set(recorded[i].operands) where recorded[operand].isVaried { users[operand].append(i) }
    }
    self.result = index
    self.names = tape.names
    self.scopes = tape.scopes(upTo: index)
    callSites = tape.callSites
    nodeNames = tape.nodeNames
    self.cotangents = cotangents
    self.passedBy = passedBy
    self.users = users
    nodes = ContiguousArray(recorded) + Recorder.close(scratch).dropFirst(index + 1)
  }

  /// The computation as far as it got, without a reverse sweep: what there is to read where an operation failed.
  package init(unfinished tape: Tape) {
    nodes = tape.nodes
    result = nodes.count - 1
    names = tape.names
    scopes = tape.scopes(upTo: result)
    callSites = tape.callSites
    nodeNames = tape.nodeNames
    cotangents = Array(repeating: nil, count: nodes.count)
    passedBy = [:]
    users = Array(repeating: [], count: nodes.count)
  }

  /// The shapes of a node's operands.
  func operandShapes(of index: Int) -> [Shape] { nodes[index].operands.map { nodes[$0].value.shape } }
}

extension Snapshot {
  /// The computation once more in Double, from the same leaves; the sweep stays as it is. Differences of Float would be
  /// right to three digits at best, so they are taken here.
  ///
  /// - Throws: `TensorError` where an operation does not work in Double.
  package func recomputedInDouble() throws(TensorError) -> Snapshot {
    guard nodes.prefix(through: result).contains(where: { $0.value.scalarType == .float }) else { return self }
    var copy = self
    for index in 0...result {
      let node = nodes[index]
      if let primitive = node.primitive {
        copy.nodes[index].value = apply(primitive, node.operands.map { copy.nodes[$0].value })
      } else if node.value.scalarType == .float {
        copy.nodes[index].value = Value(node.value.array(Float.self).converted(to: Double.self))
      }
      if let error = copy.nodes[index].value.content.error { throw error }
    }
    return copy
  }
}

// What an audit reads of a node of the tape.
extension Snapshot {
  /// The nodes that a cotangent reached, the result excepted, in the order in which the sweep completes theirs; of those
  /// completed at once, leaves first, then later ones.
  package var reached: [Int] {
    func key(_ node: Int) -> (Int, Int, Int) { (users[node][0], nodes[node].primitive == nil ? 1 : 0, node) }
    return users.indices.filter { !users[$0].isEmpty }.sorted { key($0) > key($1) }
  }

  /// The name that the user gave a node.
  package func name(of node: Int) -> String? { names[node] }

  /// The nodes whose rules contributed to a node's cotangent.
  package func users(of node: Int) -> [Int] { users[node] }

  /// File and line where a node was recorded, `Model.swift:17`, or else where it was given its name; nil for a node without
  /// a name on a tape that does not keep where it was recorded.
  package func place(of node: Int) -> String? { callSites[node]?.description ?? nodeNames[node]?.place }

  /// The name of a node's operation; nil for a leaf.
  package func operation(of node: Int) -> String? { nodes[node].primitive.map { type(of: $0).name } }

  /// The shape of a node, and of its gradient.
  package func shape(of node: Int) -> Shape { nodes[node].value.shape }

  /// A node's numbers.
  package func numbers<S>(of node: Int, as _: S.Type = S.self) -> NDArray<S> { nodes[node].value.array() }

  /// The gradient with respect to a node that a cotangent reached.
  package func gradient<S>(of node: Int, as _: S.Type = S.self) -> NDArray<S> {
    cotangents[node].map { numbers(of: $0) } ?? .zeros(nodes[node].value.shape)
  }
}
