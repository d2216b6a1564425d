import Foundation
import Testing

@testable import TapeGradArrays

@Suite struct KernelsTests {
  @Test func theInstructionSetIsOneOfThoseKnown() {
    #expect(["baseline", "avx2", "avx512", "neon"].contains(instructionSet))
  }

  @Test func aLowerInstructionSetCanBeForced() async {
    await #expect(processExitsWith: .success) {
      setenv("TAPEGRAD_INSTRUCTION_SET", "baseline", 1)
      guard instructionSet == "baseline" else { fatalError("\(instructionSet) runs") }
    }
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      setenv("TAPEGRAD_INSTRUCTION_SET", "abacus", 1)
      guard instructionSet != "abacus" else { fatalError("\(instructionSet) runs") }
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("TAPEGRAD_INSTRUCTION_SET is 'abacus'"))
  }
}
