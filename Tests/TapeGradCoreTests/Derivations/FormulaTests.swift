import Testing

@testable import TapeGradCore

/// How formulas are printed and simplified.
struct FormulaTests {
  private static let a = Formula.symbol("a"), b = Formula.symbol("b"), c = Formula.symbol("c")
  private static let slope = Formula.derivative(of: "J", by: "a")

  @Test(
    "parentheses stand where they are needed, and nowhere else",
    arguments: [
      (a + b - c, "a + b − c"),
      (a - (b + c), "a − (b + c)"),
      (a - (b - c), "a − (b − c)"),
      ((a + b) * c, "(a + b) ⊙ c"),
      (a * b + c, "a ⊙ b + c"),
      (2 * (a * b), "2·a ⊙ b"),
      (1 / .count(7) * a, "(1/7)·a"),
      (-(a * b), "−a ⊙ b"),
      (-(a + b) * c, "(−(a + b)) ⊙ c"),
      (a / (b * c), "a/(b ⊙ c)"),
      ((a + b) / c, "(a + b)/c"),
      ((a / b) / c, "(a/b)/c"),
      (.matrixProduct(a, .matrixProduct(b, c)), "a·b·c"),
      (.matrixProduct(.transposed(a), b) * c, "(aᵀ·b) ⊙ c"),
      (.matrixProduct(a * b, c), "(a ⊙ b)·c"),
      (.matrixProduct(1, a), "ones·a"),
      (.transposed(a + b), "(a + b)ᵀ"),
      (.transposed(.transposed(a)), "(aᵀ)ᵀ"),
      ((a * b).squared, "(a ⊙ b)²"),
      (.power(a, -12), "a⁻¹²"),
      (.power(a, 0.5), "a^0.5"),
      (.power(a, b + 1), "a^(b + 1)"),
      (.power(-2, a), "(−2)^a"),
      (slope * b, "∂J/∂a ⊙ b"),
      (slope / b, "(∂J/∂a)/b"),
      (b / slope, "b/(∂J/∂a)"),
      (.transposed(slope), "(∂J/∂a)ᵀ"),
      (.call(Sigmoid(), [a + b]), "σ(a + b)"),
      (.call(Absolute(), [a]), "|a|"),
      (.call(Less(), [0, a]), "[0 < a]"),
      (.reduction(Sum(target: [2, 1]), a, over: "columns"), "Σ_columns(a)"),
      (0.1 * a, "0.1·a"),
      (2.5e-7 * a, "2.5e-07·a"),
      (123_456 * a, "123456·a"),
      (1e20 * a, "1e+20·a"),
      (.number(1 / 3) * a, "0.3333333333333333·a"),
      (.number(Double(Float(0.1))) * a, "0.1·a"),
    ])
  func text(of formula: Formula, is text: String) {
    #expect(formula.text() == text)
  }

  @Test(
    "simplification keeps the value and drops what nobody would write",
    arguments: [
      (1 * a, "a"),
      (a * 1, "a"),
      (1 / .count(7) * a, "a/7"),
      (a * (b / .count(7)), "a ⊙ b/7"),
      (a * (1 / b), "a/b"),
      (2 * (3 * a), "6·a"),
      (a * (2 * b), "2·a ⊙ b"),
      (-(-a), "a"),
      (-a * -b, "a ⊙ b"),
      (-a * b, "−a ⊙ b"),
      (a + -b, "a − b"),
      (a - -b, "a + b"),
      (-a + b, "b − a"),
      (a + -2, "a − 2"),
      (a + 0, "a"),
      (a / b / b, "a/b²"),
      (.power(a, 1), "a"),
      (.transposed(.transposed(a)), "a"),
      (.matrixProduct(-a, -b), "a·b"),
      (.implicit(Broadcast(target: [3]), 2) * a, "2·a"),
      (.reduction(Sum(target: []), -a, over: ""), "−Σ(a)"),
    ])
  func simplified(_ formula: Formula, is text: String) {
    #expect(formula.simplified().text() == text)
    #expect(formula.simplified().simplified() == formula.simplified())
  }

  @Test("a known part is replaced by its name")
  func knownParts() {
    let tanh = Formula.call(Tanh(), [FormulaTests.a])
    #expect((1 - tanh.squared).simplified(recognizing: [tanh: "A"]).text() == "1 − A²")
  }

  @Test("calls are equal where primitives, parameters and arguments are")
  func parameters() {
    let x = Formula.symbol("x")
    #expect(Formula.call(Softmax(axis: 0), [x]) != .call(Softmax(axis: 1), [x]))
    #expect(Formula.call(Softmax(axis: 0), [x]) == .call(Softmax(axis: 0), [x]))
    #expect(Formula.number(2) != .count(2))
  }

  @Test("denominators cancel")
  func cancellation() {
    let (a, b) = (FormulaTests.a, FormulaTests.b)
    #expect((b / a - b / (1 - a)).multiplied(cancelling: a * (1 - a))?.text() == "b ⊙ (1 − a) − b ⊙ a")
    #expect((b / a + b).multiplied(cancelling: a) == nil)
  }
}
