import TapeGradAudit
import TapeGradCore
import Testing

/// Where nothing can be decided, nothing is right, and nobody is blamed.
struct UndecidedTests {
  typealias Function = @Sendable (Tensor<Double>) -> Tensor<Double>

  /// A function that makes a number that is not finite out of x, and the first one on its way.
  struct Poison: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let x: [Double]
    let function: Function
    let first: String
  }

  private static let poisons = [
    Poison(testDescription: "NaN in a parameter", x: [1, .nan], function: { ($0 * $0) }, first: "x[1] is nan"),
    Poison(testDescription: "∞ in a parameter", x: [-.infinity], function: { tanh($0) }, first: "x[0] is -inf"),
    Poison(
      testDescription: "the logarithm of a negative number", x: [2, -1], function: { log($0) },
      first: "the result of log[1] is nan"),
    Poison(
      testDescription: "an overflow", x: [1, 2, 800], function: { exp($0).named("e") * 0.5 },
      first: "e[2] is inf"),
    Poison(testDescription: "0/0", x: [0], function: { $0 / $0 }, first: "the result of divide[0] is nan"),
    Poison(
      testDescription: "NaN in data", x: [1, 2], function: { $0 * Tensor([3, .nan]) },
      first: "operand 2 of multiply[1] is nan"),
    Poison(
      testDescription: "an infinite derivative", x: [0, 4], function: { sqrt($0) }, first: "∂J/∂x[0] is inf"),
    Poison(
      testDescription: "a gradient that overflows", x: [1e-200], function: { 1 / ($0 * 1e50) },
      first: "∂J/∂x[0] is -inf"),
    Poison(
      testDescription: "an infinite derivative by a number without a name", x: [4, 1], function: { sqrt($0 - 1) },
      first: "∂J/∂(the result of offset)[1] is inf"),
  ]

  @Test("the first number that is not finite is named", arguments: poisons)
  func poison(_ row: Poison) throws {
    let tape = Tape()
    let x = tape.variable(Tensor(row.x), named: "x")
    let audit = try tape.audit(row.function(x).sum())
    #expect(audit.verdict == .undecided && !audit.isRight && audit.firstWrong == nil)
    #expect(audit.firstNonFinite?.description == row.first)
    #expect("\(audit)".contains(row.first) && !"\(audit)".contains("nan ±"))
  }

  /// A point where differences do not settle, and a gradient derived by hand that the tape's convention is not.
  struct Border: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let x: [Double]
    let byHand: [Double]
    let function: Function

    init(_ name: String, at x: [Double], byHand: [Double], _ function: @escaping Function) {
      (testDescription, self.x, self.byHand, self.function) = (name, x, byHand, function)
    }
  }

  private static let borders = [
    Border("relu at 0", at: [0], byHand: [1]) { relu($0).sum() },
    Border("leakyRelu at 0", at: [0], byHand: [1]) { leakyRelu($0, slope: 0.01).sum() },
    Border("|x| at 0", at: [0], byHand: [1]) { abs($0).sum() },
    Border("a tie of the maximum", at: [2, 2], byHand: [1, 0]) { $0.max() },
    Border("a tie with a number", at: [3], byHand: [1]) { maximum($0, Tensor([3])).sum() },
    Border("a clamp to [0, 1]", at: [1], byHand: [1]) { minimum(maximum($0, Tensor([0])), Tensor([1])).sum() },
    Border("√ at the border of its domain", at: [0], byHand: [1]) { sqrt($0).sum() },
    Border("log at the border of its domain", at: [0], byHand: [-3]) { log($0).sum() },
    Border("a probability of 0, the label 0", at: [0], byHand: [0]) { binaryCrossEntropy($0, Tensor([0])) },
    Border("a probability of 1, the label 0", at: [1], byHand: [1e12]) { binaryCrossEntropy($0, Tensor([0])) },
  ]

  @Test("nobody is blamed on kinks, jumps and borders", arguments: borders)
  func border(_ row: Border) throws {
    let tape = Tape()
    let x = tape.variable(Tensor(row.x), named: "x")
    let audit = try tape.audit(row.function(x), handDerived: ["x": Tensor(row.byHand)])
    #expect(audit.verdict == .undecided && audit.firstWrong == nil, "\(audit)")
    #expect("\(audit)".hasPrefix("∂J") && "\(audit)".contains("Undecided: x."))
  }

  @Test("the textbook's derivative of cross-entropy agrees with the tape at 0 and 1", arguments: [0.0, 1])
  func crossEntropy(_ p: Double) throws {
    let tape = Tape()
    let a = tape.variable(Tensor([p, p, 0.25]), named: "A"), t = Tensor([p, p, 1.0])
    let audit = try tape.audit(
      binaryCrossEntropy(a, t), handDerived: ["A": Tensor([1 - 2 * p, 1 - 2 * p, -4]) / 3])
    #expect(audit.rows[0].handDerived?.verdict == .right && audit.isRight, "\(audit)")
  }
}
