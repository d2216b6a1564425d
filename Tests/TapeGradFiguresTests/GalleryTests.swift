import Foundation
import TapeGradArrays
import Testing

@testable import TapeGradFigures

/// The figures of the documentation. `TAPEGRAD_FIGURES=DIR swift test --filter GalleryTests` writes the whole gallery to a
/// folder; with the word `documentation` in place of a folder, it writes those that the documentation shows.
struct GalleryTests {
  private static let resources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources/TapeGradFigures/TapeGradFigures.docc/Resources")

  @Test("the documentation's figures are those that the library draws, and no text of the gallery touches another")
  func current() throws {
    let target = ProcessInfo.processInfo.environment["TAPEGRAD_FIGURES"]
    for (name, svg) in try Gallery.figures() {
      let drawing = ParsedSVG(svg)
      #expect(drawing.isWellFormed && drawing.collision == nil, "\(name): \(drawing.collision ?? "")")
      if let target, target != "documentation" { try svg.write(to: "\(target)/\(name).svg") }
      guard Gallery.shown.contains(name) else { continue }
      let file = Self.resources.appending(path: "\(name).svg").path
      if target == "documentation" { try svg.write(to: file) }
      // How near two gradients come is a matter of last digits, which round differently without fused multiply-add.
      if name == "gradient-comparison", !["avx2", "avx512"].contains(instructionSet) { continue }
      let written = try String(contentsOfFile: file, encoding: .utf8)
      #expect(
        isSame(written, svg.text),
        "\(name).svg is not current: TAPEGRAD_FIGURES=documentation swift test --filter GalleryTests")
    }
  }

  /// Whether two drawings differ by less than is seen. Without fused multiply-add, training ends in other last digits, which
  /// may round to another thousandth of a unit; a cell of a map may then have the next shade.
  private func isSame(_ a: String, _ b: String) -> Bool {
    let (first, second) = (parts(a), parts(b))
    guard first.count == second.count else { return false }
    let different = zip(first, second).count { a, b in
      if let x = Double(a), let y = Double(b) { return abs(x - y) > 0.05 }
      return a != b
    }
    return different <= first.count / 200
  }

  private func parts(_ text: String) -> [Substring] {
    text.split { !$0.isLetter && !$0.isNumber && $0 != "." && $0 != "-" && $0 != "#" }
  }
}
