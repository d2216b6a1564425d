#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(WASILibc)
  import WASILibc
#endif

// What exporters read: a program's graph after the rewrites, before anything is planned, with names for what goes in and
// comes out. Of train = repeated(10) { (network, x) in (network.moved(…), loss) }:
//
//   inputs     W1, b1, x            the first two are the states
//   nodes      one round
//   results    W1, b1, result2      the next round's W1 and b1; and the loss
//   rounds     10
//
// The function of a checkpoint stands in the place of its node: to compute twice what memory cannot hold is the business
// of whoever runs the text.

/// What a program computes for arguments of certain shapes, in the words of the kernels, as exporters read it.
package struct ProgramGraph: Sendable {
  /// A value, by what computes it from earlier ones.
  package struct Node: Sendable {
    package let operation: Operation
    package let operands: [Int]
    package let shape: Shape
    package let scalarType: ScalarType
    /// What the user calls it.
    package let name: String?
  }

  /// A tensor that goes in.
  package struct Input: Sendable {
    /// Its name, different from the others'.
    package let name: String
    /// The number of the argument that it is part of.
    package let argument: Int
    package let shape: Shape
    package let scalarType: ScalarType
  }

  package let inputs: [Input]
  package let nodes: [Node]
  /// The numbers that the function captured, by the number that `.constant` carries.
  package let constants: [ArrayStorage]
  /// The nodes that come out.
  package let results: [Int]
  /// Their names, different from each other; a state's is that of the input whose place it takes.
  package let resultNames: [String]
  /// How many of the first results are the next round's first inputs; 0 outside loops.
  package let states: Int
  /// How many rounds one call takes; nil outside loops.
  package let rounds: Int?
}

extension ProgramGraph {
  init(
    _ trace: Trace, arguments: [GroupContents], results: [GroupContents], states: Int, rounds: Int?
  ) throws {
    let inputNames = Self.distinct(arguments.flatMap(\.names), otherwise: "input")
    // Which argument each tensor belongs to: a network is one argument of several tensors.
    let owners = arguments.enumerated().flatMap { number, group in group.names.map { _ in number } }
    inputs = owners.indices.map { number in
      let value = trace.nodes[number].value
      return Input(
        name: inputNames[number], argument: owners[number], shape: value.shape, scalarType: value.scalarType ?? .double)
    }
    resultNames = Self.distinct(
      Array(inputNames.prefix(states)) + results.flatMap(\.names).dropFirst(states), otherwise: "result")
    (self.states, self.rounds) = (states, rounds)
    (nodes, constants, self.results) = try Self.contents(of: trace)
  }

  /// A step of a loop inside a program.
  init(step trace: Trace) throws {
    inputs = (0..<trace.inputCount).map { number in
      let value = trace.nodes[number].value
      return Input(
        name: "input\(number)", argument: number, shape: value.shape, scalarType: value.scalarType ?? .double)
    }
    resultNames = trace.results.indices.map { "result\($0)" }
    (states, rounds) = (0, nil)
    (nodes, constants, results) = try Self.contents(of: trace)
  }

  private static func contents(of trace: Trace) throws -> ([Node], [ArrayStorage], results: [Int]) {
    var lowered = trace.lowered
    lowered.results.removeLast(lowered.results.count - trace.results.count)
    let graph = try lowered.inOtherWords().simplified
    let nodes = graph.indices.map { index in
      let node = graph[index]
      return Node(
        operation: node.operation, operands: node.operands.map(\.position), shape: node.shape,
        scalarType: node.scalarType, name: graph.names[index])
    }
    return (nodes, graph.constants, graph.results.map(\.position))
  }

  /// The names, each once: what has none of its own, or one that was taken, is called by a word and its number.
  private static func distinct(_ names: [String], otherwise word: String) -> [String] {
    var taken: Set<String> = []
    return names.enumerated().map { number, name in
      // A name must begin with a letter, and be the first of its kind.
      let isName = name.first?.isLetter == true && taken.insert(name).inserted
      var name = isName ? name : "\(word)\(number)"
      while !isName, !taken.insert(name).inserted { name += "_" }
      return name
    }
  }
}

extension Graph {
  /// The graph with what checkpoints and batches compute in their place, and without the checks of numbers.
  ///
  /// - Throws: what a checkpoint's function throws.
  fileprivate func inOtherWords() throws -> Graph {
    var graph = Graph()
    graph.results = try graph.insert(contentsOf: self, inputs: nil)
    return graph
  }

  /// Inserts the nodes of another graph, for its inputs those given, or inputs of this graph; returns its results.
  private mutating func insert(contentsOf other: Graph, inputs: [NodeIndex]?) throws -> [NodeIndex] {
    // Where each node of the other graph came to stand in this one.
    var moved: [NodeIndex] = []
    for index in other.indices {
      var node = other[index]
      node.operands = node.operands.map { moved[$0.position] }
      switch node.operation {
      case .input(let number) where inputs != nil: moved.append(inputs?[number] ?? index)
      case .constant(let number):
        constants.append(other.constants[number].withoutRepetition)
        node.operation = .constant(constants.count - 1)
        let whole = node.shape
        node.shape = constants[constants.count - 1].shape
        moved.append(broadcast(insert(node), to: whole))
      case .opaque(let opaque):
        moved.append(try insert(opaque.primitive, inOtherWordsOf: node))
      default: moved.append(insert(node))
      }
      if let name = other.names[index] { self.name(moved[index.position], name) }
    }
    return other.results.map { moved[$0.position] }
  }

  /// Inserts what a node's primitive computes: of numbers that nobody checks; what stands in a checkpoint; of a batch that has
  /// no words, one example after the other.
  private mutating func insert(_ primitive: any Primitive, inOtherWordsOf node: Node) throws -> NodeIndex {
    let x = node.operands
    if let checked = primitive as? any Checked { return checked.compute(checked: x, on: &self) }
    if let checkpoint = primitive as? Checkpoint {
      let inner = try Trace(of: x.map { Value(traced: self[$0].shape, self[$0].scalarType) }) {
        [try checkpoint.function($0)]
      }
      return try insert(contentsOf: inner.lowered, inputs: x)[0]
    }
    guard let batch = primitive as? any DoneByExample, batch.count > 0 else {
      return insert(primitive, x, shape: node.shape, scalarType: node.scalarType)
    }
    var parts: [NodeIndex] = []
    let shape = Shape(node.shape.dimensions.dropFirst())
    for example in 0..<batch.count {
      let operands = x.enumerated().map { i, operand in
        if !batch.isBatched[i] { return operand }
        let part = slice(operand, example..<example + 1, axis: 0)
        return reshape(part, to: Shape(self[operand].shape.dimensions.dropFirst()))
      }
      let one = Node(operation: node.operation, operands: operands, shape: shape, scalarType: node.scalarType)
      parts.append(reshape(try insert(batch.one, inOtherWordsOf: one), to: shape.batched(1)))
    }
    return concatenate(parts, axis: 0)
  }
}

extension ArrayStorage {
  /// The array with length 1 along each axis along which it repeats: what was captured as (4, 1), and broadcast to (4, 50)
  /// before any argument came into it.
  fileprivate var withoutRepetition: ArrayStorage {
    for axis in 0..<shape.rank where shape[axis] > 1 {
      let outer = shape.count(of: 0..<axis), length = shape[axis]
      let size = shape.count(of: axis + 1..<shape.rank) * scalarType.byteCount
      // All slices equal the one before, if the block without its last slice equals the block without its first.
      let repeats = (0..<outer).allSatisfy { o in
        let first = bytes + o * length * size
        return memcmp(first, first + size, (length - 1) * size) == 0
      }
      if !repeats { continue }
      let part = ArrayStorage(shape: shape.replacing(axis: axis, with: 1), scalarType: scalarType)
      for o in 0..<outer { memcpy(part.bytes + o * size, bytes + o * length * size, size) }
      return part.withoutRepetition
    }
    return self
  }
}

extension Program {
  /// What the program computes for arguments like these; traces the function, and runs nothing.
  ///
  /// - Parameter reshaping: gives another shape to a tensor, by the number of the argument that it is part of.
  /// - Throws: as a call does while it traces the function.
  package func graph(
    for input: repeat each Input, reshaping: (Int, Shape) -> Shape = { $1 }
  ) throws -> ProgramGraph {
    var values: [Value] = [], argument = 0
    for group in repeat each input {
      for value in group.values {
        if let error = value.content.error { throw error }
        values.append(Value(traced: reshaping(argument, value.shape), value.scalarType ?? .double))
      }
      argument += 1
    }
    var next = values.makeIterator()
    let groups = (repeat (each input).taking(&next))
    return try outline(for: repeat each groups).graph
  }
}
