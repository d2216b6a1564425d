import Foundation
import TapeGradGraphs
import Testing

/// What must hold of every graph, on some random ones; thousands are tried by the executable TapeGradGraphs, built with
/// optimization.
struct RandomGraphTests {
  /// How many graphs a part has; a run that is slow for other reasons tries fewer.
  private static let size = ProcessInfo.processInfo.environment["TAPEGRAD_GRAPHS"].flatMap(Int.init) ?? 100

  @Test("random graphs", arguments: GraphCheck.all, 0..<3)
  func holds(_ check: GraphCheck, part: Int) {
    #expect(check.failure(of: Self.size, part: part) == nil)
  }
}
