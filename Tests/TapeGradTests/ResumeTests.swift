import Foundation
import TapeGrad
import Testing

/// A training through a file.
struct ResumeTests {
  @Test("a training written to a file and read again goes on with the same bits")
  func resume() throws {
    var generator = SeededGenerator(seed: 2)
    let network = MultilayerNetwork<Float>(
      inputs: 3, hidden: [6], normalization: .batch, dropoutRate: 0.2, using: &generator)
    let x = Tensor<Float>.randomNormal([3, 40], using: &generator)
    let examples = try Examples(x, labels: (x[0] .> 0).reshaped(to: [1, 40]))
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }

    var whole = TrainingState(network, by: Adam(for: network, rate: 0.01), seed: 4), half = whole
    try whole.fit(examples, epochs: 6, batchSize: 16)
    try half.fit(examples, epochs: 3, batchSize: 16)
    var file = ModelFile(metadata: half.metadata)
    try file.add(half)
    try file.write(to: path)

    let read = try ModelFile(contentsOf: path)
    var resumed = try TrainingState(network, by: Adam(for: network, rate: 0.01), metadata: read.metadata)
    try read.load(into: &resumed)
    try resumed.fit(examples, epochs: 3, batchSize: 16)
    #expect(resumed.history == whole.history)
    for (a, b) in zip(resumed.tensors, whole.tensors) {
      #expect(try a.tensor.scalars.map(\.bitPattern) == b.tensor.scalars.map(\.bitPattern), "\(a.name)")
    }
  }
}
