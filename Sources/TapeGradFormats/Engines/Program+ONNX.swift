public import TapeGradCore

extension Program {
  /// What the program computes for arguments of these shapes, as an ONNX model: for ONNX Runtime, browsers, phones, and
  /// whatever else runs trained networks. What the function captured, such as a network, is in the file.
  /// ```swift
  /// let predict = compiled { (x: Tensor<Float>) in network(x) }
  /// let model = try predict.onnx(for: x, batch: BatchAxes([0: 1], named: "m"))      // x is (n_x, m)
  /// ```
  /// Operations are those of version 17, in the program's scalar type. `Indices` are 64-bit integers there. With a batch,
  /// the model takes one of any size: the function is traced for two sizes, and whatever differs must be a length.
  ///
  /// - Throws: ``ExportError`` for a loop, a primitive that evaluates on arrays, and numbers or captured tensors that depend
  ///   on the size of the batch, such as a mean over it; and what a call throws while it traces the function.
  public func onnx(for input: repeat each Input, batch: BatchAxes? = nil) throws -> [UInt8] {
    var onnx = ONNXGraph(batch: batch?.name ?? "batch")
    let exported = try ONNXProgram(self, for: repeat each input, batch: batch)
    let inputs = exported.inputs.map { input in
      ONNXValue(onnx.input(input.name, input.element, input.shape), input.shape, input.element)
    }
    for (name, result) in zip(exported.resultNames, try exported.write(inputs, into: &onnx)) {
      onnx.output(name, result.name, result.element, result.shape)
    }
    return onnx.bytes(named: "program")
  }
}

// How the batch gets its name. Of x (2, 50) and the network's output (1, 50), the function is traced for 50 examples,
// and once more for 51. Lengths that are 50 and 51 are the batch, "m"; a length that is 2 both times is 2. A program
// that does something else for 51, or has a number of the 50 in it, is refused: it would be wrong for other sizes.

/// A program, traced for one size of its batch or for two.
struct ONNXProgram {
  /// What the model is given: 64-bit integers where only indices are read from it.
  struct Input {
    let name: String
    let shape: [ONNXLength]
    let element: ONNXElement
  }

  let inputs: [Input]
  var resultNames: [String] { graph.resultNames }
  /// The program for the batch that was given, and for one more.
  private let graph: ProgramGraph, larger: ProgramGraph?
  /// The length of the batch, and the first input that has it, of which it is asked when the model runs.
  private let size: Int, source: (input: Int, axis: Int)?

  init<Output, each Argument: TensorGroup>(
    _ program: Program<Output, repeat each Argument>, for input: repeat each Argument, batch: BatchAxes?
  ) throws {
    graph = try program.graph(for: repeat each input)
    let axes = try batch?.axes(of: graph.inputs) ?? [:]
    inputs = graph.onnxInputs(axes)
    let source = axes.min { $0.key < $1.key }.map { (input: $0.key, axis: $0.value) }
    self.source = source
    if let source { size = graph.inputs[source.input].shape[source.axis] } else { size = 0 }
    larger = try batch.map { batch in
      try program.graph(for: repeat each input) { argument, shape in
        batch.axes[argument].map { shape.replacing(axis: $0, with: shape[$0] + 1) } ?? shape
      }
    }
  }
}

extension ONNXProgram {
  /// Writes the program into a graph of ONNX; returns its results.
  func write(_ inputs: [ONNXValue], into onnx: inout ONNXGraph) throws(ExportError) -> [ONNXValue] {
    var writer = try ONNXWriter(graph, larger: larger, batch: size, source: source, into: onnx)
    let results = try writer.write(inputs: inputs)
    onnx = writer.onnx
    return results
  }
}

extension ProgramGraph {
  fileprivate func onnxInputs(_ axes: [Int: Int]) -> [ONNXProgram.Input] {
    let indexInputs = indexInputs
    return inputs.enumerated().map { number, input in
      ONNXProgram.Input(
        name: input.name,
        shape: input.shape.dimensions.enumerated().map { $0 == axes[number] ? .batches(1) : .fixed($1) },
        element: indexInputs.contains(number) ? .int64 : .init(input.scalarType))
    }
  }
}
