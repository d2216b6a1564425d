import Foundation
import TapeGradFormats
import Testing

@testable import TapeGradCore

/// Whatever the tables of samples and of random graphs hold can be written for other engines. Where the environment
/// names a folder, it is written there, and a script compares what the engine computes (the CI's steps).
struct ExportTests {
  private static let folder = ProcessInfo.processInfo.environment["TAPEGRAD_EXPORTS"]
  /// As many random graphs as scripts compare; few where nothing compares them.
  private static let graphs = folder == nil ? 5 : 200

  /// What ONNX has no operation for, or has for inference only; and a checkpoint with a scan in it.
  private static let refusedByONNX: Set = [
    "LogGamma", "Polygamma", "ErrorComplement", "NormalDistribution", "ArcTangent2", "Remainder", "TruncatedRemainder",
    "ConvolutionWeights", "MaxSpread", "MaxCollect", "ViewTranspose", "Cholesky", "TriangularSolve", "ArgMax",
    "ArgSort",
    "TakeAlong", "AddAlong", "Replace", "LastOccurrence", "Checkpoint", "Solve", "DeterminantSign",
    "LogDeterminant",
  ]

  @Test func stableHLO() throws {
    try write("float.stablehlo", ExportedCases<Float>(tolerance: 32) { Array(try $0.stableHLO(for: $1).utf8) })
    try write("double.stablehlo", ExportedCases<Double>(tolerance: 256) { Array(try $0.stableHLO(for: $1).utf8) })
  }

  @Test func onnx() throws {
    try write("float.onnx", ExportedCases<Float>(tolerance: 64) { try $0.onnx(for: $1) })
    try write("double.onnx", ExportedCases<Double>(tolerance: 256) { try $0.onnx(for: $1) })
  }

  @Test("a bundle has the program, its arguments, and what a runner must know")
  func bundle() throws {
    let folder = Self.folder ?? FileManager.default.temporaryDirectory.appending(path: "tapegrad-\(UUID())").path
    defer { if Self.folder == nil { try? FileManager.default.removeItem(atPath: folder) } }
    var generator = SeededGenerator(seed: 3)
    var weights: [Tensor<Float>] = [[4, 3], [4, 1], [1, 4]].map { .randomNormal($0, using: &generator) }
    let x = Tensor<Float>.randomNormal([3, 64], using: &generator)
    let y = Tensor<Float>((0..<64).map { Float($0 % 2) }, shape: [1, 64])
    let step = compiled { (w: [Tensor<Float>], x: Tensor<Float>, y: Tensor<Float>) in
      let (value, gradient) = try valueWithGradient(at: w) { loss($0, x, y) }
      return (w.moved(along: gradient, by: -0.5), value)
    }
    try step.writeBundle(to: folder + "/step", for: weights, x, y, batch: BatchAxes([1: 1, 2: 1]))
    let arguments = try ModelFile(contentsOf: folder + "/step/arguments.safetensors")
    #expect(arguments.names == ["input0", "input1", "input2", "input3", "input4"])
    let meta = try String(contentsOfFile: folder + "/step/meta.json", encoding: .utf8)
    #expect(
      meta.contains(#""states":3"#)
        && meta.contains(#"{"name":"input3","shape":[3,64],"type":"float32","batchAxis":1}"#))
    var last = Tensor<Float>(0), expected = ModelFile()
    for _ in 0..<20 { (weights, last) = try step(weights, x, y) }
    for (number, tensor) in (weights + [last]).enumerated() {
      try expected.add(StoredArray(tensor), named: number < 3 ? "input\(number)" : "result3")
    }
    if let folder = Self.folder { try expected.write(to: "\(folder)/step/expected.safetensors") }
  }

  @Test("a primitive that evaluates on arrays is named")
  func opaque() {
    let program = compiled { (x: Tensor<Float>) in x.applying(Fourfold()) }
    for export in [{ try program.stableHLO(for: $0) }, { try program.onnx(for: $0) }] as [(Tensor<Float>) throws -> Any]
    {
      let error = #expect(throws: ExportError.self) { _ = try export(Tensor([1, 2])) }
      #expect(error?.problem.contains("'fourfold' evaluates on arrays") == true)
    }
    let loop = repeated(3) { (x: Tensor<Float>) in 2 * x }
    #expect(throws: ExportError.self) { try loop.onnx(for: Tensor([1, 2])) }
  }

  @Test("a program as text, word for word")
  func text() throws {
    let program = compiled { (w: Tensor<Float>, x: Tensor<Float>) in relu(matmul(w, x)).named("A") }
    #expect(
      try program.stableHLO(for: Tensor.zeros([2, 3]), Tensor.zeros([3, 4])) == """
        // input0, input1 → result0
        module @program {
          func.func public @main(%input0: tensor<2x3xf32>, %input1: tensor<3x4xf32>) -> (tensor<2x4xf32>) {
            %2 = stablehlo.dot_general %input0, %input1, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
            %3 = stablehlo.constant dense<0.0> : tensor<2x4xf32>
            %4 = stablehlo.compare LE, %2, %3, FLOAT : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xi1>
            %A = stablehlo.select %4, %3, %2 : tensor<2x4xi1>, tensor<2x4xf32>
            return %A : tensor<2x4xf32>
          }
        }

        """)
  }

  private func write<S>(_ name: String, _ empty: ExportedCases<S>) throws {
    var cases = empty
    try cases.addSamples()
    try cases.addHardElements()
    try cases.addRandomGraphs(Self.graphs)
    let isText = name.hasSuffix("stablehlo")
    if isText {
      try addLoop(&cases)
      try addScans(&cases)
      try cases.addSystems()
    }
    try addLabels(&cases, isText: isText)
    #expect(cases.count > 500)
    #expect(cases.refused == (isText ? [] : Self.refusedByONNX))
    if let folder = Self.folder { try cases.file.write(to: "\(folder)/\(name).safetensors") }
  }

  /// Integers that come as an argument: rows of an embedding, and the same as classes.
  private func addLabels<S>(_ cases: inout ExportedCases<S>, isText: Bool) throws {
    let integers = [2, 0, 2, 1], table = Tensor<S>((0..<12).map { S($0) / 8 - 0.5 }, shape: [4, 3])
    let program = compiled { (table: Tensor<S>, labels: Labels) in
      let (value, gradient) = try valueWithGradient(at: table) { table in
        softmaxCrossEntropy(logits: table.gathered(labels, axis: 1).reshaped(to: [4, 4]), labels: labels)
      }
      return (value, gradient)
    }
    for shape: Shape in [[4], [2, 2]] {
      let labels = Labels(integers, shape: shape), (value, gradient) = try program(table, labels)
      let model = try isText ? Array(program.stableHLO(for: table, labels).utf8) : program.onnx(for: table, labels)
      try cases.add(
        "labels: \(shape)", model: model, inputs: [table],
        indices: StoredArray(integers, shape: shape.dimensions, type: isText ? .int32 : .int64),
        results: [value, gradient])
    }
  }

  /// A recurrence over rows and one over no rows, reversed and nested, whose gradients are recurrences too.
  private func addScans<S>(_ cases: inout ExportedCases<S>) throws {
    var generator = SeededGenerator(seed: 4)
    func normal(_ shape: Shape) throws -> Tensor<S> {
      Tensor(try Tensor<Double>.randomNormal(shape, using: &generator).array.converted())
    }
    for isReversed in [false, true] {
      let program = compiled { (x: [Tensor<S>]) in
        let (value, gradient) = try valueWithGradient(at: x) { x in
          let (last, outputs) = try scan(over: x[0], from: x[1], reversed: isReversed) { state, row in
            let next = tanh(matmul(x[2], state) + row.reshaped(to: [3, 1]))
            return (next, next.sum())
          }
          let inner = try scan(count: 3, from: x[1]) { state in
            try scan(over: x[0], from: state / 2) { inner, row in sin(inner) * row.reshaped(to: [3, 1]) }
          }
          return last.sum() + square(outputs).sum() + inner.sum()
        }
        return [value] + gradient
      }
      try cases.add("scan: reversed \(isReversed)", program, [normal([5, 3]), normal([3, 1]), normal([3, 3])])
    }
    try cases.add(
      "scan: no steps", compiled { (x: [Tensor<S>]) in [try scan(over: x[0], from: x[1]) { $0 + $1 }] },
      [normal([0, 2]), normal([2])])
  }

  /// A loop, and a gradient of a gradient.
  private func addLoop<S>(_ cases: inout ExportedCases<S>) throws {
    var generator = SeededGenerator(seed: 3)
    func normal(_ shape: Shape) throws -> Tensor<S> {
      Tensor(try Tensor<Double>.randomNormal(shape, using: &generator).array.converted())
    }
    let network = try [normal([4, 3]), normal([4, 1]), normal([1, 4])]
    let x = try normal([3, 8]), y = Tensor<S>((0..<8).map { S($0 % 2) }, shape: [1, 8])
    let step: @Sendable ([Tensor<S>], Tensor<S>, Tensor<S>) throws -> ([Tensor<S>], Tensor<S>) = { w, x, y in
      let (value, gradient) = try valueWithGradient(at: w) { loss($0, x, y) }
      return (w.moved(along: gradient, by: -0.5), value)
    }
    let loop = repeated(10, step)
    let (trained, last) = try loop(network, x, y)
    try cases.add(
      "loop: 10 steps", model: Array(loop.stableHLO(for: network, x, y).utf8), inputs: network + [x, y],
      results: trained + [last])
    try cases.add(
      "gradient of a gradient",
      compiled { (x: [Tensor<S>]) in
        try gradient(at: x) { x in
          try gradient(at: x) { x in exp(sin(x[0] * x[1])).sum() }.map { square($0).sum() }.reduce(Tensor(0), +)
        }
      }, [normal([2, 3]), normal([2, 3])])
  }
}

/// The loss of a network with weights (4, 3), biases (4, 1) and weights (1, 4).
private func loss<S>(_ w: [Tensor<S>], _ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> {
  binaryCrossEntropy(sigmoid(matmul(w[2], tanh(matmul(w[0], x) + w[1]))), y)
}

/// `y = 4x`, which no other engine knows.
private struct Fourfold: Linear {
  static let name = "fourfold"
  func shape(_ operands: borrowing OperandShapes) -> Shape { operands[0] }
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> { 4 * operands[0] }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> { cotangent.applying(self) }
}
