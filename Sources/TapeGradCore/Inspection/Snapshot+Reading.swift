// A recorded computation for those who show it, a diagram or a page: each node with its name, formula and operands, and
// its numbers in Double.

/// A node of a tape as it reads.
package struct NodeReading: Sendable {
  /// Its place on the tape.
  package let index: Int
  /// The name that the user gave it.
  package let name: String?
  /// Its name, or `v3` for node 3.
  package let label: String
  /// The right side of its definition, `W·X`; nil for a leaf.
  package let formula: String?
  /// The name of its operation; nil for a leaf.
  package let operation: String?
  /// The nodes that it was computed from.
  package let operands: [Int]
  /// Its shape, and that of its cotangent.
  package let shape: Shape
  /// Whether it depends on a variable.
  package let isVaried: Bool

  /// `Z = W·X`, or `W, variable`.
  package var definition: String {
    formula.map { "\(label) = \($0)" } ?? "\(label), \(isVaried ? "variable" : "constant")"
  }
}

extension Snapshot {
  /// The nodes of the tape up to the result, in their order.
  package var readings: [NodeReading] {
    let given = names.filter { $0.key <= result }
    var symbols = SymbolNames(Array(given))
    return (0...max(result, 0)).prefix(result + 1).map { index in
      let node = nodes[index]
      return NodeReading(
        index: index, name: given[index], label: symbols.name(ofNode: index),
        formula: node.expression(&symbols, nodes), operation: operation(of: index), operands: Array(node.operands),
        shape: node.value.shape, isVaried: node.isVaried)
    }
  }

  /// A node's numbers in row-major order; none where it has none.
  package func doubles(of node: Int) -> [Double] { nodes[node].value.doubles }

  /// The numbers of a node's cotangent; nil where none reached it.
  package func cotangentDoubles(of node: Int) -> [Double]? { cotangents[node].map { nodes[$0].value.doubles } }
}

extension Value {
  /// The numbers in row-major order; none where there are none.
  var doubles: [Double] {
    guard content.storage != nil else { return [] }
    switch scalarType ?? .double {
    case .float: return array(Float.self).scalars.map(Double.init)
    case .double: return array(Double.self).scalars
    }
  }
}
