import Foundation
import TapeGradCore
import TapeGradFormats
import TapeGradNetworks
import Testing

/// Networks as ONNX, traced for one size of the batch and compared on another. The comparison is a script's (the CI's step
/// `onnx`), where the environment names a folder.
struct NetworkExportTests {
  private static let folder = ProcessInfo.processInfo.environment["TAPEGRAD_EXPORTS"]

  @Test("networks of every task, activation and normalization take a batch of any size")
  func networks() throws {
    try write("float", Float.self)
    try write("double", Double.self)
  }

  private func write<S: TensorScalar>(_ name: String, _: S.Type) throws {
    var file = ModelFile(), count = 0, generator = SeededGenerator(seed: 5)
    func add(
      _ text: String, traced: Shape = [6, 3], shape: Shape = [6, 5], axis: Int = 1,
      _ network: @escaping @Sendable (Tensor<S>) -> Tensor<S>
    ) throws {
      let program = compiled { (x: Tensor<S>) in network(x) }, x = Tensor<S>.randomNormal(shape, using: &generator)
      let model = try program.onnx(for: Tensor<S>.zeros(traced), batch: BatchAxes([0: axis], named: "m"))
      for (part, bytes) in [("name", Array(text.utf8)), ("model", model)] {
        try file.add(StoredArray(bytes.map(Int.init), shape: [bytes.count], type: .uint8), named: "\(count).\(part)")
      }
      try file.add(StoredArray(x), named: "\(count).input0")
      try file.add(StoredArray(program(x)), named: "\(count).result0")
      count += 1
    }
    for task in LearningTask.allCases {
      for normalization in [nil, NormalizationKind.batch, .layer] {
        for activation in Activation.allCases {
          let network = MultilayerNetwork<S>(
            inputs: 6, hidden: [8, 4], outputs: 3, hiddenActivation: activation, normalization: normalization,
            dropoutRate: 0.5, task: task, using: &generator)
          // Trained, as it were: biases of 0 would hide that they are broadcast.
          let trained = network.mapTensors { $0 + square(Tensor.randomNormal($0.shape, using: &generator)) }
          try add("network: \(task), \(activation), \(normalization.map { "\($0)" } ?? "plain")") { trained($0) }
        }
      }
    }
    let small = TwoLayerNetwork<S>(inputs: 6, hidden: 4, using: &generator)
    try add("network: of the notes") { small($0) }
    // Of images, of which there may be any number.
    let filters = Tensor<S>.randomNormal([4, 2, 3, 3], using: &generator)
    try add("network: windows", traced: [3, 2, 9, 7], shape: [5, 2, 9, 7], axis: 0) { x in
      let y = maxPool2D(
        relu(convolution2D(x, filters, stride: (2, 1), padding: (1, 1))), window: (2, 3), stride: (1, 2),
        padding: (0, 1))
      return transposedConvolution2D(y, filters, size: (10, 9), stride: (2, 2)).sum(axes: [1, 2])
    }
    #expect(count == LearningTask.allCases.count * 3 * Activation.allCases.count + 2)
    if let folder = Self.folder { try file.write(to: "\(folder)/\(name).networks.onnx.safetensors") }
  }

  @Test("what depends on the size of the batch beside lengths is an error")
  func sizes() throws {
    let mean = compiled { (x: Tensor<Float>) in x - x.mean(axis: 1, keepingDimensions: true) }
    let error = #expect(throws: ExportError.self) {
      try mean.onnx(for: Tensor.zeros([6, 3]), batch: BatchAxes([0: 1]))
    }
    #expect(error?.description == "ONNX: a number that depends on the size of the batch")
    #expect(throws: ExportError.self) { try mean.onnx(for: Tensor.zeros([6, 3]), batch: BatchAxes([0: 2])) }
    #expect(throws: ExportError.self) { try mean.onnx(for: Tensor.zeros([6, 3]), batch: BatchAxes([1: 0])) }
    #expect(throws: ExportError.self) { try mean.onnx(for: Tensor.zeros([6, 0]), batch: BatchAxes([0: 1])) }
  }
}
