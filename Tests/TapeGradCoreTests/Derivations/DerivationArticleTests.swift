import Foundation
import TapeGradArrays
import Testing

@testable import TapeGradCore

/// The article that tells the derivation of the two-layer network.
struct DerivationArticleTests {
  @Test("every line of the article is printed by the library, and none is left out")
  func lines() throws {
    let tape = Tape()
    let derivation = try tape.derivation(of: Graph.twoLayerNet.record(tape), explaining: .fully)
    let notes = try #require(try tape.derivation(of: Graph.twoLayerNet.record(tape)).inNotesConvention)
    let element = try derivation.numbers(of: "∂J/∂Z2", at: [0, 0]).text()
    let printed = Set(trimmed(derivation.description) + trimmed(notes.description) + [element])

    let told = try blocks()
    #expect(told.count > 30)
    for line in told { #expect(printed.contains(line), "the library does not print: \(line)") }
    // Each equation is told, in either convention.
    for text in [derivation.description, notes.description] {
      for line in trimmed(text) where line.contains("= ") && line.hasPrefix("=") || line.firstRange(of: " = ") != nil {
        let isEquation = line.hasPrefix("=") || "ZAJ∂d".contains(line.first ?? " ")
        if isEquation { #expect(told.contains(line), "the article leaves out: \(line)") }
      }
    }
  }

  /// The lines of the article's blocks that are not Swift.
  private func blocks() throws -> [String] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let article = tests.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/TapeGradCore/TapeGradCore.docc/Derivations.md")
    let parts = try String(contentsOf: article, encoding: .utf8).components(separatedBy: "```")
    return parts.enumerated().filter { $0.offset % 2 == 1 && !$0.element.hasPrefix("swift") }.flatMap {
      trimmed($0.element)
    }
  }

  private func trimmed(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}
