import Foundation
import Testing

/// `tapegrad derive`.
struct DeriveTests {
  @Test(
    "the derivation is printed in each format",
    arguments: [
      ("text", "∂J/∂Z2 = ∂J/∂A2 ⊙ ∂A2/∂Z2"), ("latex", "\\frac{\\partial J}{\\partial Z_{2}}"),
      ("mathml", "<math xmlns="), ("markdown", "```math"), ("dot", "digraph derivation {"), ("mermaid", "flowchart TD"),
      ("json", "{\"name\":\"∂J/∂Z2\""),
    ])
  func formats(_ format: String, _ part: String) throws {
    let result = try tapegrad("derive", "--format", format)
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output.contains(part), "\(result.output.prefix(500))")
    #expect(!result.output.hasSuffix("\n\n"))
  }

  @Test("JSON has each equation in three notations, and the notes' convention")
  func json() throws {
    let output = try tapegrad("derive", "--format", "json", "--explain").output
    let json = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    let backward = try #require(json["backward"] as? [[String: Any]]),
      notes = try #require(json["notes"] as? [[String: Any]])
    let last = try #require((backward[2]["steps"] as? [[String: Any]])?.last)
    #expect(last["text"] as? String == "(A2 − Y)/m")
    #expect(last["latex"] as? String == "\\frac{A_{2} - Y}{m}")
    #expect((last["mathml"] as? String)?.hasPrefix("<mfrac>") == true)
    #expect((backward[3]["explanation"] as? [String])?.count == 3)
    #expect(notes.map { $0["name"] as? String }[2] == "dZ2")
    #expect(json["m"] as? Int == 400)
  }

  @Test(
    "networks of any depth, activation and task", arguments: ["binaryClassification", "classification", "regression"])
  func networks(_ task: String) throws {
    for activation in ["sigmoid", "tanh", "relu", "leakyRelu", "identity"] {
      let result = try tapegrad(
        "derive", "--layers", "30,16,8,3", "--activation", activation, "--task", task, "--examples", "6")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("∂J/∂W3 = ∂J/∂Z3·") && result.output.contains("∂J/∂W1 = ∂J/∂Z1·Xᵀ"))
      #expect(result.output.contains("W2  (8, 16)"))
    }
  }

  @Test("the notes' convention, explanations and numbers are printed where they are asked for")
  func additions() throws {
    #expect(try tapegrad("derive", "--notes", "alone").output.contains("dZ1 = dA1 ⊙ (1 − A1²) "))
    #expect(
      try tapegrad("derive", "--notes", "beside").output.contains(
        "= ∂J/∂Z1·Xᵀ                             dW1 = (1/m)·dZ1·Xᵀ"))
    #expect(try tapegrad("derive", "--explain").output.contains("In general, C = A·B gives ∂J/∂A = ∂J/∂C·Bᵀ"))
    #expect(try tapegrad("derive", "--numbers").output.contains("\n  ∂J/∂z₂[0, 0] = ("))
  }

  @Test("an expression is derived, and compared with finite differences")
  func expression() throws {
    let shapes = "W:1,3 x:3,50 b:1,1 y:1,50"
    let result = try tapegrad("derive", "mean((W*x + b - y)^2)", "--shapes", shapes, "--constants", "x,y")
    #expect(result.status == 0)
    #expect(result.output.contains("T1 = W·x + b − y   (1, 50)"))
    #expect(result.output.contains("∂J/∂b = Σ_columns(∂J/∂T1)  (1, 1)"))
    #expect(!result.output.contains("∂J/∂x"))
    #expect(result.errors.hasPrefix("gradient check: right, "))
    #expect(result.errors.hasSuffix(" 4 elements checked\n"), "\(result.errors)")
  }

  @Test("where normal numbers give no value, positive ones do")
  func logarithm() throws {
    let result = try tapegrad("derive", "sum(log(x) .* binaryCrossEntropy(sigmoid(x), y))", "--shapes", "x:3 y:3")
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test(
    "an expression that cannot be derived is an error with its place",
    arguments: [
      (
        ["mean((W*x)^2", "--shapes", "W:1,3 x:3,5"],
        """
        the expression cannot be read: column 13: expected ')', found the end
          mean((W*x)^2
                      ^
        """
      ),
      (
        ["mean(W*x)", "--shapes", "W:1,3 x:4,5"],
        """
        the expression cannot be computed: column 7: matmul of (1, 3) and (4, 5): inner dimensions 3 and 4 differ
          mean(W*x)
                ^
        """
      ),
      (["W*x", "--shapes", "W:1,3 x:3,5"], "'W*x' has shape (1, 5); a derivation is that of one number"),
      (["W*x", "--shapes", "W:1,3"], "x has no shape; add it to --shapes, like 'x:3,50'"),
      (["sum(x)", "--shapes", "x:3 z:4"], "z is not in the expression; its names are x"),
      (["sum(x)", "--shapes", "x:3", "--constants", "x"], "all names are constants"),
      (["1 + 2"], "'1 + 2' has no name in it"),
      (["log(-x*x - 1)", "--shapes", "x"], "'log(-x*x - 1)' or a derivative of it is not finite"),
    ])
  func errors(_ arguments: [String], _ message: String) throws {
    let result = try tapegrad(["derive"] + arguments)
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.errors.hasPrefix("tapegrad: \(message)"), "\(result.errors)")
  }

  @Test(
    "options that do not go together are wrong usage",
    arguments: [
      (["x", "--layers", "3,1"], "--layers is for networks, and an expression is given"),
      (["--shapes", "x:3"], "--shapes goes with an expression"),
      (["--layers", "3,1", "--hidden", "4"], "--hidden is said by --layers"),
      (["--layers", "3"], "--layers is '3', expected two to 50 whole numbers from 1 to 10000"),
      (["x", "--shapes", "x:-1"], "--shapes is 'x:-1', expected names with shapes like 'W:1,3 x:3,50'"),
      (["x", "--shapes", "x:100000,100000"], "--shapes is 'x:100000,100000', expected names with shapes"),
      (["--numbers", "--format", "latex"], "--numbers goes with --format text"),
      (["--notes", "beside", "--format", "dot"], "--notes beside goes with --format text, latex, mathml or markdown"),
    ])
  func wrongUsage(_ arguments: [String], _ message: String) throws {
    let result = try tapegrad(["derive"] + arguments)
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.errors.hasPrefix("tapegrad: \(message)"), "\(result.errors)")
  }

  @Test("a long expression is derived, and one that is too long or too deep is an error with its place")
  func longExpressions() throws {
    let sum = [String](repeating: "x", count: 1_000).joined(separator: "+")
    let derived = try tapegrad("derive", sum, "--shapes", "x")
    #expect(derived.status == 0 && derived.errors.contains("automatic 1000, numerical 1000"))
    let powers = try tapegrad("derive", "x" + String(repeating: "^1", count: 999), "--shapes", "x")
    #expect(powers.status == 0 && powers.errors.contains("gradient check: right"))
    for (text, place) in [
      ([String](repeating: "W", count: 60_000).joined(separator: "*") + "*x", "column 2000: too long"),
      ("x" + String(repeating: "'", count: 100_000), "column 1001: too long"),
      (String(repeating: "(", count: 50_000) + "x" + String(repeating: ")", count: 50_000), "column 200: too deep"),
    ] {
      let refused = try tapegrad("derive", text, "--shapes", "W:2,2 x:2")
      #expect(refused.status == 1 && refused.output.isEmpty)
      #expect(refused.errors.contains("the expression cannot be read: \(place)") && refused.errors.utf8.count < 500)
    }
    let dash = try tapegrad("derive", "-" + String(repeating: "-x", count: 50_000), "--shapes", "x")
    #expect(dash.status == 2 && dash.errors.utf8.count < 300)
    let short = try tapegrad("derive", "-x^2", "--shapes", "x")
    #expect(
      short.status == 2
        && short.errors.contains("'-x^2'; --expression EXPRESSION takes a value that begins with a dash"))
  }
}
