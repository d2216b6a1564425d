import Testing

@testable import TapeGradCore

/// What `print` shows of a tape and of its gradients.
struct TapeDescriptionTests {
  @Test("a tape reads as a list of nodes, and gradients as a list of derivatives")
  func lists() throws {
    let tape = Tape()
    let W = tape.variable(Tensor<Double>([[0.1, -0.2]]), named: "W")
    let X = tape.constant(Tensor<Double>([[1, 2, 3], [3, 2, 1]]), named: "X")
    let Y = tape.constant(Tensor<Double>([[0, 1, 1]]), named: "Y")
    let A = sigmoid(matmul(W, X).named("Z")).named("A")
    let J = binaryCrossEntropy(A, Y).named("J")
    let text = """
      node  formula                                    shape   value
      0     W, variable                                (1, 2)  [0.1, -0.2]
      1     X, constant                                (2, 3)  [1, 2, 3, 3, 2, 1]
      2     Y, constant                                (1, 3)  [0, 1, 1]
      3     Z = W·X                                    (1, 3)  [-0.5, -0.2, 0.1]
      4     A = σ(Z)                                   (1, 3)  [0.3775, 0.4502, 0.525]
      5     v5 = −(Y ⊙ log(A) + (1 − Y) ⊙ log(1 − A))  (1, 3)  [0.4741, 0.7981, 0.6444]
      6     J = (1/3)·Σ(v5)                            ()      0.6389
      """
    #expect("\(tape)" == text)
    let gradients = try tape.gradients(of: J)
    #expect(
      "\(gradients)" == """
        node  gradient  shape   value
        6     ∂J/∂J     ()      1
        5     ∂J/∂v5    (1, 3)  [0.3333, 0.3333, 0.3333]
        4     ∂J/∂A     (1, 3)  [0.5355, -0.7405, -0.6349]
        3     ∂J/∂Z     (1, 3)  [0.1258, -0.1833, -0.1583]
        0     ∂J/∂W     (1, 2)  [-0.7157, -0.1474]
        """)
    #expect("\(tape)" == text, "reading a tape leaves it as it is")
  }

  @Test("nodes without names go by their numbers, and broadcasts, long values and repeated names are shown")
  func details() throws {
    let tape = Tape()
    let x = tape.variable(Tensor<Float>([0.5, 1, 1e-7]), named: "h")
    let rows = tape.constant(Tensor<Float>([[1], [2], [3]]))
    let sum = (2 * x).named("h") + rows
    _ = sum.max().reshaped(to: [1])
    #expect(
      "\(tape)" == """
        node  formula             shape   value
        0     h₁, variable        (3)     [0.5, 1, 1e-07]
        1     v1, constant        (3, 1)  [1, 2, 3]
        2     h₂ = 2·h₁           (3)     [1, 2, 2e-07]
        3     v3 = broadcast(h₂)  (3, 3)  [1, 2, 2e-07, …, 2, 2e-07]
        4     v4 = broadcast(v1)  (3, 3)  [1, 1, 1, …, 3, 3]
        5     v5 = v3 + v4        (3, 3)  [2, 3, 1, …, 5, 3]
        6     v6 = max(v5)        ()      5
        7     v7 = reshape(v6)    (1)     [5]
        """)
    #expect("\(Tape())" == "node  formula  shape  value")
  }

  @Test("a tape whose numbers are not there yet is printed too")
  func traced() throws {
    let printed = Lock<[String]>([])
    let program = compiled { (x: Tensor<Double>) in
      let tape = Tape()
      let y = square(tape.variable(x, named: "x")).sum()
      printed.withLock { $0.append("\(tape)") }
      return try tape.gradients(of: y)[y]
    }
    _ = try program(Tensor([1, 2]))
    #expect(
      printed.withLock { $0.first } == """
        node  formula      shape  value
        0     x, variable  (2)    traced
        1     v1 = x²      (2)    traced
        2     v2 = Σ(v1)   ()     traced
        """)
  }

  @Test("printing a tape is no reading of numbers off it")
  func reading() throws {
    try gradient(at: Tensor([1.0, 2])) { x in
      let tape = Tape()
      _ = "\(tape.variable(x) * 2) \(tape)"
      return Tensor(3)
    }.expect([0, 0])
  }
}
