import TapeGradCore
import TapeGradNetworks
import Testing

@Suite struct GradientDescentTests {
  @Test func oneStepIsTheFormula() throws {
    var w = Tensor<Double>([1, 2])
    GradientDescent(rate: 0.5).update(&w, along: Tensor([4, -2]))
    #expect(try w.scalars == [-1, 3])
  }

  @Test(arguments: [Activation.tanh, .relu, .leakyRelu(), .sigmoid]) func exclusiveOrIsLearned(
    activation: Activation
  ) throws {
    var generator = SeededGenerator(seed: 2)
    var network = TwoLayerNetwork<Float>(
      inputs: 2, hidden: 6, hiddenActivation: activation, initializer: .normal(scale: 1), using: &generator)
    let x = Tensor<Float>([[0, 0, 1, 1], [0, 1, 0, 1]]), y = Tensor<Float>([[0, 1, 1, 0]])
    var losses: [Float] = []
    try GradientDescent(rate: 1).minimize(&network, epochs: 500) { epoch, loss in
      #expect(epoch == losses.count)
      losses.append(loss)
    } of: {
      $0.loss(x, labels: y)
    }
    #expect(losses.count == 500)
    #expect(try #require(losses.last) < 0.1 * losses[0])
    #expect(try binaryAccuracy(network(x), y) == 1)
  }

  @Test func aSmallEnoughStepNeverClimbs() throws {
    var generator = SeededGenerator(seed: 4)
    var network = TwoLayerNetwork<Double>(
      inputs: 3, hidden: 6, outputs: 2, hiddenActivation: .tanh, task: .regression, initializer: .xavierNormal,
      using: &generator)
    let x = Tensor<Double>.randomNormal([3, 20], using: &generator)
    let y = Tensor<Double>.randomNormal([2, 20], using: &generator)
    var last = Double.infinity
    try GradientDescent(rate: 0.05).minimize(&network, epochs: 100) { _, loss in
      #expect(loss < last)
      last = loss
    } of: {
      $0.loss(x, labels: y)
    }
  }

  @Test func anErrorLeavesTheModelAsTheLastStepLeftIt() throws {
    struct Enough: Error {}
    var w = Tensor<Double>([1, 2])
    #expect(throws: Enough.self) {
      try GradientDescent(rate: 0.25).minimize(&w, epochs: 10) { epoch, _ in
        if epoch == 1 { throw Enough() }
      } of: { w in
        square(w).sum()
      }
    }
    #expect(try w.scalars == [0.5, 1])
  }
}
