import Foundation
import TapeGradFormats
import Testing

@testable import TapeGradFigures

struct WritingTests {
  private let svg = Plot(title: "Loss") { line([3.0, 2, 1]) }.svg

  @Test("a figure replaces the file of its name and leaves nothing beside it")
  func replaces() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "loss.svg").path
    try "old".write(toFile: path, atomically: true, encoding: .utf8)
    try svg.write(to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == svg.text)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["loss.svg"])
  }

  @Test("a path that cannot be written throws its own error, and the old file stays")
  func fails() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "missing/loss.svg").path
    let error = #expect(throws: FileError.self) { try svg.write(to: path) }
    #expect(error?.description == "\(path): cannot be written: No such file or directory")
    // A folder of that name: the last step, renaming, fails.
    let taken = folder.appending(path: "taken.svg")
    try FileManager.default.createDirectory(at: taken.appending(path: "inner"), withIntermediateDirectories: true)
    #expect(throws: FileError.self) { try svg.write(to: taken.path) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taken.svg"])
  }

  private func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "figures-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}
