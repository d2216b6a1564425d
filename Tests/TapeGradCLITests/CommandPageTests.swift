import Foundation
import Testing

/// The pages and planted slips of the command.
struct CommandPageTests {
  private let quick = ["compare", "--epochs", "1", "--hidden", "2", "--limit", "2"]

  @Test("compare and derive write a page beside what they print", arguments: ["compare", "derive"])
  func page(command: String) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).html")
    defer { try? FileManager.default.removeItem(at: file) }
    let options = command == "compare" ? quick : ["derive", "--examples", "10"]
    let result = try tapegrad(options + ["--page", file.path])
    #expect(result.status == 0 && result.errors.isEmpty && result.output.contains("Z2"))
    let page = try String(contentsOf: file, encoding: .utf8),
      isWhole = page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n")
    #expect(isWhole)
  }

  @Test("a page that cannot be written is an error that names it")
  func missing() throws {
    let result = try tapegrad(quick + ["--page", "/nowhere/audit.html"])
    #expect(result.status != 0 && result.errors.contains("/nowhere/audit.html: cannot be written"))
  }

  @Test("a planted slip is found at its node, and the command ends with 1")
  func plant() throws {
    let result = try tapegrad(quick + ["--plant", "sign@Z2"])
    #expect(result.status == 1 && result.output.contains("The gradients disagree, first in Z2."))
    #expect(result.output.unwrapped.contains("wrong, the rule of binaryCrossEntropy; "), "\(result.output)")
    #expect(result.output.unwrapped.contains("inherited from Z2"))
  }

  @Test(
    "a slip that cannot be planted is an error that lists those that can", arguments: ["sign", "sign@X", "turn@Z2"])
  func unknown(text: String) throws {
    let result = try tapegrad(quick + ["--plant", text])
    #expect(
      result.status != 0 && result.errors.contains("--plant is '\(text)', expected one of sign@A2, mean@A2, sign@Z2"))
  }
}
