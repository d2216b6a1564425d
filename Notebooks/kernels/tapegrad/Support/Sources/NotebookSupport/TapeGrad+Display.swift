import Foundation
import TapeGrad

// The library knows nothing of notebooks: its types conform here.

extension SVG: NotebookDisplayable {
  /// The drawing, and what it says in words.
  public var mediaTypes: [String: String] { ["image/svg+xml": text, "text/plain": inWords] }

  /// The title and description that a figure carries for those who cannot see it.
  private var inWords: String {
    let parts = ["title", "desc"].compactMap { tag in
      text.components(separatedBy: "<\(tag)>").dropFirst().first?.components(separatedBy: "</\(tag)>").first
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
    return entities.reduce(parts.joined(separator: ": ")) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }
}

extension Plot: NotebookDisplayable {
  /// The drawing, and what it says in words.
  public var mediaTypes: [String: String] { svg.mediaTypes }
}

extension PlotGrid: NotebookDisplayable {
  /// The drawing, and what it says in words.
  public var mediaTypes: [String: String] { svg.mediaTypes }
}

extension NDArray: NotebookDisplayable {
  /// The numbers as text, and as a table where there are few.
  public var mediaTypes: [String: String] {
    var data = ["text/plain": description]
    if let table = heatTable(self) { data["text/html"] = table }
    return data
  }
}

extension Tensor: NotebookDisplayable {
  // A tensor that failed, or has no numbers yet, says so in its description.
  /// The numbers as text, and as a table where there are few.
  public var mediaTypes: [String: String] {
    var data = ["text/plain": description]
    if let table = (try? array).flatMap(heatTable) { data["text/html"] = table }
    return data
  }
}

/// Vectors and small matrices as a table: red cells are positive, blue ones negative, the largest magnitude darkest.
///
/// The colors are attributes, since GitHub and JupyterLab remove styles.
private func heatTable<Scalar>(_ array: NDArray<Scalar>) -> String? {
  let (rows, columns) = (array.shape.rank == 2 ? array.shape[0] : 1, array.shape.dimensions.last ?? 1)
  guard 1...2 ~= array.shape.rank, 1...16 ~= rows, 1...12 ~= columns else { return nil }
  let numbers = array.scalars.map { Double($0) }
  let largest = numbers.filter(\.isFinite).map(abs).max() ?? 0
  let cells = numbers.map { number in
    "<td align=\"right\" bgcolor=\"\(color(number / largest))\"><font color=\"#000000\">\(short(number))</font></td>"
  }
  let lines = (0..<rows).map { "<tr>" + cells[$0 * columns..<($0 + 1) * columns].joined() + "</tr>" }
  return "<table>\(lines.joined())</table>shape \(array.shape)"
}

/// White for 0 and for what is not a number, toward red for 1 and blue for −1.
private func color(_ share: Double) -> String {
  let share = share.isFinite ? share : 0
  let fade = 255 - Int(140 * min(abs(share), 1))
  func hex(_ value: Int) -> String { String(value, radix: 16) }
  let pale = hex(fade)
  return share < 0 ? "#\(pale)\(pale)ff" : "#ff\(pale)\(pale)"
}

extension Derivation: NotebookDisplayable {
  /// The equations in LaTeX, between dollar signs as notebooks write it, and as text.
  public var mediaTypes: [String: String] {
    let latex = markdown.replacing("```math\n", with: "$$\n").replacing("\n```\n", with: "\n$$\n")
      .replacing("$`", with: "$").replacing("`$", with: "$")
    return ["text/markdown": latex, "text/plain": description]
  }
}

extension Audit: NotebookDisplayable {
  /// Automatic against numerical derivatives of all nodes as a drawing, and the audit's own table as text.
  public var mediaTypes: [String: String] {
    let checks = rows.flatMap { $0.numerical?.elements ?? [] }
    guard !checks.isEmpty else { return ["text/plain": description] }
    let drawing = PlotGrid.gradientComparison(
      automatic: checks.map(\.automatic), numerical: checks.map(\.numerical.value),
      bounds: checks.map(\.numerical.error),
      of: "∂\(result) by \(rows.map(\.name).joined(separator: ", "))")
    return ["image/svg+xml": drawing.svg.text, "text/plain": description]
  }
}

extension TapeDiagram: NotebookDisplayable {
  /// The drawing, and what it says in words.
  public var mediaTypes: [String: String] { svg.mediaTypes }
}
