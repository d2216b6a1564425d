// The two halves of every derivative. Of f(x) = Σ x²:
//
//   record     x becomes node 0 of a new tape; f runs once: 1 square 0, 2 sum 1; the tape is closed, its nodes are kept
//   sweep      cotangent 1 of node 2 → ones for node 1 → 2x for node 0: the gradient
//
// A gradient sweeps once, with cotangent 1; a Jacobian once for each element of the result; a pullback whenever it is
// called.

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
  /// - Throws: what `body` throws; the error of a failed input or result; or one which says that numbers were read off
  ///   the tape, where the result does not depend on the inputs. (A constant function has derivative 0; one that computes
  ///   with plain numbers only seems constant.)
  init(of inputs: [Value], _ body: ([Value]) throws -> Value) throws {
    for input in inputs { if let error = input.content.error { throw error } }
    let position = Recorder.open()
    defer { Recorder.close(position) }
    let result = try body(inputs.map { position.leaf($0, isVaried: true) })
    if let error = result.content.error { throw error }
    output = result.index(onTape: position.generation)
    if output == nil, position.withState({ $0.wasRead }) == true {
      throw TensorError(
        "the result is not computed from the arguments, but from numbers that were read off them",
        suggestion:
          "compute with the tensors themselves, or read the numbers of stopGradient(x) for a result that is constant"
      ).within(operation: "gradient", operands: [])
    }
    nodes = Recorder.close(position)
    value = result.onLiveTapes
    value.require()
    self.inputs = inputs
  }

  /// The cotangents of the inputs, for a cotangent of the result.
  ///
  /// - Parameters:
  ///   - consuming: whether this is the last use, so that values may be let go on the way.
  ///   - keepsMasks: whether the cotangents go on to another rule, rather than to the user.
  mutating func cotangents(of cotangent: Value, consuming: Bool = false, keepsMasks: Bool = false) -> [Value] {
    guard let output else { return inputs.map { zeros(like: $0) } }
    var nodes = self.nodes
    if consuming { self.nodes = [] }
    let cotangents = reverseSweep(&nodes, from: output, cotangent: cotangent, keepsAll: false)
    return inputs.indices.map { index in
      var cotangent = cotangents.total(index) ?? zeros(like: inputs[index])
      if !keepsMasks { cotangent.content = cotangent.content.bare }
      return cotangent
    }
  }

  /// The Jacobian of a result of this shape, by each input, where it has no elements.
  func emptyJacobian(of shape: Shape) -> [Value] {
    inputs.map { input in
      Value(
        repeating: 0, shape: Shape(shape.dimensions + input.shape.dimensions), scalarType: input.scalarType ?? .double)
    }
  }

  private func zeros(like value: Value) -> Value {
    Value(repeating: 0, shape: value.shape, scalarType: value.scalarType ?? .double)
  }
}

extension Value {
  /// Notes that the computation cannot go on without this value. Where it has no numbers yet, since a function is traced,
  /// every run of the program sees whether there are some.
  func require() {
    guard content.isTraced else { return }
    var level = self
    while level.position.generation != 0 {
      let position = level.position
      _ = position.withState { $0.required.append(Int(position.index)) }
      level.popTape()
    }
  }
}

extension Recording {
  /// Runs a function of groups.
  ///
  /// - Throws: also where a group forgets one of its tensors, or is a class.
  init<each G: TensorGroup, S>(at x: repeat each G, of function: (repeat each G) throws -> Tensor<S>) throws {
    var inputs: [Value] = []
    for group in repeat each x {
      let values = group.values
      try group.validateStructure(count: values.count)
      inputs += values
    }
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
