import Foundation
import Testing

/// What people give to the command by mistake.
struct OddInputTests {
  @Test("codes in a file that a terminal would obey are shown, and not sent")
  func controlCharacters() throws {
    let folder = try Folder()
    let data = try folder.file("a.csv", ["a\u{1B}[31m,b", "x\u{07},1", "y,2"])
    let inspected = try tapegrad("inspect", data, "--labels", "b", "--keep", "1")
    #expect(inspected.status == 0 && inspected.output.contains("a\\u{1B}[31m"), "\(inspected)")
    let drawn = try tapegrad("figures", data, "--output", folder.path + "/figures")
    for text in [inspected.output, inspected.errors, drawn.output, drawn.errors] {
      #expect(!text.contains("\u{1B}") && !text.contains("\u{07}"))
    }
  }

  @Test("a folder, a file that is not there, an empty one and one of another format end with 1 and say so")
  func files() throws {
    let folder = try Folder(), missing = folder.path + "/none.jsonl"
    let empty = try folder.file("empty.jsonl", []), csv = try folder.file("rows.csv", ["a,y", "1,0", "2,1"])
    let other = try folder.file("rows.jsonl", ["a,y", "1,0"])
    for (words, message) in [
      (["compare", "--data", folder.path, "--labels", "y"], "cannot be read: Is a directory"),
      (["inspect", missing], "none.jsonl: cannot be read: No such file or directory"),
      (["train", empty, "--labels", "y"], "found no rows, expected at least one line such as"),
      (["inspect", other], "line 1: found \"a,y\", expected an object such as"),
      (["predict", csv, "--model", csv], "expected 100000000 at most; is it safetensors?"),
    ] {
      let result = try tapegrad(words)
      #expect(result.status == 1 && result.errors.contains(message), "\(words): \(result)")
    }
  }

  @Test("a training is not resumed to fewer epochs than it has")
  func epochs() throws {
    let folder = try Folder(), model = folder.path + "/m"
    let data = try folder.file("rows.csv", ["a,y"] + (0..<30).map { "\($0),\($0 % 2)" })
    #expect(
      try tapegrad("train", data, "--labels", "y", "--output", model, "--folds", "1", "--epochs", "3").status == 0)
    let record = try String(contentsOfFile: "\(model)/run.json", encoding: .utf8)
    let refused = try tapegrad("train", "--resume", model, "--epochs", "1")
    #expect(refused.status == 1, "\(refused)")
    #expect(refused.errors.contains("was trained for 3 epochs already, and --epochs 1 counts these too"))
    #expect(try String(contentsOfFile: "\(model)/run.json", encoding: .utf8) == record)
    #expect(try tapegrad("train", "--resume", model, "--epochs", "4").status == 0)
  }
}
