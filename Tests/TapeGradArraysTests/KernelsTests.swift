import Foundation
import Testing

@testable import TapeGradArrays

struct KernelsTests {
  @Test("the instruction set is one of those known")
  func known() {
    #expect(["baseline", "avx2", "avx512", "neon"].contains(instructionSet))
  }

  @Test("a lower instruction set can be forced, and an unknown one is reported")
  func forced() async {
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
