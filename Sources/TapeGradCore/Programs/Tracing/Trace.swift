// The first stage of `compiled`: what a function does, found by running it. For
//
//   { (W, X) in tanh(matmul(W, X)).sum() }
//
// called with a W of shape (4, 3) and an X of shape (3, 50), the tape of the trace holds
//
//   0  leaf W         (4, 3)
//   1  leaf X         (3, 50)
//   2  matmul 0, 1    (4, 50)
//   3  tanh 2         (4, 50)
//   4  sum 3          ()
//
// with shapes and no numbers. What is computed from numbers alone is computed now, once, and is a leaf with numbers. A
// gradient inside the function is recorded like the rest.

/// One run of a function on shapes instead of numbers.
struct Trace {
  let nodes: ContiguousArray<Node>
  /// The user's names of nodes.
  let names: [Int: String]
  /// For each result its node, or the value itself where it does not depend on the arguments.
  let results: [(index: Int?, value: Value)]
  /// Nodes without whose numbers the function would have thrown, whether or not a result depends on them.
  let required: [Int]
  /// How many of the first nodes are the arguments.
  let inputCount: Int

  /// Runs `body` on values with the shapes and types of `inputs`, recorded on a tape of their own.
  ///
  /// - Parameter inputNames: what to call the arguments; nil for one without a name.
  /// - Throws: what `body` throws, or the error of a failed result.
  init(of inputs: [Value], named inputNames: [String?] = [], _ body: ([Value]) throws -> [Value]) throws {
    // The arguments are no variables: nothing is differentiated on this tape.
    let arguments = inputs.map { (shape: $0.shape, type: $0.scalarType ?? .double, isVaried: false) }
    try self.init(of: arguments, named: inputNames, on: Recorder.open(), body)
    try validate()
  }

  /// What one example of a batch, or one step of a loop, does: runs `body` on values of these shapes. It may capture what
  /// other tapes record: that is a constant here, and goes on standing there.
  init(
    ofExample arguments: [(shape: Shape, type: ScalarType, isVaried: Bool)], _ body: ([Value]) throws -> [Value]
  ) throws {
    try self.init(of: arguments, named: [], on: Recorder.open(isSealed: true), body)
  }

  private init(
    of arguments: [(shape: Shape, type: ScalarType, isVaried: Bool)], named inputNames: [String?],
    on position: Position,
    _ body: ([Value]) throws -> [Value]
  ) throws {
    defer { Recorder.close(position) }
    let results = try body(
      arguments.enumerated().map { number, argument in
        position.leaf(
          Value(traced: argument.shape, argument.type), isVaried: argument.isVaried,
          named: number < inputNames.count ? inputNames[number].map { NodeName($0) } : nil)
      })
    for result in results { if let error = result.content.error { throw error } }
    let isSealed = position.isSealed, live = results.map(\.onLiveTapes)
    names = (position.withState { $0.names } ?? [:]).mapValues { $0.text }
    required = position.withState { $0.required } ?? []
    inputCount = arguments.count
    nodes = Recorder.close(position)
    self.results = live.map { ($0.index(onTape: position.generation), isSealed ? $0.onLiveTapes : $0.detached) }
  }

  /// A part of another trace.
  init(nodes: ContiguousArray<Node>, inputCount: Int, results: [(index: Int?, value: Value)]) {
    (self.nodes, self.inputCount, self.results) = (nodes, inputCount, results)
    (names, required) = ([:], [])
  }

  /// What is constant has numbers, and stands on no other tape.
  private func validate() throws(TensorError) {
    let constants =
      nodes.dropFirst(inputCount).filter { $0.primitive == nil }.map(\.value)
      + results.filter { $0.index == nil }.map(\.value)
    for constant in constants where constant.content.storage == nil || constant.onLiveTapes.position.generation != 0 {
      throw TensorError(
        "the function captures a recorded or traced tensor", suggestion: "pass it as an argument"
      ).within(operation: "compiled", operands: [])
    }
  }

  /// Whether another run of the function recorded the same. Random numbers drawn inside, or a clock read, would be
  /// frozen in the program: they make the two differ.
  func isSame(as other: Trace) -> Bool {
    guard nodes.count == other.nodes.count, results.count == other.results.count else { return false }
    return zip(nodes, other.nodes).allSatisfy { node, twin in
      node.isSame(as: twin, in: nodes)
    }
      && zip(results, other.results).allSatisfy { $0.index == $1.index && $0.value.hasSameBits(as: $1.value) }
  }
}

extension Node {
  /// Whether two nodes are the same: primitive and parameters, operands, and numbers where there are any.
  fileprivate func isSame(as other: Node, in nodes: ContiguousArray<Node>) -> Bool {
    guard operands.elementsEqual(other.operands), value.hasSameBits(as: other.value) else { return false }
    switch (primitive, other.primitive) {
    case (nil, nil): return true
    case (let a as Checkpoint, let b as Checkpoint): return a.isSame(as: b, inputs: operands.map { nodes[$0].value })
    case (let a as Loop, let b as Loop): return a.isSame(as: b)
    case (let a as any MadeOfClosures, let b?): return a.seemsSame(as: b)
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
