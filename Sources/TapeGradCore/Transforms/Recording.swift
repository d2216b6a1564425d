/// One run of a function on a tape of its own: what every transform is made of.
struct Recording {
  private(set) var nodes: ContiguousArray<Node>
  /// The inputs are the first nodes, in visiting order.
  private let inputs: [Value]
  /// The node of the result; nil where it does not depend on the inputs.
  private let output: Int?
  /// The result, as it stands outside the tape.
  let value: Value

  /// Runs `body` on the inputs as variables of a new tape.
  ///
  /// - Throws: what `body` throws, or the error of a failed input or result.
  init(of inputs: [Value], _ body: ([Value]) throws -> Value) throws {
    for input in inputs { if let error = input.content.error { throw error } }
    let place = Recorder.open()
    defer { Recorder.close(place) }
    let result = try body(inputs.map { place.leaf($0, isVaried: true) })
    if let error = result.content.error { throw error }
    output = result.index(onTape: place.generation)
    nodes = Recorder.close(place)
    value = result.settled
    self.inputs = inputs
  }

  /// The cotangents of the inputs, for a cotangent of the result.
  ///
  /// - Parameter consuming: whether this is the last use, so that values may be let go on the way.
  mutating func cotangents(of cotangent: Value, consuming: Bool = false) -> [Value] {
    guard let output else { return inputs.map { zeros(like: $0) } }
    var nodes = self.nodes
    if consuming { self.nodes = [] }
    let cotangents = reverseSweep(&nodes, from: output, cotangent: cotangent, keepsAll: false)
    return inputs.indices.map { index in cotangents.total(index) ?? zeros(like: inputs[index]) }
  }

  /// The shapes of the inputs.
  var inputShapes: [Shape] { inputs.map(\.shape) }

  private func zeros(like value: Value) -> Value {
    Value(repeating: 0, shape: value.shape, scalarType: value.scalarType ?? .double)
  }
}

extension Recording {
  /// Runs a function of groups.
  init<each G: TensorGroup, S>(at x: repeat each G, of function: (repeat each G) throws -> Tensor<S>) throws {
    var inputs: [Value] = []
    repeat inputs.append(contentsOf: (each x).values)
    try self.init(of: inputs) { variables in
      var next = variables.makeIterator()
      let groups = (repeat (each x).taking(&next))
      return try function(repeat each groups).value
    }
  }
}

extension TensorGroup {
  /// The group with its tensors replaced by the next values, in visiting order.
  func taking(_ values: inout IndexingIterator<[Value]>) -> Self {
    mapTensors { tensor in values.next().map { Tensor<Scalar>($0) } ?? tensor }
  }
}

/// Groups like `x` whose tensors are `values`, in visiting order.
///
/// - Throws: the error of the first failed one.
func groups<each G: TensorGroup>(like x: repeat each G, from values: [Value]) throws -> (repeat each G) {
  for value in values { if let error = value.content.error { throw error } }
  var next = values.makeIterator()
  return (repeat (each x).taking(&next))
}
