import TapeGradCore
import TapeGradNetworks
import Testing

struct GradientDescentTests {
  @Test("a step is w − rate · gradient")
  func step() throws {
    var w = Tensor<Double>([1, 2])
    var descent = GradientDescent(for: w, rate: 0.5)
    descent.update(&w, along: Tensor([4, -2]))
    #expect(try w.scalars == [-1, 3])
  }

  @Test("exclusive or is learned", arguments: [Activation.tanh, .relu, .leakyRelu(), .sigmoid])
  func exclusiveOr(activation: Activation) throws {
    var generator = SeededGenerator(seed: 2)
    var network = TwoLayerNetwork<Float>(
      inputs: 2, hidden: 6, hiddenActivation: activation, initializer: .normal(scale: 1), using: &generator)
    let x = Tensor<Float>([[0, 0, 1, 1], [0, 1, 0, 1]]), y = Tensor<Float>([[0, 1, 1, 0]])
    var losses: [Float] = []
    var descent = GradientDescent(for: network, rate: 1)
    try descent.minimize(&network, epochs: 500) { epoch, loss in
      losses.append(loss)
      #expect(epoch == losses.count)
    } of: {
      $0.loss(x, labels: y)
    }
    #expect(losses.count == 500)
    #expect(try #require(losses.last) < 0.1 * losses[0])
    #expect(try binaryAccuracy(network(x), y) == 1)
  }

  @Test("with a small enough rate the loss falls in every step")
  func descent() throws {
    var generator = SeededGenerator(seed: 4)
    var network = TwoLayerNetwork<Double>(
      inputs: 3, hidden: 6, outputs: 2, hiddenActivation: .tanh, task: .regression, initializer: .xavierNormal,
      using: &generator)
    let x = Tensor<Double>.randomNormal([3, 20], using: &generator)
    let y = Tensor<Double>.randomNormal([2, 20], using: &generator)
    var last = Double.infinity, steps = 0
    var descent = GradientDescent(for: network, rate: 0.05)
    try descent.minimize(&network, epochs: 100) { _, loss in
      #expect(loss < last)
      last = loss
      steps += 1
    } of: {
      $0.loss(x, labels: y)
    }
    #expect(steps == 100)
  }

  @Test("an error leaves the model as the last step left it")
  func errors() throws {
    struct Enough: Error {}
    var w = Tensor<Double>([1, 2])
    var descent = GradientDescent(for: w, rate: 0.25)
    #expect(throws: Enough.self) {
      try descent.minimize(&w, epochs: 10) { epoch, _ in
        if epoch == 2 { throw Enough() }
      } of: { w in
        square(w).sum()
      }
    }
    #expect(try w.scalars == [0.5, 1])
    #expect(try descent.settings.stepsTaken.item == 1)
  }

  @Test("any optimizer goes down a loss, and its state moves on")
  func others() throws {
    var w = Tensor<Double>([1, 2]), adam = Adam(for: w, rate: 0.1)
    for _ in 0..<2 { try adam.minimize(&w, epochs: 200) { square($0).sum() } }
    #expect(try adam.settings.stepsTaken.item == 400)
    #expect(try w.scalars.allSatisfy { abs($0) < 1e-3 })
  }

  @Test("no epoch leaves the model as it is, and fewer are an error", arguments: [-1, -100, .min])
  func epochs(_ epochs: Int) throws {
    var w = Tensor<Double>([1, 2])
    var descent = GradientDescent(for: w, rate: 0.25)
    try descent.minimize(&w, epochs: 0) { square($0).sum() }
    #expect(throws: TrainingError.self) {
      try descent.minimize(&w, epochs: epochs) { square($0).sum() }
    }
    #expect(try w.scalars == [1, 2])
  }
}
