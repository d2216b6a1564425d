import Foundation
import TapeGradFormats
import Testing

struct FileWritingTests {
  @Test("parts that a killed process left are removed, what is being written and other files are not")
  func abandoned() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let kept = ["model.safetensors", "notes.tmp", "model.1-x.tmp", "model.12.tmp", "model.1-2.tmp.txt", "run.3-4.tmp"]
    for name in kept + ["model.safetensors.4711-123.tmp", "loss.svg.1-4294967295.tmp"] {
      try Data([1]).write(to: folder.appending(path: name))
    }
    let writer = open(folder.appending(path: "run.3-4.tmp").path, O_RDONLY)
    flock(writer, LOCK_EX)
    removeAbandonedParts(in: folder.path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == kept.sorted())
    close(writer)
    removeAbandonedParts(in: folder.path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == kept.dropLast().sorted())
    removeAbandonedParts(in: folder.appending(path: "none").path)
  }
}
