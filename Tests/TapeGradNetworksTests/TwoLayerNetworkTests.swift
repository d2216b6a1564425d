import TapeGradCore
import TapeGradNetworks
import Testing

struct TwoLayerNetworkTests {
  private func network(
    hidden: Int = 4, _ activation: Activation = .tanh, _ initializer: Initializer = .he, seed: UInt64 = 1
  ) -> TwoLayerNetwork<Double> {
    var generator = SeededGenerator(seed: seed)
    return TwoLayerNetwork(
      inputs: 2, hidden: hidden, hiddenActivation: activation, initializer: initializer, using: &generator)
  }

  private let x = Tensor<Double>([[0.5, -1.2, 3.0, 0.1], [1.5, 0.7, -0.4, -2.0]])
  private let y = Tensor<Double>([[1, 0, 1, 1]])

  @Test("shapes and names are those of the notes")
  func names() {
    var generator = SeededGenerator(seed: 0)
    let network = TwoLayerNetwork<Float>(inputs: 5, hidden: 3, outputs: 2, using: &generator)
    #expect(network.tensors.map(\.name) == ["W1", "b1", "W2", "b2"])
    #expect(network.tensors.map(\.tensor.shape) == [[3, 5], [3, 1], [2, 3], [2, 1]])
    let activations = network.forward(.zeros([5, 7]))
    #expect(activations.Z1.shape == [3, 7] && activations.A1.shape == [3, 7])
    #expect(activations.Z2.shape == [2, 7] && activations.A2.shape == [2, 7])
  }

  @Test("outputs are the sigmoid of the logits, and in a regression the logits")
  func outputs() throws {
    var network = network()
    #expect(try network(x).array == sigmoid(network.logits(x)).array)
    network.task = .regression
    #expect(try network(x).array == network.logits(x).array)
  }

  @Test("saturated logits keep their loss and their gradient")
  func saturation() throws {
    let logits = Tensor<Double>([[1000, -1000, 1000, -1000]])
    var network = TwoLayerNetwork<Double>(
      W1: Tensor([[1]]), b1: Tensor([[0]]), W2: Tensor([[1]]), b2: Tensor([[0]]), hiddenActivation: .identity)
    let labels = Tensor<Double>([[1, 0, 0, 1]])
    let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(logits, labels: labels) }
    #expect(try loss.item == 500)  // the last two are wrong, and cost 1000 each
    #expect(try gradient.W1.item == 500)  // (1·1000 + (−1)·(−1000))/4
    #expect(try gradient.b2.item == 0)
    network.move(along: gradient, by: -0.001)
    #expect(try network.loss(logits, labels: labels).item < 500)
  }

  @Test("weights of zero keep the hidden units alike")
  func symmetry() throws {
    var network = network(.sigmoid, .zeros)
    for _ in 0..<20 {
      let gradient = try gradient(at: network) { $0.loss(x, labels: y) }
      network.move(along: gradient, by: -1)
    }
    let (w, v) = (try network.W1.array, try network.W2.array)
    for unit in 1..<4 {
      #expect(w[unit..<unit + 1] == w[0..<1])
      #expect(v[0, unit] == v[0, 0])
    }
    #expect(v[0, 0] != 0)
  }

  @Test("random weights break the symmetry")
  func randomWeights() throws {
    let gradient = try gradient(at: network(.sigmoid)) { $0.loss(x, labels: y) }
    let w = try gradient.W1.array
    #expect(w[1..<2] != w[0..<1])
  }

  @Test("a seed gives the same network again, and another seed another")
  func seeds() throws {
    let (a, b, c) = (network(seed: 3), network(seed: 3), network(seed: 4))
    #expect(try a.W1.array == b.W1.array && a.W2.array == b.W2.array)
    #expect(try a.W1.array != c.W1.array)
  }

  /// `W2·(W1·x + b1) + b2 = W′·x + b′`.
  @Test("two linear layers are one")
  func linear() throws {
    var network = network(.identity)
    network.b1 = Tensor([[0.1], [-0.2], [0.3], [0.4]])
    network.b2 = Tensor([[0.7]])
    let W = matmul(network.W2, network.W1), b = matmul(network.W2, network.b1) + network.b2
    #expect(try relativeDistance(network.logits(x), matmul(W, x) + b) <= 1e-15)
    network.hiddenActivation = .tanh
    #expect(try relativeDistance(network.logits(x), matmul(W, x) + b) > 0.01)
  }

  @Test("wrong shapes are an error where numbers are asked for")
  func misfits() {
    #expect(throws: TensorError.self) { try network().loss(Tensor<Double>.zeros([3, 4]), labels: y).item }
    #expect(throws: TensorError.self) { try network().loss(x, labels: Tensor<Double>.zeros([1, 3])).item }
    #expect(throws: TensorError.self) { try network().loss(x, labels: Tensor<Double>.zeros([4, 1])).item }
  }

  @Test("a tape knows the notes' names")
  func tapeNames() {
    let tape = Tape()
    let network = tape.variables(of: network(hidden: 5))
    let activations = network.forward(x)
    #expect(activations.A2.isRecorded)
    let error = #expect(throws: TensorError.self) { try matmul(activations.A1, activations.Z1).validated() }
    #expect(error?.operands.map(\.name) == ["A1", "Z1"])
    let other = #expect(throws: TensorError.self) { try matmul(network.W1, network.b2).validated() }
    #expect(other?.operands.map(\.name) == ["W1", "b2"])
  }

  @Test("a program tells a slope of 0 from one of −0, bit by bit")
  func slopes() throws {
    let program = compiled { (network: TwoLayerNetwork<Double>, x: Tensor<Double>) in network.forward(x).A1 }
    for slope in [0, -0.0, 0.5] {
      let network = network(.leakyRelu(slope: slope)), eager = network.forward(x).A1
      #expect(try program(network, x).scalars.map(\.bitPattern) == eager.scalars.map(\.bitPattern), "\(slope)")
    }
  }
}
