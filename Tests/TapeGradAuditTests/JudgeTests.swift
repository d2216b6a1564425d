import Testing

@testable import TapeGradJudge

/// A small share of what `bash .ci/run judge` runs in release.
struct JudgeTests {
  @Test("right computations are found right, and planted faults are named")
  func judge() throws {
    let suite = try JudgeSuite(count: 44, seed: 7)
    #expect(suite.failures.isEmpty, "\(suite.failures.joined(separator: "\n"))")
    #expect(suite.innocents.allSatisfy { $0.tally.cases >= 1 } && suite.faults.allSatisfy { $0.tally.cases >= 1 })
  }
}
