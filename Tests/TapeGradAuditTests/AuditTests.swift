import TapeGradAudit
import TapeGradCore
import TapeGradNetworks
import Testing

struct AuditTests {
  /// A network of 2 inputs, 3 hidden units and 1 output with 4 examples, recorded; and its gradients by hand.
  private struct Recorded<S: TensorScalar> {
    let tape = Tape()
    let J: Tensor<S>
    let hand: [String: Tensor<S>]

    /// - Parameter hidden: the hidden activation, where it is not the network's own.
    init(
      _ activation: Activation = .tanh, _ task: LearningTask = .binaryClassification,
      hidden: ((Tensor<S>) -> Tensor<S>)? = nil
    ) throws {
      var generator = SeededGenerator(seed: 3)
      let plain = TwoLayerNetwork<S>(
        inputs: 2, hidden: 3, hiddenActivation: activation, task: task, initializer: .normal(scale: 0.8),
        using: &generator)
      let x = Tensor<S>([[0.5, -1.2, 3.0, 0.1], [1.5, 0.7, -0.4, -2.0]]), y = Tensor<S>([[1, 0, 1, 0]])
      hand = try TwoLayerEquations(plain, x, labels: y).cotangents
      let network = tape.variables(of: plain), x1 = tape.constant(x, named: "X")
      if let hidden {
        let Z1 = (matmul(network.W1, x1) + network.b1).named("Z1"), A1 = hidden(Z1).named("A1")
        let Z2 = (matmul(network.W2, A1) + network.b2).named("Z2")
        J = binaryCrossEntropy(sigmoid(Z2).named("A2"), y).named("J")
      } else {
        J = network.loss(x1, labels: y)
      }
    }
  }

  @Test(
    "a network with the right rules and the right hand-derived gradients is right in every node",
    arguments: [Activation.sigmoid, .tanh, .relu, .leakyRelu()])
  func rightNetwork(activation: Activation) throws {
    let recorded = try Recorded<Double>(activation)
    let audit = try recorded.tape.audit(recorded.J, handDerived: recorded.hand)
    #expect(audit.isRight && audit.firstWrong == nil)
    #expect(audit.rows.map(\.name) == ["A2", "Z2", "b2", "W2", "A1", "Z1", "b1", "W1"])
    for row in audit.rows {
      #expect(row.verdict == .right && row.handDerived?.verdict == .right && row.numerical?.verdict == .right)
      #expect(row.numerical?.elements.count == row.shape.count)
      let worst = try #require(row.numerical?.worst)
      #expect(worst.difference <= worst.numerical.error + 1e-12, "\(row)")
    }
  }

  @Test("a row names the rules of the operations that use the node")
  func rules() throws {
    let recorded = try Recorded<Double>()
    let rules = try recorded.tape.audit(recorded.J).rows.map { "\($0.name): \($0.rules.joined(separator: ", "))" }
    #expect(
      rules == [
        "A2: binaryCrossEntropy", "Z2: binaryCrossEntropy", "b2: broadcast", "W2: matmul", "A1: matmul", "Z1: tanh",
        "b1: broadcast", "W1: matmul",
      ])
  }

  @Test("an identity activation and a regression leave out the nodes A1 and A2")
  func fewerNodes() throws {
    let recorded = try Recorded<Double>(.identity, .regression)
    let hand = recorded.hand.filter { !["A1", "A2"].contains($0.key) }
    let audit = try recorded.tape.audit(recorded.J, handDerived: hand)
    #expect(audit.isRight)
    #expect(audit.rows.map(\.name) == ["Z2", "b2", "W2", "Z1", "b1", "W1"])
  }

  @Test("a wrong rule is named, and the nodes behind it inherit the fault", arguments: [0.5, 1 + 1e-6])
  func wrongRule(factor: Double) throws {
    let recorded = try Recorded<Double>(hidden: { wrongTanh($0, factor: factor) })
    let audit = try recorded.tape.audit(recorded.J, handDerived: recorded.hand)
    #expect(!audit.isRight)
    #expect(audit.firstWrong?.name == "Z1")
    #expect(audit.firstWrong?.fault == .rule("wrongTanh"))
    let faults = audit.rows.map(\.fault)
    #expect(faults == [nil, nil, nil, nil, nil, .rule("wrongTanh"), .inherited(from: "Z1"), .inherited(from: "Z1")])
    #expect("\(audit)".contains("First wrong: Z1: the rule of wrongTanh; at ["))
  }

  @Test("a wrong rule behind nodes without a name is found")
  func namelessNodes() throws {
    let tape = Tape()
    let x = tape.variable(Tensor<Double>([0.3, 0.7]), named: "x")
    let audit = try tape.audit((wrongTanh(2 * exp(x)) * x).sum())
    #expect(audit.firstWrong?.fault == .rule("wrongTanh"))
  }

  @Test(
    "a slip in a hand-derived gradient is named",
    arguments: [
      ("W2", Audit.Fault.handDerived(.meanMissing(4))), ("W1", .handDerived(.meanTwice(4))),
      ("Z1", .handDerived(.signFlipped)), ("W2", .handDerived(.transposed)), ("b1", .handDerived(.notSummed)),
      ("A1", .handDerived(nil)),
    ])
  func slips(name: String, fault: Audit.Fault) throws {
    let recorded = try Recorded<Double>()
    var hand = recorded.hand
    let right = try #require(hand[name])
    switch fault {
    case .handDerived(.meanMissing): hand[name] = right * 4
    case .handDerived(.meanTwice): hand[name] = right / 4
    case .handDerived(.signFlipped): hand[name] = -right
    case .handDerived(.transposed): hand[name] = right.transposed
    case .handDerived(.notSummed): hand[name] = hand["Z1"]
    default: hand[name] = right + 1e-5
    }
    let audit = try recorded.tape.audit(recorded.J, handDerived: hand)
    #expect(audit.rows.filter { $0.verdict == .wrong }.map(\.name) == [name])
    #expect(audit.firstWrong?.fault == fault)
    #expect(audit.firstWrong?.numerical?.verdict == .right)
  }

  @Test("the one wrong element of a hand-derived gradient is shown")
  func oneWrongElement() throws {
    let recorded = try Recorded<Double>()
    var hand = recorded.hand
    var numbers = try #require(hand["W1"]).array
    numbers[2, 1] += 1e-6
    hand["W1"] = Tensor(numbers)
    let row = try #require(try recorded.tape.audit(recorded.J, handDerived: hand, limit: 1).firstWrong)
    let element = try #require(row.element)
    #expect(element.index == [2, 1] && row.handDerived?.wrongCount == 1)
    #expect(element.handDerived == numbers[2, 1])
    #expect(abs(element.automatic - numbers[2, 1] + 1e-6) <= 1e-15)
    #expect(abs(try #require(element.numerical).value - element.automatic) <= 1e-10)
  }

  @Test("a tape in Float is compared with finite differences in Double")
  func singlePrecision() throws {
    let recorded = try Recorded<Float>()
    let audit = try recorded.tape.audit(recorded.J, handDerived: recorded.hand)
    #expect(audit.isRight && audit.scalarType == .float)
    #expect(audit.rows.allSatisfy { $0.numerical?.verdict == .right && $0.handDerived?.verdict == .right })
    var hand = recorded.hand
    hand["b1"] = hand["b1"].map { $0 * 1.001 }
    #expect(try recorded.tape.audit(recorded.J, handDerived: hand).firstWrong?.fault == .handDerived(nil))
    let wrong = try Recorded<Float>(hidden: { wrongTanh($0, factor: 1.001) })
    #expect(try wrong.tape.audit(wrong.J, handDerived: wrong.hand).firstWrong?.fault == .rule("wrongTanh"))
  }

  @Test("a node on a kink is undecided")
  func kink() throws {
    let tape = Tape()
    let x = tape.variable(Tensor<Double>([0, 0]), named: "x"), y = tape.variable(Tensor<Double>([0, 1]), named: "y")
    let audit = try tape.audit((relu(x) + relu(y)).sum())
    #expect(audit.verdict == .undecided && !audit.isRight && audit.firstWrong == nil)
    #expect(audit.rows.map(\.verdict) == [.right, .undecided])
    #expect(audit.rows[0].numerical?.count(.undecided) == 1)
    #expect("\(audit)".contains("Nothing is wrong; undecided: x."))
  }

  @Test("what stopGradient encloses stays constant in the finite differences")
  func stopped() throws {
    let tape = Tape()
    let x = tape.variable(Tensor<Double>([0.3, 0.7]), named: "x")
    let audit = try tape.audit((stopGradient(exp(x)) * x).sum())
    #expect(audit.rows.map(\.verdict) == [.right])
  }

  @Test("a hand-derived gradient of a node that the result does not depend on is an error")
  func foreignNames() throws {
    let recorded = try Recorded<Double>()
    for name in ["Z3", "X", "J"] {
      #expect(throws: TensorError.self) { try recorded.tape.audit(recorded.J, handDerived: [name: Tensor(1)]) }
    }
  }

  @Test("only a sample of a long node's elements is checked")
  func sampling() throws {
    let tape = Tape()
    let x = tape.variable(Tensor<Double>.ones([60, 50]), named: "x")
    let audit = try tape.audit(square(x).sum(), handDerived: ["x": 2 * x], limit: 10)
    #expect(audit.isRight)
    #expect((10...11).contains(try #require(audit.rows[0].numerical).elements.count))
  }

  @Test("an audit leaves the tape as it is")
  func unchangedTape() throws {
    let recorded = try Recorded<Double>()
    let tape = "\(recorded.tape)", audit = try recorded.tape.audit(recorded.J).description
    #expect("\(recorded.tape)" == tape && tape.contains("Z1"))
    #expect(try recorded.tape.audit(recorded.J).description == audit)
  }

  @Test("an audit reads as a table")
  func table() throws {
    let tape = Tape()
    let w = tape.variable(Tensor<Double>([1, 2]), named: "w"), b = tape.variable(Tensor<Double>(0.5), named: "b")
    let z = (3 * w).named("z")
    let audit = try tape.audit((z * z).sum() + b, handDerived: ["z": 2 * z, "w": 6 * z, "b": Tensor(-1)])
    let lines = "\(audit)".split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "∂J by every named node, backwards (J = 45.5, Double)")
    #expect(lines[2].hasPrefix("node  shape  by the rule of  worst at  automatic  by hand  numerical"))
    #expect(lines[3].hasPrefix("b     ()     add             []        1          -1       1 ± "))
    #expect(lines[3].hasSuffix("1/1      wrong, by hand: sign flipped"))
    #expect(lines[4].hasPrefix("z     (2)    multiply        [") && lines[4].hasSuffix("2/2      right"))
    #expect(lines.last?.hasPrefix("First wrong: b: by hand: sign flipped; at [] automatic 1, by hand -1, num") == true)
    #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
  }

  @Test("a narrow table tells below it what has no column, and cuts nothing without a mark", arguments: 20...120)
  func narrowTable(width: Int) throws {
    let tape = Tape()
    let w = tape.variable(Tensor<Double>([1, 2]), named: "weights"), b = tape.variable(Tensor<Double>(0.5), named: "b")
    let z = (3 * w).named("z")
    let hand = ["z": 2 * z, "weights": 6 * z, "b": Tensor(-1)]
    let audit = try tape.audit((sigmoid(z) * z).sum() + b, handDerived: hand)
    let table = audit.table(width: width), lines = table.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= width }, "\(table)")
    #expect(table.contains("…") == (width < 54), "\(table)")
    let words = table.split { " \n".contains($0) }.joined(separator: " ")
    for note in ["wrong, by hand", "b add", "z multiply", "b 1/1", "z, weights 2/2"] where width < 70 {
      #expect(words.contains(note), "\(table)")
    }
  }

  @Test("an audit of a tape without named nodes is undecided")
  func nothingNamed() throws {
    let tape = Tape()
    let audit = try tape.audit(tape.variable(Tensor<Double>([1, 2])).sum())
    #expect(audit.verdict == .undecided && "\(audit)".contains("There is nothing to judge"))
  }

  @Test("gradients in the notes' convention, m times the partial derivative, are recognized")
  func notesConvention() throws {
    let recorded = try Recorded<Double>()
    let names = ["Z2", "A2", "A1", "Z1"]
    var hand = recorded.hand
    for name in names { hand[name] = hand[name].map { $0 * 4 } }
    let audit = try recorded.tape.audit(recorded.J, handDerived: hand)
    #expect(audit.isRight && "\(audit)".contains("right in the notes' convention: m·∂J/∂Z2"))
    let alone = try recorded.tape.audit(recorded.J, handDerived: hand.filter { $0.key == "Z2" })
    #expect(alone.isRight)
    #expect(try recorded.tape.audit(recorded.J, handDerived: hand, convention: .perExample).isRight)
    #expect(
      try recorded.tape.audit(recorded.J, handDerived: hand, convention: .partialDerivatives).firstWrong?.fault
        == .handDerived(.meanMissing(4)))
    hand["W2"] = hand["W2"].map { $0 * 4 }
    #expect(try recorded.tape.audit(recorded.J, handDerived: hand).firstWrong?.fault == .handDerived(.meanMissing(4)))
  }

  @Test("no fault is found where a rule is clamped and differences cannot decide")
  func clamp() throws {
    let tape = Tape()
    let a = tape.variable(Tensor<Double>([0, 1, 0.5]), named: "A"), t = Tensor<Double>([0, 1, 1])
    let hand = (1 - t) / (1 - a) / 3 - t / a / 3
    let audit = try tape.audit(binaryCrossEntropy(a, t), handDerived: ["A": hand])
    #expect(audit.firstWrong == nil)
  }

  @Test("the first number that is not finite is named", arguments: [Double.nan, .infinity])
  func nonFinite(poison: Double) throws {
    let tape = Tape()
    let x = tape.constant(Tensor<Double>([[1, 2], [poison, 3]]), named: "X")
    let w = tape.variable(Tensor<Double>([[0.5, 0.1]]), named: "W")
    let audit = try tape.audit(tanh(matmul(w, x).named("Z")).sum() * .infinity)
    #expect(audit.verdict == .undecided && audit.firstNonFinite?.name == "X" && audit.firstNonFinite?.index == [1, 0])
    #expect("\(audit)".contains("X[1, 0] is \(poison.isNaN ? "nan" : "inf")"))
    #expect(!"\(audit)".contains("nan ±"))
  }

  @Test("a difference that the rounding of the summed terms explains is no error")
  func rounding() throws {
    let tape = Tape()
    let b = tape.variable(Tensor<Double>(0.1), named: "b"), c = Tensor<Double>([1, -1, 0.3, -0.3, 1e6, -1e6])
    let audit = try tape.audit((b * c).sum(), handDerived: ["b": Tensor(1e-11)])
    #expect(audit.isRight)
    #expect(try tape.audit((b * c).sum(), handDerived: ["b": Tensor(1e-3)]).firstWrong?.name == "b")
  }
}
