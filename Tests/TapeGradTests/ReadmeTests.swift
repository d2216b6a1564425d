import Foundation
import TapeGrad
import Testing

/// The README's blocks, word for word: the last test holds them against this file.
struct ReadmeTests {
  @Test func aFirstGradient() throws {
    let x = Tensor<Double>([1, 2, 3])
    let dx = try gradient(at: x) { x in (x * x).sum() }
    print(dx)  // [2, 4, 6]
    #expect("\(dx)" == "[2, 4, 6]")

    let d2 = try gradient(at: x) { x in try gradient(at: x) { x in tanh(x).sum() }.sum() }
    let h = try hessian(at: x) { x in exp(x).sum() }
    let y: Double = tanh(1), slope = -2 * y * (1 - y * y)
    #expect(abs(try d2.scalars[0] - slope) < 1e-15)
    #expect(h.shape == [3, 3])
  }

  @Test func itShowsItsWork() throws {
    let tape = Tape()
    let W = tape.variable(Tensor<Double>([[0.1, -0.2]]), named: "W")
    let X = tape.constant(Tensor<Double>([[1, 2, 3], [3, 2, 1]]), named: "X")
    let Y = tape.constant(Tensor<Double>([[0, 1, 1]]), named: "Y")
    let A = sigmoid(matmul(W, X).named("Z")).named("A")
    let J = binaryCrossEntropy(A, Y).named("J")
    print(try tape.gradients(of: J)[W])
    print(try tape.derivation(of: J))
    let derivation = "\(try tape.derivation(of: J))".split(separator: "\n", omittingEmptySubsequences: false)
    #expect(try readme().contains(derivation.joined(separator: "\n")))
  }

  @Test func aNetwork() throws {
    var generator = SeededGenerator(seed: 1)
    let data = try DataSet<Float>.breastCancer().standardized().dataSet
    var network = TwoLayerNetwork<Float>(inputs: 30, hidden: 16, hiddenActivation: .tanh, using: &generator)
    for _ in 0..<200 {
      let (_, gradient) = try valueWithGradient(at: network) { $0.loss(data.features, labels: data.labels) }
      network.move(along: gradient, by: -0.5)
    }
    print(try binaryAccuracy(network(data.features), data.labels))  // 0.9877…
    #expect(abs(try binaryAccuracy(network(data.features), data.labels) - 0.9877) < 0.005)
  }

  @Test func recordOnceReplay() throws {
    var generator = SeededGenerator(seed: 1)
    let data = try DataSet<Float>.breastCancer().standardized().dataSet
    var network = TwoLayerNetwork<Float>(inputs: 30, hidden: 16, hiddenActivation: .tanh, using: &generator)
    var eager = network
    let step = compiled { (network: TwoLayerNetwork<Float>, x: Tensor<Float>, y: Tensor<Float>, rate: Tensor<Float>) in
      let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(x, labels: y) }
      return (network.moved(along: gradient, by: -rate), loss)
    }
    let rate = Tensor<Float>(0.5)
    var loss = Tensor<Float>(0)
    for _ in 0..<200 { (network, loss) = try step(network, data.features, data.labels, rate) }
    print(step)  // the plan: what runs, what was fused, where it is kept

    for _ in 0..<200 {
      let gradient = try gradient(at: eager) { $0.loss(data.features, labels: data.labels) }
      eager.move(along: gradient, by: -0.5)
    }
    #expect(try network.W1.scalars == eager.W1.scalars, "the same bits")
    #expect(try loss.item < 0.1)
    #expect("\(step)".contains("A1 (16, 569) = tanh Z1"))
  }

  @Test func anOperationOfOnesOwn() throws {
    struct Swish: Elementwise {
      static let name = "swish"
      func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { x * sigmoid(x) }
      func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { y + sigmoid(x) * (1 - y) }
    }
    func swish<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Swish()) }
    let slope = try gradient(at: Tensor(0.0)) { swish($0) }.item
    #expect(abs(slope - 0.5) < 1e-15)
  }

  @Test func everyBlockStandsHere() throws {
    let own = lines(try String(contentsOf: URL(filePath: #filePath), encoding: .utf8))
    let blocks = try readme().components(separatedBy: "```swift\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    #expect(blocks.count >= 5)
    for block in blocks where !block.hasPrefix(".package") {
      let code = lines(block).filter { $0 != "import TapeGrad" }
      let starts = own.indices.filter { own[$0...].starts(with: code) }
      #expect(!starts.isEmpty, "this block of the README is not compiled:\n\(block)")
    }
  }

  /// Without indentation and blank lines.
  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  private func readme() throws -> String {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: tests.deletingLastPathComponent().appending(path: "README.md"), encoding: .utf8)
  }
}
