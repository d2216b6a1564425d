import TapeGradCore
import TapeGradNetworks
import Testing

/// The equations by hand against the tape.
struct TwoLayerEquationsTests {
  struct Size: Sendable, CustomTestStringConvertible {
    let inputs, hidden, outputs, examples: Int
    var testDescription: String { "\(inputs)–\(hidden)–\(outputs), m = \(examples)" }

    init(_ inputs: Int, _ hidden: Int, _ outputs: Int, _ examples: Int) {
      (self.inputs, self.hidden, self.outputs, self.examples) = (inputs, hidden, outputs, examples)
    }
  }

  static let activations = Activation.allCases + [.leakyRelu(slope: 0.3)]
  static let sizes = [Size(1, 1, 1, 1), Size(2, 4, 1, 1), Size(3, 5, 1, 40), Size(30, 16, 3, 25), Size(4, 7, 2, 1)]

  @Test("the tape agrees with the hand-derived equations in Double", arguments: activations, sizes)
  func double(activation: Activation, size: Size) throws {
    for task in LearningTask.allCases { try check(Double.self, activation, task, size, tolerance: 1e-13) }
  }

  @Test("the tape agrees with the hand-derived equations in Float", arguments: activations, sizes)
  func float(activation: Activation, size: Size) throws {
    for task in LearningTask.allCases { try check(Float.self, activation, task, size, tolerance: 1e-6) }
  }

  private func check<S: TensorScalar>(
    _: S.Type, _ activation: Activation, _ task: LearningTask, _ size: Size, tolerance: Double
  ) throws {
    var generator = SeededGenerator(seed: 5)
    let plain = TwoLayerNetwork<S>(
      inputs: size.inputs, hidden: size.hidden, outputs: size.outputs, hiddenActivation: activation, task: task,
      initializer: .xavierNormal, using: &generator)
    let x = Tensor<S>.randomNormal([size.inputs, size.examples], using: &generator)
    let noise = Tensor<S>.randomNormal([size.outputs, size.examples], using: &generator)
    // Labels to one side of the outputs, so that the terms of db2 do not cancel and leave only their rounding.
    let classes = Tensor((0..<size.examples).map { S($0 % size.outputs) }, shape: [1, size.examples])
    let y =
      switch task {
      case .regression: noise + 3
      case .binaryClassification: noise .> -1.5
      case .classification: oneHot(classes, classes: size.outputs)
      }

    let tape = Tape()
    let network = tape.variables(of: plain)
    let forward = network.forward(x)
    let J = task.loss(forward.A2, labels: y)
    let gradients = try tape.gradients(of: J)
    let hand = try TwoLayerEquations(plain, x, labels: y)
    let m = S(size.examples)

    let pairs: [(String, Tensor<S>, NDArray<S>)] = [
      ("Z1", forward.Z1, hand.Z1), ("A1", forward.A1, hand.A1), ("Z2", forward.Z2, hand.Z2),
      ("A2", forward.A2, hand.A2), ("J", J, NDArray(hand.J)), ("dA2", gradients[forward.A2] * m, hand.dA2),
      ("dZ2", gradients[forward.Z2] * m, hand.dZ2), ("dW2", gradients[network.W2], hand.dW2),
      ("db2", gradients[network.b2], hand.db2), ("dA1", gradients[forward.A1] * m, hand.dA1),
      ("dZ1", gradients[forward.Z1] * m, hand.dZ1), ("dW1", gradients[network.W1], hand.dW1),
      ("db1", gradients[network.b1], hand.db1),
    ]
    for (name, automatic, byHand) in pairs {
      let distance = try relativeDistance(Tensor(byHand), automatic)
      #expect(distance <= tolerance, "\(name): \(task), \(distance)")
    }
  }

  /// In the notes' own setting, one output and cross-entropy, dZ2 is A2 − Y to the bit.
  @Test("the formulas are those of the notes, in the notes' convention")
  func notes() throws {
    var generator = SeededGenerator(seed: 9)
    let network = TwoLayerNetwork<Double>(inputs: 2, hidden: 3, hiddenActivation: .tanh, using: &generator)
    let x = Tensor<Double>([[1, 2], [3, 4]]), y = Tensor<Double>([[1, 0]])
    let hand = try TwoLayerEquations(network, x, labels: y)
    #expect(try hand.dZ2 == hand.A2 - y.array)
    #expect(hand.db2.scalars == [(hand.dZ2[0, 0] + hand.dZ2[0, 1]) / 2])
    #expect(hand.dZ1[1, 0] == hand.dA1[1, 0] * (1 - hand.A1[1, 0] * hand.A1[1, 0]))
  }

  @Test("the cotangents go by the tape's names and convention")
  func cotangents() throws {
    var generator = SeededGenerator(seed: 9)
    let plain = TwoLayerNetwork<Double>(inputs: 2, hidden: 3, hiddenActivation: .sigmoid, using: &generator)
    let x = Tensor<Double>([[1, 2], [3, 4]]), y = Tensor<Double>([[1, 0]])
    let tape = Tape()
    let network = tape.variables(of: plain)
    let forward = network.forward(x)
    let gradients = try tape.gradients(of: network.task.loss(forward.A2, labels: y))
    let cotangents = try TwoLayerEquations(plain, x, labels: y).cotangents
    #expect(cotangents.keys.sorted() == ["A1", "A2", "W1", "W2", "Z1", "Z2", "b1", "b2"])
    for (name, tensor) in [("A1", forward.A1), ("Z2", forward.Z2), ("A2", forward.A2), ("W1", network.W1)] {
      let byHand = try #require(cotangents[name])
      #expect(try relativeDistance(byHand, gradients[tensor]) <= 1e-13, "\(name)")
    }
  }

  @Test("a saturated sigmoid leaves every number right")
  func saturation() throws {
    let network = TwoLayerNetwork<Double>(
      W1: Tensor([[1]]), b1: Tensor([[0]]), W2: Tensor([[1]]), b2: Tensor([[0]]), hiddenActivation: .identity)
    let x = Tensor<Double>([[1000, -1000, 40, -40]])
    let hand = try TwoLayerEquations(network, x, labels: Tensor([[1, 0, 0, 1]]))
    #expect(hand.J == 20)
    #expect(hand.dZ2.scalars == [0, 0, 1, -1 + 4.248354255291589e-18])
    #expect(hand.dW1.scalars == [20])
    let right = try TwoLayerEquations(network, x, labels: Tensor([[1, 0, 1, 0]]))
    #expect(right.dA2.scalars == [-1, 1, -1, 1])
  }

  @Test("wrong shapes are an error")
  func misfits() throws {
    var generator = SeededGenerator(seed: 0)
    var network = TwoLayerNetwork<Double>(inputs: 2, hidden: 3, using: &generator)
    let x = Tensor<Double>.ones([2, 4]), y = Tensor<Double>.ones([1, 4])
    #expect(throws: TensorError.self) { try TwoLayerEquations(network, .ones([3, 4]), labels: y) }
    #expect(throws: TensorError.self) { try TwoLayerEquations(network, x, labels: .ones([4, 1])) }
    network.W2 = .ones([1, 2])
    #expect(throws: TensorError.self) { try TwoLayerEquations(network, x, labels: y) }
  }
}
