import TapeGradArrays
import Testing

@testable import TapeGradCore

/// Expressions as text: what they mean, and what is said where they mean nothing.
struct ExpressionTests {
  private static let symbols: [String: Tensor<Double>] = [
    "x": Tensor([1, 2, 3]), "y": Tensor([0.5, -1, 2]), "c": Tensor(2), "A": Tensor([[1, 2], [3, 4]]),
    "B": Tensor([[0, 1], [1, 1]]), "layer 1": Tensor([7]), "∂J/∂Z": Tensor([5]), "a`b\\": Tensor([9]),
  ]

  private static let values: [(String, [Double])] = [
    ("1 + 2*3", [7]), ("2 - 3 - 4", [-5]), ("2/4/2", [0.25]), ("-2^2", [-4]), ("(-2)^2", [4]), ("2^-1", [0.5]),
    ("2.5e-1", [0.25]), ("2.5e−01·c", [0.5]), ("--2", [2]), ("x + 1", [2, 3, 4]), ("1 - x", [0, -1, -2]),
    ("c*x", [2, 4, 6]), ("x .* y", [0.5, -2, 6]), ("x ⊙ y", [0.5, -2, 6]), ("x/c", [0.5, 1, 1.5]),
    ("x^2", [1, 4, 9]), ("x²", [1, 4, 9]), ("x⁻¹ .* x", [1, 1, 1]), ("|y|", [0.5, 1, 2]), ("||y| − c|", [1.5, 1, 0]),
    ("[x > 1.5]", [0, 1, 1]), ("[x < y]", [0, 0, 0]), ("[x = 2]", [0, 1, 0]),
    ("{x where y > 0, 0 elsewhere}", [1, 0, 3]),
    ("A*B", [2, 3, 4, 7]), ("A·Bᵀ", [2, 3, 4, 7]), ("A'", [1, 3, 2, 4]), ("sum(A)", [10]), ("Σ(A)", [10]),
    ("Σ_columns(A)", [3, 7]), ("sum_rows(A)", [4, 6]), ("mean_axis1(A)", [1.5, 3.5]), ("max_axes0,1(A)", [4]),
    ("ones·A", [4, 6]), ("A·(0.5·ones)", [1.5, 3.5]), ("√(c*2)", [2]), ("relu(y)", [0.5, 0, 2]),
    ("leakyRelu[slope 0.5](y)", [0.5, -0.5, 2]), ("maximum(x, y)", [1, 2, 3]), ("`layer 1` + 1", [8]),
    ("∂J/∂Z/5", [1]), ("`a\\`b\\\\`", [9]), ("permute[1, 0](A)", [1, 3, 2, 4]), ("double(x)", [2, 4, 6]),
  ]

  @Test(
    "an expression is worth what its mathematics says",
    arguments: values)
  func value(of text: String, is expected: [Double]) throws {
    let value = try Expression(parsing: text).evaluated(
      ExpressionTests.symbols, in: text, functions: ["double": { 2 * $0[0] }])
    #expect(try value.scalars == expected)
  }

  @Test("what is written twice is computed once")
  func shared() throws {
    let tape = Tape(), text = "sum(exp(2*x + 1) .* (y - exp(2*x + 1)))"
    let x = tape.variable(Tensor<Double>([0.5, -1]), named: "x"), y = tape.constant(Tensor<Double>([1, 2]), named: "y")
    let value = try Expression(parsing: text).evaluated(["x": x, "y": y], in: text)
    // x, y, 2·x, + 1, exp, −, ⊙, Σ.
    #expect(tape.nodes.count == 8)
    // e²·(1 − e²) + e⁻¹·(2 − e⁻¹), by hand.
    #expect(try abs(value.item - (-46.6086703351073)) < 1e-9)
  }

  private static let unreadable: [(String, Int, String)] = [
    ("mean((W*x + b - y)^2", 21, "expected ')', found the end"),
    ("", 1, "expected a name, a number or '(', found the end"),
    ("1 +", 4, "expected a name, a number or '(', found the end"),
    ("x y", 3, "expected an operator or the end, found 'y'"),
    ("x + $", 5, "expected a name, a number or a sign, found '$'"),
    ("x + \u{202E}", 5, "expected a name, a number or a sign, found '\\u{202E}'"),
    ("2x", 1, "expected a number, found '2x'"),
    ("(x))", 4, "expected an operator or the end, found ')'"),
    ("[x + 1]", 7, "expected '<', '>' or '=', found ']'"),
    ("`layer", 7, "expected a second ` behind the name"),
    ("∂J/Z", 3, "expected '/∂' and a name"),
    ("x⁻", 3, "expected digits behind ⁻"),
    ("softmax[axis 1(x)", 8, "expected ']' behind the parameters, found '['"),
    ("{x where y > 1, 0 elsewhere}", 14, "expected 0, found 1"),
  ]

  @Test("a long expression is computed, whatever it is a chain of")
  func longExpressions() throws {
    let x = Tensor(0.5)
    for (text, value) in [
      ([String](repeating: "x", count: 1_000).joined(separator: " + "), 500),
      ([String](repeating: "x", count: 999).joined(separator: "-"), -498.5),
      (String(repeating: "-", count: 999) + "x", -0.5), ("x" + String(repeating: "^1", count: 999), 0.5),
      ([String](repeating: "(x)", count: 1_000).joined(separator: "/"), 0x1p998),
      (String(repeating: "(", count: 198) + "x" + String(repeating: ")", count: 198), 0.5),
    ] {
      #expect(try Expression(parsing: text).evaluated(["x": x], in: text).item == value)
    }
  }

  @Test(
    "what is too long or too deep for the stack is said, with its place",
    arguments: [
      (String(repeating: "(", count: 100_000) + "x", 200, "deep"),
      (String(repeating: "sin(", count: 100_000) + "x", 797, "deep"),
      (String(repeating: "|x*", count: 100_000), 596, "deep"), (String(repeating: "[", count: 100_000), 200, "deep"),
      (String(repeating: "-", count: 100_000) + "x", 99_001, "long"),
      ([String](repeating: "x", count: 100_000).joined(separator: "+"), 2_000, "long"),
      ([String](repeating: "W", count: 100_000).joined(separator: "*") + "*x", 2_000, "long"),
      ("x" + String(repeating: "'", count: 100_000), 1_001, "long"),
      ("x" + String(repeating: "^2", count: 100_000), 2_000, "long"),
    ])
  func tooLong(_ text: String, column: Int, kind: String) throws {
    let error = try #require(throws: ExpressionError.self) { try Expression(parsing: text) }
    #expect(error.offset + 1 == column)
    #expect(error.message.hasPrefix("too \(kind): no more than"))
    let lines = error.description.split(separator: "\n")
    #expect(lines.count == 3 && lines.allSatisfy { $0.count < 100 })
    // The mark stands below the character of that column.
    let mark = lines[2].count - 1
    #expect(Array(lines[1])[mark] == Array(text)[column - 1])
  }

  @Test(
    "what cannot be read is said, with its place",
    arguments: unreadable)
  func syntaxError(_ text: String, column: Int, message: String) throws {
    let error = try #require(throws: ExpressionError.self) { try Expression(parsing: text) }
    #expect(error.offset + 1 == column)
    #expect(error.message == message)
    #expect(error.description.hasSuffix("\n  " + String(repeating: " ", count: column - 1) + "^"))
  }

  private static let uncomputable: [(String, Int, String)] = [
    ("x + z", 5, "nothing is called 'z'"), ("x + `layer 2`", 5, "nothing is called 'layer 2'; did you mean 'layer 1'?"),
    ("1 + sigmiod(x)", 5, "there is no function 'sigmiod'; did you mean 'sigmoid'?"),
    ("tanh(x, y)", 1, "tanh takes 1 argument, not 2"), ("maximum(x)", 1, "maximum takes 2 arguments, not 1"),
    ("A * (A + x)", 8, "add of (2, 2) and (3): (2, 2) and (3) do not broadcast: along axis 1 the lengths are 2 and 3"),
    ("A * x", 3, "matmul of (2, 2) and (3): inner dimensions 2 and 3 differ"),
    ("sum_slices(A)", 1, "'slices' is not rows, columns or axis and a number"),
    ("tanh_rows(A)", 1, "there is no function 'tanh_rows'"),
  ]

  @Test(
    "what cannot be computed is said, with its place",
    arguments: uncomputable)
  func evaluationError(_ text: String, column: Int, message: String) throws {
    let error = try #require(throws: ExpressionError.self) {
      try Expression(parsing: text).evaluated(ExpressionTests.symbols, in: text)
    }
    #expect(error.offset + 1 == column)
    #expect(error.message == message)
  }

  @Test("what is recorded is what a user would write")
  func recorded() throws {
    let tape = Tape()
    let symbols = [
      "x": tape.variable(Tensor([1.0, 2]), named: "x"), "y": tape.constant(Tensor([0.0, 1]), named: "y"),
    ]
    let text = "mean((2*x - y)^2)", result = try Expression(parsing: text).evaluated(symbols, in: text).named("J")
    let derivation = try tape.derivation(of: result)
    #expect(derivation.forward.map { "\($0.formula.text(count: "m"))" } == ["(1/m)·Σ((2·x − y)²)"])
  }

  @Test("names are found in the order in which they are met")
  func names() throws {
    #expect(try Expression(parsing: "tanh(b*x) + {x where c > 0, a elsewhere}/b").names == ["b", "x", "c", "a"])
  }
}
