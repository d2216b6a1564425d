import Foundation
import TapeGradFormats
import Testing

@testable import TapeGradCore

/// Whatever the tables of samples and of random graphs hold can be written for other engines. Where the environment
/// names a folder, it is written there, and a script compares what the engine computes (the CI's steps).
struct ExportTests {
  private static let folder = ProcessInfo.processInfo.environment["TAPEGRAD_EXPORTS"]
  /// As many random graphs as scripts compare; few where nothing compares them.
  private static let graphs = folder == nil ? 20 : 200

  @Test func stableHLO() throws {
    try write("float.stablehlo", ExportedCases<Float> { Array(try $0.stableHLO(for: $1).utf8) })
    try write("double.stablehlo", ExportedCases<Double> { Array(try $0.stableHLO(for: $1).utf8) })
  }

  private func write<S>(_ name: String, _ empty: ExportedCases<S>) throws {
    var cases = empty
    try cases.addSamples()
    try cases.addHardElements()
    try cases.addRandomGraphs(Self.graphs)
    try addPrograms(&cases)
    #expect(cases.count > 500)
    if let folder = Self.folder { try cases.file.write(to: "\(folder)/\(name).safetensors") }
  }

  /// Loops, and gradients of gradients.
  private func addPrograms<S>(_ cases: inout ExportedCases<S>) throws {
    var generator = SeededGenerator(seed: 3)
    func normal(_ shape: Shape) throws -> Tensor<S> {
      Tensor(try Tensor<Double>.randomNormal(shape, using: &generator).array.converted())
    }
    let network = try [normal([4, 3]), normal([4, 1]), normal([1, 4])]
    let x = try normal([3, 8]), y = Tensor<S>((0..<8).map { S($0 % 2) }, shape: [1, 8])
    @Sendable func loss(_ w: [Tensor<S>], _ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> {
      binaryCrossEntropy(sigmoid(matmul(w[2], tanh(matmul(w[0], x) + w[1]))), y)
    }
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
