import Foundation
import TapeGrad
import Testing

/// The command as a person or a script meets it.
struct CommandTests {
  @Test func withoutArgumentsItCompares() throws {
    let result = try tapegrad()
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output.contains("569 examples, 30 features"))
    #expect(result.output.hasSuffix("gradients agree in all 8 quantities.\n"))
    #expect(!result.output.contains("\u{1B}"), "no colour where output is no terminal")
  }

  /// The README shows what the command prints. Without fused multiply-add, last digits round differently, and other
  /// elements may be the worst: lines are then held up to there.
  @Test func theReadmeShowsItsOutput() throws {
    let readme = try String(contentsOf: repository.appending(path: "README.md"), encoding: .utf8)
    let output = try tapegrad("compare").output
    let shown = ["avx2", "avx512"].contains(instructionSet) ? Int.max : 30
    for line in output.split(separator: "\n") { #expect(readme.contains(line.prefix(shown)), "\(line)") }
  }

  @Test func jsonIsForPrograms() throws {
    let output = try tapegrad("compare", "--json", "--epochs", "3", "--activation", "relu").output
    let report = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    #expect(report["isRight"] as? Bool == true)
    let quantities = try #require(report["quantities"] as? [[String: Any]])
    #expect(quantities.map { $0["name"] as? String } == ["A2", "Z2", "b2", "W2", "A1", "Z1", "b1", "W1"])
    for quantity in quantities {
      let (automatic, hand) = (quantity["automatic"] as? Double, quantity["handDerived"] as? Double)
      #expect(abs(try #require(automatic) - (try #require(hand))) < 1e-12)
    }
  }

  @Test func itExplainsThePlanOfATrainingStep() throws {
    let output = try tapegrad("compare", "--epochs", "2", "--explain-plan", "--threads", "1").output
    #expect(output.contains("a training step: 7 inputs, 4 results, "))
    #expect(output.contains("product, 2 steps on 16 × 569"))
    #expect(output.contains("A1 (16, 569) = tanh Z1"))
    #expect(!output.contains("threads\n"))
  }

  @Test func itReadsTablesOfOnesOwn() throws {
    let table = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv")
    defer { try? FileManager.default.removeItem(at: table) }
    let rows = (0..<20).map { "\($0 % 7),\(Double($0) / 3),\($0 % 3 == 0 ? "yes" : "no")" }
    try (["a,b,answer"] + rows).joined(separator: "\n").write(to: table, atomically: true, encoding: .utf8)
    let result = try tapegrad("--data", table.path, "--labels", "answer", "--hidden", "3", "--epochs", "5")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("20 examples, 2 features, standardized; answer: 1 is yes"))
  }

  @Test(arguments: [
    (["--hiden", "3"], "unknown option '--hiden'; did you mean '--hidden'?"),
    (["compare", "--hidden", "none"], "--hidden is 'none', expected a whole number, at least 1"),
    (["compare", "--activation", "cosine"], "--activation is 'cosine', expected one of sigmoid, tanh, relu"),
    (["compare", "--hidden"], "--hidden wants a value: --hidden N"),
    (["compare", "--json=yes"], "--json takes no value"),
    (["--labels", "x"], "--labels goes with --data"),
    (["comprae"], "there is no command 'comprae'; did you mean 'compare'?"),
  ])
  func wrongUsageExitsWith2(arguments: [String], message: String) throws {
    let result = try tapegrad(arguments)
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.errors.contains("tapegrad: \(message)"), "\(result.errors)")
    #expect(result.errors.contains("--help"))
  }

  @Test func failureExitsWith1() throws {
    let result = try tapegrad("--data", "/no/such/file.csv", "--labels", "x")
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.errors == "tapegrad: /no/such/file.csv: cannot be read: No such file or directory\n")
  }

  @Test(arguments: ["compare", "derive", "benchmark"]) func everyCommandExplainsItself(name: String) throws {
    let result = try tapegrad(name, "--help")
    #expect(result.status == 0 && result.output.hasPrefix("tapegrad \(name): "))
    #expect(try tapegrad("--help").output.contains(name))
  }

  @Test func itDerives() throws {
    let result = try tapegrad("derive", "--activation", "relu", "--examples", "7")
    #expect(result.status == 0)
    #expect(result.output.contains("= (A2 − Y)/m "))
    #expect(result.output.contains("m = 7 is the number of elements"))
  }
}

private let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
