import TapeGradCore

// Of `scope("hidden") { tanh(matmul(W1, x) + b1) }` the product, the sum and tanh are in the scope; W1 and b1 were made
// before it, and belong to "hidden" since their first user does. What is in no scope, the cross-entropy say, is the
// "loss".

/// Which layer a node belongs to: its outermost scope, that of its only user for a leaf, or none.
struct Layering {
  private let scopes: [TapeScope]
  private let layers: [String]
  /// The layers in the order of the tape; nodes in no scope are in the last one.
  let names: [String]

  init(_ snapshot: Snapshot) {
    // Scopes within others are parts of a layer.
    let scopes = snapshot.scopes.filter { scope in
      !snapshot.scopes.contains {
        $0.nodes != scope.nodes && $0.nodes.lowerBound <= scope.nodes.lowerBound
          && scope.nodes.upperBound <= $0.nodes.upperBound
      }
    }
    self.scopes = scopes
    let readings = snapshot.readings, rest = scopes.isEmpty ? "computation" : "loss"
    func scope(_ node: Int) -> String? { scopes.first { $0.nodes.contains(node) }?.name }
    var users = [[Int]](repeating: [], count: readings.count)
    for reading in readings { for operand in reading.operands { users[operand].append(reading.index) } }
    layers = readings.map { reading in
      if let name = scope(reading.index) { return name }
      if reading.formula == nil, let first = users[reading.index].first, let name = scope(first) { return name }
      return rest
    }
    // In their order, each once: a layer that is used twice, as in a recurrence, is one layer.
    var names: [String] = []
    for name in scopes.map(\.name) where !names.contains(name) { names.append(name) }
    self.names = layers.contains(rest) ? names + [rest] : names
  }

  /// The name of a node's layer; empty for a node of the sweep.
  func layer(of node: Int) -> String { layers.indices.contains(node) ? layers[node] : "" }
}
