// Parts that are read where they lie. Of x (4, 3), in row-major order,
//
//   x[1..<3]        rows 1 and 2     elements 3 to 8, one behind the other: a view, 3 elements into x
//   x[.all, 0..<2]  two columns      elements 0, 1, 3, 4, …: copied
//
// So a slice along the first axis (or along a later one, behind axes of length 1) costs nothing: whoever reads it gets x's
// memory, from its first element on, and x stays there as long as the part is needed.

/// Which slices of a graph are read where they lie.
struct Views: Sendable {
  /// Of each slice that is one, what it is a part of, and the element of that with which it begins.
  private var parts: Table<Graph.Node, Part?>

  /// A piece of a value in memory.
  struct Part: Sendable {
    let whole: NodeIndex
    let start: Int
  }

  /// - Parameter isStep: whether this is the step of a scan, whose arguments and results lie elsewhere in each round: no part
  ///   of these is a view.
  init(_ graph: Graph, isStep: Bool) {
    parts = Table(repeating: nil, count: graph.nodes.count)
    let results = Set(graph.results.map(graph.root))
    for index in graph.indices {
      guard case .slice(let axis, let start) = graph[index].operation, graph[index].shape.count > 0,
        // A result is the caller's, who would keep all of x for it.
        !results.contains(index)
      else { continue }
      let operand = graph[index].operands[0], shape = graph[operand].shape
      guard shape.count(of: 0..<axis) == 1 else { continue }
      let within = part(graph.root(operand))
      switch graph[within.whole].operation {
      case .fill, .broadcast: continue  // in memory only where somebody needs all of it there
      case .input where isStep: continue
      default: if isStep, results.contains(within.whole) { continue }
      }
      parts[index] = Part(whole: within.whole, start: within.start + start * shape.strides[axis])
    }
  }

  /// Whether a node is such a slice.
  func contains(_ index: NodeIndex) -> Bool { parts[index] != nil }

  /// The value whose memory a root is read from, itself or what it is a part of, and from which element on.
  func part(_ root: NodeIndex) -> Part { parts[root] ?? Part(whole: root, start: 0) }
}
