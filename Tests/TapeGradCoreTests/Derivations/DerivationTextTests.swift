import TapeGradArrays
import Testing

@testable import TapeGradCore

/// What a reader sees.
struct DerivationTextTests {
  @Test("the network of the notes is derived as the notes do it")
  func twoLayerNet() throws {
    try expect(
      Graph.twoLayerNet,
      """
      Derivatives of J

      Given
         X  (2, 400)  constant
         Y  (1, 400)  constant
        W1  (4, 2)    variable
        b1  (4, 1)    variable
        W2  (1, 4)    variable
        b2  (1, 1)    variable

      Forward
        Z1 = W1·X + b1                                      (4, 400)
        A1 = tanh(Z1)                                       (4, 400)
        Z2 = W2·A1 + b2                                     (1, 400)
        A2 = σ(Z2)                                          (1, 400)
         J = −(1/m)·Σ(Y ⊙ log(A2) + (1 − Y) ⊙ log(1 − A2))  ()

      Backward
         ∂J/∂A2 = −(Y/A2 − (1 − Y)/(1 − A2))/m      (1, 400)  textbook rule of binary cross-entropy
        ∂A2/∂Z2 = A2 ⊙ (1 − A2)                     (1, 400)  derivative of sigmoid
         ∂J/∂Z2 = ∂J/∂A2 ⊙ ∂A2/∂Z2                  (1, 400)  chain rule through A2
                = −(Y ⊙ (1 − A2) − (1 − Y) ⊙ A2)/m            A2 ⊙ (1 − A2) cancels every denominator
                = (A2 − Y)/m                                  the cancellation of sigmoid and binary cross-entropy
         ∂J/∂W2 = ∂J/∂Z2·A1ᵀ                        (1, 4)    through Z2, by the rule of matmul
         ∂J/∂b2 = Σ_columns(∂J/∂Z2)                 (1, 1)    b2 is added to all 400 columns: their cotangents add up
         ∂J/∂A1 = W2ᵀ·∂J/∂Z2                        (4, 400)  through Z2, by the rule of matmul
         ∂J/∂Z1 = ∂J/∂A1 ⊙ (1 − A1²)                (4, 400)  through A1, by the derivative of tanh
         ∂J/∂W1 = ∂J/∂Z1·Xᵀ                         (4, 2)    through Z1, by the rule of matmul
         ∂J/∂b1 = Σ_columns(∂J/∂Z1)                 (4, 1)    b1 is added to all 400 columns: their cotangents add up

      ⊙ multiplies element by element, · multiplies matrices and numbers.
      m = 400 is the number of elements that the mean is taken over.
      ∂J/∂Z2 is computed in its last form, from Z2: right also where ∂J/∂A2 ⊙ ∂A2/∂Z2 is ∞·0.
      Course notes write dZ2 = A2 − Y for one example, which is m·∂J/∂Z2; their 1/m stands in dW1, db1, dW2, db2.
      """)
  }

  @Test("a custom primitive goes by its name")
  func customPrimitive() throws {
    try expect(
      try Graph.named("a custom primitive"),
      """
      Derivatives of J

      Given
        x  (3)  variable

      Forward
        z = 3·x          (3)
        J = Σ(swish(z))  ()

      Backward
        ∂J/∂z = swish(z) + σ(z) ⊙ (1 − swish(z))  (3)  through J, by the rule of sum, swish
        ∂J/∂x = 3·∂J/∂z                           (3)  through z, by the rule of scale

      ⊙ multiplies element by element, · multiplies matrices and numbers.
      """)
  }

  @Test("nodes of one name are numbered")
  func repeatedName() throws {
    try expect(
      try Graph.named("one name for several nodes"),
      """
      Derivatives of J

      Given
        h₁  (3)  variable

      Forward
        h₂ = tanh(0.5·h₁ + 0.1)  (3)
        h₃ = tanh(0.5·h₂ + 0.1)  (3)
        h₄ = tanh(0.5·h₃ + 0.1)  (3)
         J = Σ(h₄)               ()

      Backward
        ∂J/∂h₄ = 1                       (3)  through J, by the rule of sum
        ∂J/∂h₃ = 0.5·(1 − h₄²)           (3)  through h₄, by the rule of tanh, offset, scale
        ∂J/∂h₂ = 0.5·∂J/∂h₃ ⊙ (1 − h₃²)  (3)  through h₃, by the rule of tanh, offset, scale
        ∂J/∂h₁ = 0.5·∂J/∂h₂ ⊙ (1 − h₂²)  (3)  through h₂, by the rule of tanh, offset, scale

      ⊙ multiplies element by element, · multiplies matrices and numbers.
      """)
  }

  @Test("nodes that need a name and have none are given one")
  func noNames() throws {
    try expect(
      try Graph.named("several uses"),
      """
      Derivatives of J

      Given
        x  (3)  variable

      Forward
         y = x ⊙ x + exp(x)  (3)
        T1 = y ⊙ y + 2       (3)
         J = Σ(y ⊙ x/T1)     ()

      Backward
        ∂J/∂T1 = −y ⊙ x/T1²                                     (3)  through J, by the rule of sum, divide
         ∂J/∂y = ∂J/∂T1 ⊙ y + ∂J/∂T1 ⊙ y + x/T1                 (3)  y is used 3 times: the contributions add up
         ∂J/∂x = y/T1 + ∂J/∂y ⊙ exp(x) + ∂J/∂y ⊙ x + ∂J/∂y ⊙ x  (3)  x is used 4 times: the contributions add up

      ⊙ multiplies element by element, · multiplies matrices and numbers.
      """)
  }

  @Test("a cotangent that several sums share goes by the name of the node it passes")
  func sharedCotangent() throws {
    let tape = Tape()
    let derivation = try tape.derivation(of: Graph.named("a sum of named sums").record(tape))
    #expect(derivation.description.contains("∂J/∂A = Cᵀ·∂J/∂Q + ∂J/∂P·Cᵀ  (2, 2)  A is used 2 times"))
  }

  @Test("a node named m leaves counts as numbers")
  func namedM() throws {
    let tape = Tape()
    let m = tape.variable(Tensor([1.0, 2, 3]), named: "m")
    let derivation = try tape.derivation(of: square(m).mean().named("y"))
    #expect(derivation.count == nil)
    #expect(derivation.description.contains("∂y/∂m = 2·m/3  (3)"))
  }

  private func expect(_ graph: Graph, _ text: String) throws {
    let tape = Tape()
    #expect(try tape.derivation(of: graph.record(tape)).description == text + "\n")
  }
}
