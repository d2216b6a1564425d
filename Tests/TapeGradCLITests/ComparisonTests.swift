import TapeGrad
import Testing

@testable import TapeGradCLI

/// A tanh whose rule says 1 − y instead of 1 − y².
private struct FaultyTanh: Elementwise {
  static let name = "faultyTanh"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { tanh(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { 1 - y }
}

struct ComparisonTests {
  private let data = DataSet<Double>.breastCancer()

  private func network() -> TwoLayerNetwork<Double> {
    var generator = SeededGenerator(seed: 2)
    return TwoLayerNetwork(inputs: 30, hidden: 3, hiddenActivation: .tanh, using: &generator)
  }

  @Test("right gradients agree, and give exit code 0")
  func right() throws {
    let comparison = try Comparison(of: network(), on: data.standardized().dataSet, limit: 20)
    #expect(comparison.exitCode == 0)
    #expect("\(comparison)".contains("agree in all 8 quantities"))
  }

  @Test("a fault planted in a rule is named, and gives exit code 1")
  func fault() throws {
    let (network, data) = (network(), try data.standardized().dataSet)
    let hand = try TwoLayerEquations(network, data.features, labels: data.labels)
    let tape = Tape()
    let X = tape.constant(data.features, named: "X"), Y = tape.constant(data.labels, named: "Y")
    let recorded = tape.variables(of: network)
    let Z1 = (matmul(recorded.W1, X) + recorded.b1).named("Z1")
    let A1 = Z1.applying(FaultyTanh()).named("A1")
    let Z2 = (matmul(recorded.W2, A1) + recorded.b2).named("Z2")
    let J = binaryCrossEntropy(sigmoid(Z2).named("A2"), Y)

    let comparison = Comparison(try tape.audit(J, handDerived: hand.cotangents, limit: 20))
    #expect(comparison.exitCode == 1)
    #expect(comparison.audit.firstWrong?.name == "Z1")
    #expect(comparison.audit.firstWrong?.fault == .rule("faultyTanh"))
    #expect("\(comparison)".contains("The gradients disagree, first in Z1."))
    let run = try TrainingRun(
      on: self.data, named: "", hidden: 1, activation: .tanh, seed: 1, epochs: 0, rate: 1)
    #expect(try comparison.json(run).contains("\"isRight\" : false"))
  }

  @Test("a run that diverged is said to have diverged")
  func diverged() throws {
    let data = try data.standardized().dataSet
    let risen = try Comparison(of: network(), on: data, limit: 1, initialLoss: 1e-3)
    #expect(risen.exitCode == 1 && "\(risen)".contains("Training diverged: J rose from 0.001 to "))
    var broken = network()
    broken.W1 = broken.W1 * .nan
    let divergence = try Divergence(epoch: 12, rate: 1, from: network(), to: broken) {
      $0.loss(data.features, labels: data.labels)
    }
    #expect(divergence?.firstNonFinite?.description == "W1[0, 0] is nan")
    let nan = try Comparison(of: broken, on: data, limit: 1, divergence: divergence)
    #expect(nan.exitCode == 1)
    #expect(
      "\(nan)".unwrapped.contains(
        "Training diverged in epoch 12. The first number that is not finite: W1[0, 0] is nan."))
    let undecided = try Comparison(of: broken, on: data, limit: 1)
    #expect(undecided.exitCode == 1 && "\(undecided)".contains("Nothing could be decided."))
    #expect(!"\(undecided)".contains("agree in"))
  }

  @Test("no line is longer than the terminal is wide", arguments: [66, 80, 114, 200])
  func width(_ width: Int) throws {
    let text = try Comparison(of: network(), on: data.standardized().dataSet, limit: 2).text(width: width)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width } && !text.contains("…"), "\(text)")
    #expect(text.contains("by the rule of:") == (width < 114))
  }
}
