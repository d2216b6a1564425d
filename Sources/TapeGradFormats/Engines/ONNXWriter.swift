import TapeGradCore

// The nodes of a program as nodes of ONNX. ONNX repeats short axes by itself, so a broadcast costs nothing where an
// element-wise operation reads it:
//
//   v2 = broadcast b to (4, 50)     nothing
//   v3 = v1 + v2                    Add(v1, b)
//
// A batch of any size: the program is traced for two sizes, and what is as long as the batch in both gets its name.

// Of sigmoid(W·x + b) with W (1, 30), x (30, m) and b (1, 1), the writer keeps
//
//   v     name in the file    shape as the program has it    own shape
//   W·x   matmul3             (1, m)                         (1, m)
//   b     b                   (1, m), broadcast              (1, 1): the file has no broadcast
//   sum   add4                (1, m)                         (1, m)
//
// Where an operation needs every element, a product or a transpose, `whole` writes the broadcast after all, as an
// Expand.

/// A value of ONNX: its name; its lengths as the program has them; and those that it has itself, which may be shorter.
package struct ONNXValue {
  package let name: String
  package let shape: [ONNXLength]
  let own: [ONNXLength]
  let element: ONNXElement

  init(_ name: String, _ shape: [ONNXLength], own: [ONNXLength]? = nil, _ element: ONNXElement) {
    (self.name, self.shape, self.own, self.element) = (name, shape, own ?? shape, element)
  }
}

/// Writes a program's nodes into a graph.
struct ONNXWriter {
  private let graph: ProgramGraph
  /// The same program for a batch of one more; nil where the batch has no name.
  private let larger: ProgramGraph?
  private let batch: Int
  /// Where the length of a batch is found: an input and an axis of it.
  let source: (input: Int, axis: Int)?
  /// What the program is given, and the value of each node so far.
  private(set) var inputs: [ONNXValue] = []
  private var values: [ONNXValue] = []
  var onnx: ONNXGraph

  init(
    _ graph: ProgramGraph, larger: ProgramGraph?, batch: Int, source: (input: Int, axis: Int)?, into onnx: ONNXGraph
  ) throws(ExportError) {
    (self.graph, self.larger, self.batch, self.source, self.onnx) = (graph, larger, batch, source, onnx)
    // What cannot be written is refused before anything is.
    if graph.rounds != nil {
      throw ExportError("ONNX", "a loop, which ONNX has for inference only; write the step of the loop instead")
    }
    if let larger, larger.nodes.count != graph.nodes.count {
      throw ExportError("ONNX", "the program does other things for a batch of another size")
    }
  }

  /// The lengths that a shape of node `number` has for any batch.
  func lengths(_ number: Int) throws(ExportError) -> [ONNXLength] {
    try lengths(graph.nodes[number].shape.dimensions, larger?.nodes[number].shape.dimensions)
  }

  /// Lengths for any batch, from those for a batch of m and for one of m + 1. With m = 50, 16 and 16 is 16, 50 and 51
  /// is the batch, and 100 and 102 is twice the batch; 100 and 101 has no name.
  func lengths(_ lengths: [Int], _ larger: [Int]?) throws(ExportError) -> [ONNXLength] {
    var result: [ONNXLength] = []
    for (axis, length) in lengths.enumerated() {
      let other = larger?[axis] ?? length
      if other == length {
        result.append(.fixed(length))
      } else if batch > 0, length % batch == 0, other == length / batch * (batch + 1) {
        result.append(.batches(length / batch))
      } else {
        throw ExportError(
          "ONNX",
          "a length of \(length) for a batch of \(batch), and of \(other) for one of \(batch + 1), has no name there")
      }
    }
    return result
  }

  /// Writes all nodes; the results, in their whole shapes.
  mutating func write(inputs: [ONNXValue]) throws(ExportError) -> [ONNXValue] {
    self.inputs = inputs
    for number in graph.nodes.indices { values.append(try value(number)) }
    var results: [ONNXValue] = []
    for result in graph.results { results.append(whole(values[result])) }
    return results
  }

  /// A node as nodes of ONNX, whose operands have values already.
  private mutating func value(_ number: Int) throws(ExportError) -> ONNXValue {
    let node = graph.nodes[number], shape = try lengths(number)
    let x = node.operands.map { values[$0] }, element = ONNXElement(node.scalarType)
    // What another batch changes beside lengths would be wrong for every batch but this one.
    let other = larger?.nodes[number].operation ?? node.operation
    if other != node.operation, node.operation.fold == nil, !node.operation.isConstant,
      !node.operation.movesSameWindow(as: other)
    {
      throw ExportError("ONNX", "a number that depends on the size of the batch")
    }
    switch node.operation {
    case .input(let input): return inputs[input]
    case .constant(let constant):
      let storage = graph.constants[constant]
      guard !shape.contains(where: { if case .batches = $0 { true } else { false } }) else {
        throw ExportError("ONNX", "the program captures a tensor that is as long as the batch")
      }
      // A captured array is the same in both traces, or it was computed from the batch's size.
      if case .constant(let twin) = other, let twin = larger?.constants[twin], !twin.hasSameBytes(as: storage) {
        throw ExportError("ONNX", "a captured number that depends on the size of the batch")
      }
      let bytes = [UInt8](UnsafeRawBufferPointer(start: storage.bytes, count: storage.byteCount))
      return ONNXValue(onnx.constant(element, node.shape.dimensions, bytes, name: node.name), shape, element)
    case .reduce(let f, let fold):
      let otherFold = other.fold ?? fold
      return try reduce(x[0], f, fold, otherFold, to: shape, operand: graph.nodes[node.operands[0]].shape, node.shape)
    case .logSumExp(let fold):
      return try logSumExp(whole(x[0]), fold, other.fold ?? fold, to: shape)
    case .slice(let axis, let start):
      return try slice(whole(x[0]), axis, start, to: shape)
    case .fill(let number): return ONNXValue(self.number(number.value, element), shape, own: [], element)
    case .unary(let f, let c): return formula(try f.formula.inONNX, x, c.value, shape, element)
    case .binary(let f): return formula(try f.formula.inONNX, x, 0, shape, element)
    case .strided(let start, let strides):
      return try strided(whole(x[0]), node.shape, start, strides, to: shape, element)
    case .select:
      // A condition is a number here: everything but 0 chooses x[1].
      let isZero = onnx.add("Equal", [x[0].name, self.number(0, element)])
      let own = Self.broadcast(x.map(\.own))
      return ONNXValue(onnx.add("Where", [isZero, x[2].name, x[1].name]), shape, own: own, element)
    // Nothing is written: the value keeps its own, shorter lengths.
    case .broadcast: return ONNXValue(x[0].name, shape, own: x[0].own, element)
    case .reshape: return reshape(whole(x[0]), to: shape)
    case .permute(let order):
      return ONNXValue(onnx.add("Transpose", [whole(x[0]).name], ["perm": .integers(order)]), shape, element)
    case .concatenate(let axis):
      let parts = x.filter { $0.shape[axis] != .fixed(0) }
      if parts.isEmpty { return whole(x[0]) }
      let names = parts.map { whole($0).name }
      return ONNXValue(onnx.add("Concat", names, ["axis": .integer(axis)]), shape, element)
    case .matrixProduct(let left, let right): return product(whole(x[0]), left, whole(x[1]), right, to: shape)
    case .opaque(let opaque):
      let operands = x.map { whole($0) }
      if let primitive = opaque.primitive as? any ChoosesByIndex {
        return choose(primitive, operands, to: shape, element)
      }
      guard let primitive = opaque.primitive as? any Worded else { throw ExportError("ONNX", opaque: opaque.primitive) }
      guard let result = array(primitive.word, operands, to: shape) else {
        throw ExportError("ONNX", "it has no operation for '\(type(of: primitive).name)'")
      }
      return result
    }
  }
}

extension ONNXWriter {
  /// One number.
  mutating func number(_ number: Double, _ element: ONNXElement) -> String { onnx.constant(number, element) }

  /// A formula of elements.
  mutating func formula(
    _ formula: ElementFormula, _ x: [ONNXValue], _ c: Double, _ shape: [ONNXLength], _ element: ONNXElement
  ) -> ONNXValue {
    switch formula {
    case .operand(let i): return x[i]
    case .parameter: return ONNXValue(number(c, element), shape, own: [], element)
    case .number(let number): return ONNXValue(self.number(number, element), shape, own: [], element)
    case .operation(let operation, let operands):
      let operands = operands.map { self.formula($0, x, c, shape, element) }
      guard let word = operation.words.onnx else {
        // An operation without a word is a formula in others, of which `inONNX` has made sure before anything was
        // written.
        guard let other = operation.formula else { fatalError("\(operation) has neither a word of ONNX nor a formula") }
        return self.formula(other, operands, 0, shape, element)
      }
      return ONNXValue(
        onnx.add(word, operands.map(\.name)), shape, own: Self.broadcast(operands.map(\.own)), element)
    case .choice(let a, let comparison, let b, let then, let otherwise):
      let operands = [a, b, then, otherwise].map { self.formula($0, x, c, shape, element) }
      let truth = onnx.add(comparison.words.onnx, [operands[0].name, operands[1].name])
      return ONNXValue(
        onnx.add("Where", [truth, operands[2].name, operands[3].name]), shape,
        own: Self.broadcast(operands.map(\.own)), element)
    }
  }

  /// A matrix product. `Gemm` transposes its operands itself, and is for matrices only; for stacks of them, `Transpose`
  /// comes before `MatMul`.
  private mutating func product(
    _ a: ONNXValue, _ transposesLeft: Bool, _ b: ONNXValue, _ transposesRight: Bool, to shape: [ONNXLength]
  ) -> ONNXValue {
    let rank = shape.count
    if rank == 2, transposesLeft || transposesRight {
      let flags: KeyValuePairs<String, ONNXAttribute> = [
        "transA": .integer(transposesLeft ? 1 : 0), "transB": .integer(transposesRight ? 1 : 0),
      ]
      return ONNXValue(onnx.add("Gemm", [a.name, b.name], flags), shape, a.element)
    }
    let order = Array(0..<rank - 2) + [rank - 1, rank - 2]
    func turned(_ x: ONNXValue, _ transposes: Bool, _ onnx: inout ONNXGraph) -> String {
      transposes ? onnx.add("Transpose", [x.name], ["perm": .integers(order)]) : x.name
    }
    let left = turned(a, transposesLeft, &onnx), right = turned(b, transposesRight, &onnx)
    return ONNXValue(onnx.add("MatMul", [left, right]), shape, a.element)
  }
}

extension Operation {
  /// How a reduction reads its operand.
  fileprivate var fold: Fold? {
    switch self {
    case .reduce(_, let fold), .logSumExp(let fold): fold
    default: nil
    }
  }

  /// Whether the node is a captured array, which two traces may number differently.
  fileprivate var isConstant: Bool {
    if case .constant = self { true } else { false }
  }
}

extension ElementFormula {
  /// The formula itself, where ONNX has words for all that is in it.
  fileprivate var inONNX: ElementFormula {
    get throws(ExportError) {
      if let missing = operations.first(where: { $0.words.onnx == nil && $0.formula == nil }) {
        throw ExportError("ONNX", "it has no operation for \(missing)")
      }
      return self
    }
  }
}
