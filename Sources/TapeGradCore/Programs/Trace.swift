/// One run of a function on shapes instead of numbers.
struct Trace {
  private let nodes: ContiguousArray<Node>
  private let names: [Int: String]
  /// For each result its node, or the value itself where it does not depend on the arguments.
  private let results: [(index: Int?, value: Value)]
  private let inputCount: Int

  /// Runs `body` on values with the shapes and types of `inputs`, recorded on a tape of their own.
  ///
  /// - Throws: what `body` throws, or the error of a failed result.
  init(of inputs: [Value], _ body: ([Value]) throws -> [Value]) throws {
    let place = Recorder.open()
    defer { Recorder.close(place) }
    let results = try body(
      inputs.map {
        place.leaf(Value(traced: $0.shape, $0.scalarType ?? .double), isVaried: true)
      })
    for result in results { if let error = result.content.error { throw error } }
    self.results = results.map { ($0.settled.index(onTape: place.generation), $0.settled.plain) }
    names = place.withState { $0.names } ?? [:]
    inputCount = inputs.count
    nodes = Recorder.close(place)
    try validate()
  }

  /// What is constant has numbers, and stands on no other tape.
  private func validate() throws(TensorError) {
    let constants =
      nodes.dropFirst(inputCount).filter { $0.primitive == nil }.map(\.value)
      + results.filter { $0.index == nil }.map(\.value)
    for constant in constants where constant.content.storage == nil || constant.settled.place.generation != 0 {
      throw TensorError(
        "the function captures a recorded or traced tensor", suggestion: "pass it as an argument"
      ).met(by: "compiled", operands: [])
    }
  }

  /// The traced computation in the vocabulary of the kernels.
  var graph: Graph {
    var graph = Graph()
    var moved: [Int] = []
    for (index, node) in nodes.enumerated() {
      let type = node.value.scalarType ?? .double
      if let primitive = node.primitive {
        moved.append(
          graph.lower(primitive, node.operands.map { moved[$0] }, shape: node.value.shape, scalarType: type))
      } else if index < inputCount {
        moved.append(
          graph.insert(Graph.Node(operation: .input(index), shape: node.value.shape, scalarType: type)))
      } else {
        moved.append(graph.insertConstant(node.value))
      }
      if let name = names[index] { graph.name(moved[index], name) }
    }
    graph.results = results.map { result in result.index.map { moved[$0] } ?? graph.insertConstant(result.value) }
    return graph
  }

  /// Whether another run of the function recorded the same. Random numbers drawn inside, or a clock read, would be
  /// frozen in the program: they make the two differ.
  func isSame(as other: Trace) -> Bool {
    guard nodes.count == other.nodes.count, results.count == other.results.count else { return false }
    return zip(nodes, other.nodes).allSatisfy { node, twin in
      node.isSame(as: twin, operands: node.operands.map { nodes[$0].value })
    }
      && zip(results, other.results).allSatisfy { $0.index == $1.index && $0.value.hasSameBits(as: $1.value) }
  }
}

extension Graph {
  /// Numbers that do not depend on the arguments; as a single number where all elements are one.
  fileprivate mutating func insertConstant(_ value: Value) -> Int {
    guard let storage = value.content.storage else { fatalError("a constant without numbers") }
    var node = Node(operation: .constant(constants.count), shape: storage.shape, scalarType: storage.scalarType)
    if let number = storage.onlyNumber {
      node.operation = .fill(ExactNumber(number))
    } else if let known = constants.firstIndex(where: { $0 === storage }) {
      node.operation = .constant(known)
    } else {
      constants.append(storage)
    }
    return insert(node)
  }
}

extension Node {
  fileprivate func isSame(as other: Node, operands values: [Value]) -> Bool {
    guard operands.elementsEqual(other.operands), value.hasSameBits(as: other.value) else { return false }
    switch (primitive, other.primitive) {
    case (nil, nil): return true
    case (let a as Checkpoint, let b as Checkpoint): return a.isSame(as: b, inputs: values)
    case (let a?, let b?): return OpaquePrimitive(a) == OpaquePrimitive(b)
    default: return false
    }
  }
}

extension Checkpoint {
  /// Whether the other's function records the same.
  fileprivate func isSame(as other: Checkpoint, inputs: [Value]) -> Bool {
    let traces = [self, other].map { checkpoint in try? Trace(of: inputs) { [try checkpoint.function($0)] } }
    guard let a = traces[0], let b = traces[1] else { return false }
    return a.isSame(as: b)
  }
}

extension Value {
  /// Same shape and type, and the same bits where there are numbers.
  fileprivate func hasSameBits(as other: Value) -> Bool {
    guard shape == other.shape, scalarType == other.scalarType else { return false }
    switch (content.storage, other.content.storage) {
    case (nil, nil): return true
    case (let a?, let b?): return a === b || a.hasSameBytes(as: b)
    default: return false
    }
  }
}
