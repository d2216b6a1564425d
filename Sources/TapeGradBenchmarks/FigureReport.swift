// What a benchmark prints with --json:
//
//   { "figures" : [ { "fastestSeconds" : 1.2e-06, "group" : "program", "medianSeconds" : 1.3e-06, "name" : … }, … ],
//     "instructionSet" : "avx2", "threads" : 2 }

import TapeGrad

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// All figures of a run, and what they depend on, for a program to read.
package struct FigureReport: Encodable {
  // The two things besides the machine that decide how fast kernels are.
  private let instructionSet = TapeGrad.instructionSet
  private let threads = threadCount
  private let figures: [Figure]

  /// The report on figures that were measured just now in this process.
  package init(_ figures: [Figure]) { self.figures = figures }

  /// The report as JSON, with sorted keys.
  package var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
