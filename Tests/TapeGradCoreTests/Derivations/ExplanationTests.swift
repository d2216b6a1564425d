import TapeGradArrays
import Testing

@testable import TapeGradCore

/// Why each line holds.
struct ExplanationTests {
  private func explanation(_ graph: Graph, _ name: String) throws -> [String] {
    let tape = Tape()
    let derivation = try tape.derivation(of: graph.record(tape), explaining: .fully)
    return try #require(derivation.backward.first { $0.name == name }).explanation.map { $0.text() }
  }

  @Test(
    "each line of the notes' network: the rule, its use, the shapes, one element",
    arguments: [
      (
        "∂J/∂A2",
        [
          """
          In general, w = −(y ⊙ log(z) + (1 − y) ⊙ log(1 − z)) gives \
          ∂J/∂z = −∂J/∂w ⊙ (y/z − (1 − y)/(1 − z)); here x is Z2, y is Y, z is A2 and w a part of J.
          """
        ]
      ),
      (
        "∂A2/∂Z2",
        [
          """
          In each element, a_2 = σ(z_2), so ∂a_2/∂z_2 = a_2 ⊙ (1 − a_2), or by z_2 alone, σ(z_2) ⊙ (1 − σ(z_2)). An element \
          depends on one element alone: the cotangent is multiplied by it in place, with no sum.
          """
        ]
      ),
      (
        "∂J/∂Z2",
        [
          """
          The rule of the cross-entropy divides by A2 and by 1 − A2, the derivative of the sigmoid multiplies by both: what is \
          left is the difference of probability and label.
          """
        ]
      ),
      (
        "∂J/∂W2",
        [
          "In general, C = A·B gives ∂J/∂A = ∂J/∂C·Bᵀ; here A is W2, B is A1 and C a part of Z2.",
          """
          Shapes: A1ᵀ stands on the right, since (1, 400)·(400, 4) gives (1, 4), the shape of W2; in the other order, \
          (400, 4)·(1, 400), the inner dimensions 4 and 1 differ.
          """,
          """
          For one example, z_2 = Σ_j(w_2j·a_1j) + …, so ∂z_2/∂w_2j = a_1j: each weight counts as much as what it multiplies, \
          and the product with A1ᵀ adds this up over the 400 examples.
          """,
        ]
      ),
      (
        "∂J/∂b2",
        [
          """
          Each element of b2 is used 400 times, once in each of the 400 columns: a change of it changes all of them. The sum \
          of their derivatives undoes the broadcast from (1, 1) to (1, 400).
          """
        ]
      ),
      (
        "∂J/∂A1",
        [
          "In general, C = A·B gives ∂J/∂B = Aᵀ·∂J/∂C; here A is W2, B is A1 and C a part of Z2.",
          """
          Shapes: W2ᵀ stands on the left, since (4, 1)·(1, 400) gives (4, 400), the shape of A1; in the other order, \
          (1, 400)·(4, 1), the inner dimensions 400 and 4 differ.
          """,
          """
          For one example, z_2 = Σ_j(w_2j·a_1j) + …, so ∂z_2/∂a_1j = w_2j, in each element that a_1j goes into; there is one \
          such element, so nothing is added up.
          """,
        ]
      ),
      (
        "∂J/∂Z1",
        [
          """
          In each element, a_1 = tanh(z_1), so ∂a_1/∂z_1 = 1 − a_1², or by z_1 alone, 1 − tanh(z_1)². An element depends on \
          one element alone: the cotangent is multiplied by it in place, with no sum.
          """
        ]
      ),
    ])
  func twoLayerNet(_ name: String, _ expected: [String]) throws {
    #expect(try explanation(.twoLayerNet, name) == expected)
  }

  @Test("where the other order would fit too, that is said")
  func squareMatrices() throws {
    let sentences = try explanation(Graph.named("a sum of named sums"), "∂J/∂C")
    #expect(sentences[0].hasPrefix("C reaches J along 2 paths, through P and Q"))
    #expect(
      sentences.contains {
        $0.hasSuffix("in the other order they would fit too, and one element tells which is right.")
      })
  }

  @Test("letters of the rule in general are none of the user's names")
  func letters() throws {
    let sentences = try explanation(Graph.named("a sum of named sums"), "∂J/∂A")
    #expect(sentences.contains { $0.contains("K = ") || $0.contains("M = K·L") })
  }

  @Test("a custom operation is explained by its own rule")
  func customPrimitive() throws {
    let sentences = try explanation(Graph.named("a custom primitive"), "∂J/∂z")
    #expect(
      sentences.last?.hasPrefix("In each element, y = swish(z), so ∂y/∂z = y + σ(z) ⊙ (1 − y), or by z alone, ") == true
    )
  }

  @Test("explaining changes no equation", arguments: Graph.all)
  func sameEquations(_ graph: Graph) throws {
    let tape = Tape()
    let result = graph.record(tape)
    let briefly = try tape.derivation(of: result), fully = try tape.derivation(of: result, explaining: .fully)
    #expect(briefly.backward.map { $0.steps.map(\.formula) } == fully.backward.map { $0.steps.map(\.formula) })
    #expect(!briefly.backward.contains { !$0.explanation.isEmpty })
  }
}
