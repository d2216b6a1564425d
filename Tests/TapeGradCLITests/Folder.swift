import Foundation

/// A folder that is removed with the test.
final class Folder {
  let path = FileManager.default.temporaryDirectory.appending(path: "tapegrad-\(UUID())").path

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file of these lines, and gives its path.
  func file(_ name: String, _ lines: [String]) throws -> String {
    try (lines.joined(separator: "\n") + "\n").write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
    return "\(path)/\(name)"
  }
}
