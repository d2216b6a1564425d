// The second stage of `compiled`: from primitives to what kernels do. The trace
//
//   0  leaf x           (2, 3)
//   1  leaf [1, 1]      (2)
//   2  softmax 0        (2, 3)
//
// becomes, softmax being written in kernels' words,
//
//   v0 = input 0
//   v1 = 1 throughout                  a constant of one number is that number
//   v2 = maximum of v0                 (2, 1)
//   v3 = broadcast v2                  (2, 3)
//   v4 = exp(v0 − v3) …
//
// No number is computed here and none is lost: every node has the bits that the primitive gives.

extension Trace {
  /// The traced computation in the vocabulary of the kernels.
  var lowered: Graph {
    var graph = Graph()
    var constants = ConstantNumbers()
    var moved: [NodeIndex] = []
    moved.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      let type = node.value.scalarType ?? .double
      if let primitive = node.primitive {
        moved.append(
          graph.insert(primitive, node.operands.map { moved[$0] }, shape: node.value.shape, scalarType: type))
      } else if index < inputCount {
        moved.append(
          graph.insert(Graph.Node(operation: .input(index), shape: node.value.shape, scalarType: type)))
      } else {
        moved.append(graph.insertConstant(node.value, &constants))
      }
      if let name = names[index] { graph.name(moved[index], name) }
    }
    graph.results = results.map { result in
      result.index.map { moved[$0] } ?? graph.insertConstant(result.value, &constants)
    }
    // Behind the function's own results, what it would have thrown without: computed only to see whether a primitive refuses
    // its operands' numbers, as where the loss of a gradient is not returned.
    let mayFail = required.isEmpty ? nil : graph.mayFail
    for node in required.map({ moved[$0] }) where mayFail?[node] == true && !graph.results.contains(node) {
      graph.results.append(node)
    }
    return graph
  }
}

/// The number of each storage among a graph's constants, so that what is captured twice is held once.
private typealias ConstantNumbers = [ObjectIdentifier: Int]

extension Graph {
  /// For each node, whether a primitive may throw on the way to it.
  fileprivate var mayFail: Table<Node, Bool> {
    var mayFail = Table<Node, Bool>(repeating: false, count: nodes.count)
    for index in indices {
      mayFail[index] = self[index].operation.mayRefuse || self[index].operands.contains { mayFail[$0] }
    }
    return mayFail
  }

  /// Numbers that do not depend on the arguments; as a single number where all elements are one.
  fileprivate mutating func insertConstant(_ value: Value, _ known: inout ConstantNumbers) -> NodeIndex {
    guard let storage = value.content.storage else { fatalError("a constant without numbers") }
    var node = Node(operation: .constant(constants.count), shape: storage.shape, scalarType: storage.scalarType)
    if let number = storage.onlyNumber {
      node.operation = .fill(ExactNumber(number))
    } else if let number = known[ObjectIdentifier(storage)] {
      node.operation = .constant(number)
    } else {
      known[ObjectIdentifier(storage)] = constants.count
      constants.append(storage)
    }
    return insert(node)
  }
}
