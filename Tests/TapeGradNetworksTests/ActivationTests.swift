import TapeGradCore
import TapeGradNetworks
import Testing

struct ActivationTests {
  static let all = Activation.allCases + [.leakyRelu(slope: 0.3)]

  @Test("an activation has the same values on tensors and on arrays", arguments: all)
  func values(activation: Activation) throws {
    let z = NDArray<Double>([-800, -2, -0.5, 0, 1e-3, 3, 800])
    #expect(try activation(Tensor(z)).array == activation(z))
  }

  @Test("the values are those of the formulas")
  func golden() throws {
    let z = NDArray<Double>([-2, -1, 0, 1, 2])
    #expect(Activation.relu(z) == NDArray([0, 0, 0, 1, 2]))
    #expect(Activation.leakyRelu()(z) == NDArray([-0.02, -0.01, 0, 1, 2]))
    #expect(Activation.identity(z) == z)
    let expected = [0.11920292202211755, 0.2689414213699951, 0.5, 0.7310585786300049, 0.8807970779778823]
    #expect(zip(Activation.sigmoid(z).scalars, expected).allSatisfy { abs($0 - $1) <= 2e-16 })
    #expect(abs(Activation.tanh(z).scalars[4] - 0.9640275800758169) <= 2e-16)
  }

  @Test("the hand-derived derivative is the tape's", arguments: all)
  func derivative(activation: Activation) throws {
    let z = NDArray<Double>([-6, -2, -0.5, 0, 1e-3, 0.7, 3, 6])
    let automatic = try gradient(at: Tensor(z)) { activation($0).sum() }
    let byHand = activation.derivative(at: z, value: activation(z))
    #expect(try relativeDistance(Tensor(byHand), automatic) <= 1e-15)
  }

  @Test("an activation is found by its description", arguments: all)
  func names(activation: Activation) {
    #expect(Activation(activation.description) == activation)
  }

  @Test("the names are those of the command line, and no others are known")
  func allNames() {
    #expect(Activation.allCases.map(\.description) == ["sigmoid", "tanh", "relu", "leakyRelu", "identity"])
    #expect(Activation("leakyRelu(0.2)") == .leakyRelu(slope: 0.2))
    for wrong in ["", "Tanh", "leakyRelu(", "leakyRelu()", "leakyRelu(x)", "relu(0.2)", "softmax"] {
      #expect(Activation(wrong) == nil, "\(wrong)")
    }
  }
}
