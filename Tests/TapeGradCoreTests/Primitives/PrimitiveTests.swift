import Foundation
import TapeGradAudit
import Testing

@testable import TapeGradCore

struct PrimitiveTests {
  /// Inputs are the same in every run; another seed can be tried from outside.
  private static let seed = ProcessInfo.processInfo.environment["TAPEGRAD_SEED"].flatMap(UInt64.init) ?? 1

  @Test("every primitive passes every check", arguments: PrimitiveSample.all)
  func sample(_ sample: PrimitiveSample) {
    for check in PrimitiveCheck.allCases {
      #expect(check.complaints(about: sample, seed: Self.seed) == [])
    }
  }

  @Test("every struct of Core with a name is in the table")
  func completeness() throws {
    let sources = URL(filePath: #filePath).appending(path: "../../../../Sources/TapeGradCore").standardizedFileURL
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
    var declared: Set<String> = []
    for file in try #require(files) where file.pathExtension == "swift" {
      var current: Substring = ""
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        if let match = line.firstMatch(of: /^(?:public )?struct (\w+)/) { current = match.1 }
        if line.firstMatch(of: /^  (?:public )?static let name = "/) != nil { declared.insert(String(current)) }
      }
    }
    #expect(declared.contains("Tanh") && declared.contains("Checkpoint"))
    // A loop is of one scalar type; samples make it inside a checkpoint.
    #expect(declared.subtracting(PrimitiveSample.all.map { "\(type(of: $0.primitive))" }) == ["Loop"])
  }
}
