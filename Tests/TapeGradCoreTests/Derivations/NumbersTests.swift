import TapeGradArrays
import Testing

@testable import TapeGradCore

/// Lines with the numbers of one element.
struct NumbersTests {
  private func derivation() throws -> Derivation {
    let tape = Tape()
    let w = tape.variable(Tensor([[0.5, -1]]), named: "W2"), b = tape.variable(Tensor([[0.25]]), named: "b2")
    let x = tape.constant(Tensor([[1.0, 2, 3, 4], [0, 1, 0, 2]]), named: "X")
    let y = tape.constant(Tensor([[1.0, 0, 1, 0]]), named: "Y")
    let a = sigmoid((matmul(w, x) + b).named("Z2")).named("A2")
    return try tape.derivation(of: binaryCrossEntropy(a, y).named("J"))
  }

  @Test(
    "a line has the numbers of the element that is asked for",
    arguments: [
      ("Z2", [0, 1], "z₂[0, 1] = 0.5·2 − 1·1 + 0.25 = 0.25"),
      ("A2", [0, 1], "a₂[0, 1] = σ(0.25) = 0.5622"),
      ("∂J/∂A2", [0, 1], "∂J/∂a₂[0, 1] = −(0/0.5622 − (1 − 0)/(1 − 0.5622))/4 = 0.571"),
      ("∂A2/∂Z2", [0, 1], "∂a₂/∂z₂[0, 1] = 0.5622·(1 − 0.5622) = 0.2461"),
      ("∂J/∂Z2", [0, 0], "∂J/∂z₂[0, 0] = (0.6792 − 1)/4 = −0.08021"),
      ("∂J/∂W2", [0, 1], "∂J/∂w₂[0, 1] = (−0.08021)·0 + 0.1405·1 − 0.03701·0 + … = 0.4216"),
      ("∂J/∂b2", [0, 0], "∂J/∂b₂[0, 0] = −0.08021 + 0.1405 − 0.03701 + … = 0.1639"),
    ] as [(String, [Int], String)])
  func line(_ name: String, _ index: [Int], _ text: String) throws {
    #expect(try derivation().numbers(of: name, at: index).text() == text)
  }

  @Test(
    "every line of every graph can be asked, and ends in the element's value",
    arguments: RoundTripTests.graphs + Graph.all)
  func all(_ graph: Graph) throws {
    let tape = Tape()
    let derivation = try tape.derivation(of: graph.record(tape))
    for equation in (derivation.forward + derivation.backward).prefix(60) where equation.shape.count > 0 {
      let last = equation.shape.dimensions.map { $0 - 1 }
      let text = try derivation.numbers(of: equation.name, at: last).text()
      let value = try #require(Tensor<Double>(equation.value).scalars.last)
      #expect(text.hasSuffix(" = " + Formula.number(Double(short(value, digits: 4)) ?? .nan).text()), "\(text)")
    }
  }

  @Test("a line or an element that is not there is an error")
  func errors() throws {
    let derivation = try derivation()
    #expect(throws: TensorError.self) { try derivation.numbers(of: "Z3", at: [0, 0]) }
    #expect(throws: TensorError.self) { try derivation.numbers(of: "Z2", at: [0]) }
    #expect(throws: TensorError.self) { try derivation.numbers(of: "Z2", at: [0, 4]) }
    #expect(throws: TensorError.self) { try derivation.numbers(of: "Z2", at: [-1, 0]) }
  }
}
