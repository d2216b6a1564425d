import TapeGradArrays
import Testing

@testable import TapeGradCore

/// The convention of course notes.
struct NotesConventionTests {
  @Test("the notes' own equations, alone")
  func alone() throws {
    let tape = Tape()
    let notes = try #require(try tape.derivation(of: Graph.twoLayerNet.record(tape)).inNotesConvention)
    #expect(
      notes.backward.map { "\($0.left) = \($0.formula.text(count: "m"))" } == [
        "dA2 = −(Y/A2 − (1 − Y)/(1 − A2))", "∂A2/∂Z2 = A2 ⊙ (1 − A2)", "dZ2 = A2 − Y", "dW2 = (1/m)·dZ2·A1ᵀ",
        "db2 = (1/m)·Σ_columns(dZ2)", "dA1 = W2ᵀ·dZ2", "dZ1 = dA1 ⊙ (1 − A1²)", "dW1 = (1/m)·dZ1·Xᵀ",
        "db1 = (1/m)·Σ_columns(dZ1)",
      ])
    #expect(
      notes.remarks.last?.text(count: "m") == """
        As in course notes, dA2, dZ2, dA1, dZ1 belong to one example: dA2 is m·∂J/∂A2, and so on. The 1/m of the mean stands \
        in dW2, db2, dW1, db1.
        """)
  }

  @Test("the notes' equations stand beside the others")
  func beside() throws {
    let tape = Tape()
    let both = try tape.derivation(of: Graph.twoLayerNet.record(tape)).besideNotesConvention
    #expect(both.description.contains("= ∂J/∂Z2·A1ᵀ                            dW2 = (1/m)·dZ2·A1ᵀ "))
    #expect(both.latex.contains("\\displaystyle \\quad dZ_{2} = dA_{2} \\odot"))
    #expect(both.mathML.contains("data-symbol=\"dZ2\""))
    #expect(both.markdown.contains("\\quad dW_{2} = \\frac{1}{m}"))
  }

  @Test(
    "in either convention the equations give the numbers that they say", arguments: RoundTripTests.graphs + Graph.all)
  func values(of graph: Graph) throws {
    let tape = Tape()
    let derivation = try tape.derivation(of: graph.record(tape))
    guard let notes = derivation.inNotesConvention, let count = derivation.count else { return }
    let variables = Set(derivation.inputs.filter(\.isVariable).map(\.name))
    var symbols = Dictionary(uniqueKeysWithValues: notes.inputs.map { ($0.name, Tensor<Double>($0.value)) })
    for equation in notes.forward + notes.backward {
      let value = try equation.formula.evaluated(symbols).broadcast(to: equation.shape)
      symbols[equation.name] = value
      for step in equation.steps { try expectEqual(step.formula.evaluated(symbols), value, equation.name) }
    }
    for (own, other) in zip(derivation.backward, notes.backward) where own.node != nil {
      let factor = variables.contains(other.left.denominator ?? "") ? 1 : Double(count)
      try expectEqual(try #require(symbols[other.name]), factor * Tensor<Double>(own.value), other.name)
    }
  }

  @Test("a penalty on the weights has no 1/m")
  func penalty() throws {
    let tape = Tape()
    let w = tape.variable(Graph.numbers([1, 2]), named: "W"), x = tape.constant(Graph.numbers([2, 5]), named: "X")
    let loss = (square(matmul(w, x).named("Z")).mean() + 0.1 * square(w).sum()).named("J")
    let notes = try #require(try tape.derivation(of: loss).inNotesConvention)
    #expect(notes.backward.last?.formula.text(count: "m") == "0.2·W + (1/m)·dZ·Xᵀ")
  }

  @Test("without one mean there is no such convention")
  func noMean() throws {
    let tape = Tape()
    #expect(try tape.derivation(of: Graph.named("several uses").record(tape)).inNotesConvention == nil)
  }

  private func expectEqual(_ a: Tensor<Double>, _ b: Tensor<Double>, _ what: String) throws {
    let (x, y) = (try a.broadcast(to: b.shape).scalars, try b.scalars)
    let scale = max(1, y.map(abs).max() ?? 0)
    #expect(zip(x, y).allSatisfy { abs($0 - $1) <= 1e-12 * scale }, "\(what): \(a), not \(b)")
  }
}
