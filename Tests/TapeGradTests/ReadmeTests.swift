import Foundation
import TapeGrad
import Testing

struct Swish: Elementwise {
  static let name = "swish"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { x * sigmoid(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { y + sigmoid(x) * (1 - y) }
}
func swish<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Swish()) }

/// The README's blocks, word for word: the last test holds them against this file.
struct ReadmeTests {
  @Test("the first gradient is the one that the README shows")
  func firstGradient() throws {
    let x = Tensor<Double>([1, 2, 3])
    let dx = try gradient(at: x) { x in (x * x).sum() }
    print(dx)  // [2, 4, 6]
    #expect("\(dx)" == "[2, 4, 6]")

    let d2 = try gradient(at: x) { x in try gradient(at: x) { x in tanh(x).sum() }.sum() }
    let h = try hessian(at: x) { x in exp(x).sum() }
    let y: Double = tanh(1), slope = -2 * y * (1 - y * y)
    #expect(abs(try d2.scalars[0] - slope) < 1e-15)
    let curvatures: [Double] = [exp(1), 0, 0, 0, exp(2), 0, 0, 0, exp(3)]
    try expect(h, Tensor(curvatures, shape: [3, 3]))
  }

  @Test("a model is trained, and judged on rows that it has not seen, as the README shows")
  func model() throws {
    let (training, test) = try DataSet<Float>.breastCancer().split(test: 0.2, seed: 1)
    var model = try Model(hidden: [16], activation: .relu, for: training, seed: 1)
    try model.fit(training, optimizer: .adam(rate: 0.01), epochs: 50, batchSize: 32)
    let evaluation = try model.evaluate(test)
    print(evaluation)  // accuracy, F1, ROC area, confusion matrix
    #expect(try #require(evaluation["accuracy"]) > 0.93)
  }

  @Test("the derivation printed is the one that the README shows")
  func derivation() throws {
    let tape = Tape()
    let W = tape.variable(Tensor<Double>([[0.1, -0.2]]), named: "W")
    let X = tape.constant(Tensor<Double>([[1, 2, 3], [3, 2, 1]]), named: "X")
    let Y = tape.constant(Tensor<Double>([[0, 1, 1]]), named: "Y")
    let A = sigmoid(matmul(W, X).named("Z")).named("A")
    let J = binaryCrossEntropy(A, Y).named("J")
    print(try tape.gradients(of: J)[W])
    print(try tape.derivation(of: J))
    let derivation = "\(try tape.derivation(of: J))".split(separator: "\n", omittingEmptySubsequences: false)
    #expect(try derivation.count > 20 && readme().contains(derivation.joined(separator: "\n")))
  }

  @Test("the two-layer network is derived in the mathematics that the README shows")
  func markdown() throws {
    var generator = SeededGenerator(seed: 1)
    let network = TwoLayerNetwork<Double>(inputs: 2, hidden: 4, hiddenActivation: .tanh, using: &generator)
    let tape = Tape()
    let X = tape.constant(Tensor<Double>.zeros([2, 400])), Y = tape.constant(Tensor<Double>.zeros([1, 400]))
    let J = tape.variables(of: network).loss(X.named("X"), labels: Y.named("Y"))
    let markdown = try tape.derivation(of: J).markdown
    let backward = try #require(markdown.components(separatedBy: "**Backward**\n\n").last)
    let block = try #require(backward.components(separatedBy: "```\n").first)
    #expect(block.hasPrefix("```math\n") && block.count > 800)
    #expect(try readme().contains(block + "```\n"))
  }

  @Test("a network learns to the accuracy that the README shows")
  func network() throws {
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

  @Test("a compiled training step has the bits of the eager one")
  func program() throws {
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

  @Test("a plot is drawn from numbers")
  func plot() {
    let losses = [0.69, 0.2, 0.05], validationLosses = [0.7, 0.3, 0.2]
    let plot = Plot(title: "J by epoch", x: Axis("epoch"), y: Axis("J")) {
      line(losses, named: "training")
      line(validationLosses, named: "validation")
    }
    let svg = plot.svg  // try svg.write(to: "loss.svg")
    #expect(svg.text.contains(">validation</text>"))
  }

  @Test("a custom operation has a gradient")
  func customOperation() throws {
    let slope = try gradient(at: Tensor(0.0)) { swish($0) }.item
    #expect(abs(slope - 0.5) < 1e-15)
  }

  @Test("every block of the README stands in this file")
  func blocks() throws {
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
