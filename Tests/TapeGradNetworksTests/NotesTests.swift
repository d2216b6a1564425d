import Foundation
import TapeGradCore
import TapeGradNetworks
import Testing

/// What the page "What the notes teach" says: its blocks, word for word, and that their comments are true.
struct NotesTests {
  @Test("linear layers collapse to one")
  func collapse() throws {
    var generator = SeededGenerator(seed: 1)
    let x = Tensor<Double>.randomNormal([2, 200], using: &generator)
    let y = (x[0] * x[1] .> 0).reshaped(to: [1, 200])
    #expect((80...120).contains(try y.sum().item))

    let deep = MultilayerNetwork<Double>(
      inputs: 2, hidden: [8], hiddenActivation: .identity, task: .regression, using: &generator)
    let (W1, b1) = (deep.layers[0].weight, deep.layers[0].bias)
    let (W2, b2) = (deep.layers[1].weight, deep.layers[1].bias)
    let one = Dense(weight: matmul(W2, W1), bias: matmul(W2, b1) + b2)
    let difference = abs(deep(x) - one(x)).max()  // 0, but for rounding
    #expect(try difference.item <= 1e-14)
  }

  @Test("a bend finds what no line can")
  func bends() throws {
    var generator = SeededGenerator(seed: 1)
    let x = Tensor<Double>.randomNormal([2, 200], using: &generator)
    let y = (x[0] * x[1] .> 0).reshaped(to: [1, 200])

    func accuracy(of activation: Activation) throws -> Double {
      var network = MultilayerNetwork<Double>(inputs: 2, hidden: [8], hiddenActivation: activation, using: &generator)
      try network.fit(x, labels: y, optimizer: .adam(rate: 0.05), epochs: 300)
      return try binaryAccuracy(network(x), y)
    }
    let straight = try accuracy(of: .identity)  // below 0.7
    let bent = try [.relu, .leakyRelu(), .tanh].map { try accuracy(of: $0) }  // each above 0.95
    #expect(straight < 0.7)
    #expect(bent.allSatisfy { $0 > 0.95 }, "\(bent)")
  }

  @Test("equal weights stay equal, random ones do not")
  func symmetry() throws {
    var generator = SeededGenerator(seed: 1)
    let x = Tensor<Double>.randomNormal([2, 200], using: &generator)
    let y = (x[0] * x[1] .> 0).reshaped(to: [1, 200])

    func distinctUnits(_ initializer: Initializer) throws -> Int {
      var network = TwoLayerNetwork<Double>(
        inputs: 2, hidden: 4, hiddenActivation: .tanh, initializer: initializer, using: &generator)
      try network.fit(x, labels: y, optimizer: .gradientDescent(rate: 0.5), epochs: 200)
      return try Set((0..<4).map { try network.W1[$0].scalars }).count
    }
    let zeros = try distinctUnits(.zeros)  // 1
    let random = try distinctUnits(.normal(scale: 0.01))  // 4
    #expect(zeros == 1)
    #expect(random == 4)
  }

  @Test("units that move and began equal stay equal too")
  func movingSymmetry() throws {
    var generator = SeededGenerator(seed: 1)
    let x = Tensor<Double>.randomNormal([2, 200], using: &generator)
    let y = (x[0] .> 0.5).reshaped(to: [1, 200])
    var network = TwoLayerNetwork<Double>(
      W1: Tensor(repeating: 0.3, shape: [4, 2]), b1: .zeros([4, 1]), W2: Tensor(repeating: 0.2, shape: [1, 4]),
      b2: .zeros([1, 1]), hiddenActivation: .tanh)
    try network.fit(x, labels: y, optimizer: .gradientDescent(rate: 0.5), epochs: 200)
    let rows = try (0..<4).map { try network.W1[$0].scalars }
    #expect(Set(rows).count == 1)
    #expect(abs(rows[0][0] - 0.3) > 0.1)
  }

  @Test("saturated units learn slowly")
  func saturation() throws {
    var generator = SeededGenerator(seed: 1)
    let x = Tensor<Double>.randomNormal([2, 200], using: &generator)

    let slopes = try gradient(at: Tensor<Double>([0, 2, 5, 10])) { z in sigmoid(z).sum() }
    // 0.25, 0.105, 0.00665, 0.0000454

    func meanSlope(scale: Double) throws -> Double {
      let W = Tensor<Double>.randomNormal([50, 2], scale: scale, using: &generator)
      return try gradient(at: matmul(W, x)) { z in tanh(z).sum() }.mean().item
    }
    let byScale = try [0.01, 1, 100].map { try meanSlope(scale: $0) }  // above 0.99, about a half, below 0.05
    for (slope, said) in zip(try slopes.scalars, [0.25, 0.105, 0.00665, 0.0000454]) {
      #expect(abs(slope - said) <= 2e-3 * said)
    }
    #expect(byScale[0] > 0.99 && (0.4...0.7).contains(byScale[1]) && byScale[2] < 0.05, "\(byScale)")
  }

  @Test("dead units have no gradient, and a slope brings them back")
  func deadUnits() throws {
    var generator = SeededGenerator(seed: 1)
    let x = Tensor<Double>.randomNormal([2, 200], using: &generator)
    let heights = 3 * x[0..<1] + 2

    var network = TwoLayerNetwork<Double>(
      inputs: 2, hidden: 4, hiddenActivation: .relu, task: .regression, initializer: .he, using: &generator)
    network.b1 = Tensor(repeating: -8, shape: [4, 1])
    let dead = try gradient(at: network) { $0.loss(x, labels: heights) }.W1  // zeros

    func rSquared(with activation: Activation) throws -> Double {
      network.hiddenActivation = activation
      try network.fit(x, labels: heights, optimizer: .adam(rate: 0.05), epochs: 500)
      return try RegressionMetrics(network(x), labels: heights).rSquared
    }
    let relu = try rSquared(with: .relu)  // 0: the mean is all that the last bias can learn
    let leaky = try rSquared(with: .leakyRelu(slope: 0.1))  // above 0.99
    #expect(try dead.scalars.allSatisfy { $0 == 0 })
    #expect(abs(relu) < 1e-6)
    #expect(leaky > 0.99)
  }

  @Test("regression wants a linear output")
  func regression() throws {
    var generator = SeededGenerator(seed: 1)
    let x = Tensor<Double>.randomNormal([2, 200], using: &generator)

    let heights = 3 * x[0..<1] + 2
    let inReach = maximum(minimum(heights, Tensor(1)), Tensor(0))
    let bound = meanSquaredError(inReach, heights)  // no sigmoid's loss is below
    var line = MultilayerNetwork<Double>(inputs: 2, hidden: [], task: .regression, using: &generator)
    try line.fit(x, labels: heights, optimizer: .adam(rate: 0.1), epochs: 300)
    let fit = try RegressionMetrics(line(x), labels: heights).rSquared  // above 0.999
    #expect(fit > 0.999)
    #expect(try line.loss(x, labels: heights).item < 0.01 * bound.item)
  }

  @Test("the simple formula loses its digits where the tape's rule does not")
  func derivatives() throws {
    let z = Tensor<Double>([0, 1, 40])
    let a = sigmoid(z)
    let simple = a * (1 - a)  // 0 at z = 40
    let exact = try gradient(at: z) { z in sigmoid(z).sum() }  // 4.2e-18 there
    let (s, e) = (try simple.scalars, try exact.scalars)
    #expect(abs(s[1] - e[1]) <= 1e-16 && s[0] == e[0])
    #expect(s[2] == 0 && abs(e[2] - 4.248354255291589e-18) <= 1e-33)
  }

  @Test("every block of the page stands here")
  func blocks() throws { try expectBlocks(of: "TheNotes.md", in: #filePath, count: 8) }
}

/// Checks that a file contains the blocks of a page of a module's catalogue, word for word but for indentation.
func expectBlocks(of page: String, module: String = "TapeGradNetworks", in file: String, count: Int) throws {
  let catalog = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/\(module)/\(module).docc")
  func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
  let own = lines(try String(contentsOf: URL(filePath: file), encoding: .utf8))
  let text = try String(contentsOf: catalog.appending(path: page), encoding: .utf8)
  let blocks = text.components(separatedBy: "```swift\n").dropFirst().map {
    lines($0.components(separatedBy: "```")[0])
  }
  #expect(blocks.count == count)
  for block in blocks {
    let isHere = own.indices.contains { own[$0...].starts(with: block) }
    #expect(isHere, "not compiled:\n\(block.joined(separator: "\n"))")
  }
}
