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

  @Test func rightGradientsGiveExitCode0() throws {
    let comparison = try Comparison(of: network(), on: data.standardized().dataSet, limit: 20)
    #expect(comparison.exitCode == 0)
    #expect("\(comparison)".contains("agree in all 8 quantities"))
  }

  @Test func aFaultPlantedInARuleTurnsTheVerdict() throws {
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
    #expect(try comparison.json(data: "", epochs: 0, rate: 1).contains("\"isRight\" : false"))
  }
}
