import Foundation
import TapeGrad
import Testing

@testable import TapeGradCLI

/// Right, wrong, undecided and diverged: each in words, in JSON and in the exit code.
struct VerdictTests {
  /// Features, labels, how the network is trained, and what it comes to.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let table: [String]
    let options: [String]
    let verdict, words: String
  }

  private static let line = (0..<10).map { "\($0),\(2 * Double($0) + 1.5)" }
  private static let rows = [
    Row(
      testDescription: "two examples", table: ["0,0", "1,1"], options: [], verdict: "right", words: "agree in all 8 "),
    Row(
      testDescription: "converged to rounding", table: ["0,0", "1,1"], options: ["--epochs", "30000", "--rate", "1"],
      verdict: "right", words: "agree in all 8 "),
    Row(
      testDescription: "labels all alike", table: ["0,1", "1,1", "5,1"], options: [], verdict: "right",
      words: "agree in all "),
    Row(
      testDescription: "a line, in small steps", table: line, options: ["--rate", "0.001"], verdict: "right",
      words: "agree in all 7 "),
    Row(
      testDescription: "features all alike, on the kinks of relu", table: ["4,0", "4,1", "4,1"],
      options: ["--activation", "relu", "--epochs", "0"], verdict: "undecided", words: "undecided: "),
    Row(
      testDescription: "a line, in steps too wide", table: line, options: ["--activation", "identity", "--rate", "50"],
      verdict: "diverged", words: "Training diverged in epoch "),
    Row(
      testDescription: "prices", table: line.map { $0 + "e6" }, options: ["--epochs", "20", "--rate", "5"],
      verdict: "diverged",
      words: "Training diverged: J rose from "),
    Row(
      testDescription: "labels too large to square", table: ["0,0", "1,1e200", "2,3"], options: [], verdict: "right",
      words: "agree in all 7 "),
    Row(
      testDescription: "labels too large to standardize", table: ["0,1.7e308", "1,-1.7e308", "2,1.7e308"], options: [],
      verdict: "diverged",
      words: "The loss is nan before the first step. The first number that is not finite: Y[0, 0] is nan."),
  ]

  @Test("a file comes to the same in words, JSON and exit code", arguments: rows)
  func file(_ row: Row) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try (["x,y"] + row.table).joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    let arguments = ["--data", file.path, "--labels", "y", "--hidden", "3"] + row.options
    let words = try tapegrad(arguments)
    #expect(words.output.unwrapped.contains(row.words.trimmingCharacters(in: .whitespaces)), "\(words)")
    let json = try tapegrad(arguments + ["--json"])
    let report = try report(json.output)
    let isRight = row.verdict == "right"
    #expect(report["verdict"] as? String == row.verdict && report["isRight"] as? Bool == isRight)
    #expect(report["isDiverged"] as? Bool == (row.verdict == "diverged"))
    #expect((report["conclusion"] as? String)?.contains(row.words) == true)
    #expect(words.status == (isRight ? 0 : 1) && json.status == words.status)
    #expect(words.output.contains("gradients agree in all") == isRight)
  }

  private func report(_ json: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
  }

  @Test("a wrong gradient is wrong, also where training diverged")
  func wrong() throws {
    let tape = Tape()
    let x = tape.variable(Tensor([0.3, 0.7]), named: "x")
    let audit = try tape.audit(exp(x).sum(), handDerived: ["x": Tensor([1, 2.0])])
    let run = try TrainingRun(
      on: DataSet.breastCancer(), named: "", hidden: 1, activation: .tanh, seed: 1, epochs: 0, rate: 1)
    for comparison in [Comparison(audit), Comparison(audit, initialLoss: 1e-3)] {
      #expect(comparison.exitCode == 1 && "\(comparison)".hasSuffix("The gradients disagree, first in x."))
      let report = try report(comparison.json(run))
      #expect(report["verdict"] as? String == "wrong" && report["isRight"] as? Bool == false)
    }
  }
}
