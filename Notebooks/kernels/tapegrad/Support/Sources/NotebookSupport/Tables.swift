import Foundation
import TapeGrad

/// A table in HTML, without styles: GitHub and JupyterLab remove them.
func htmlTable(_ titles: [String], _ rows: [[String]]) -> String {
  func row(_ cells: [String], _ tag: String) -> String {
    "<tr>" + cells.map { "<\(tag) align=\"right\">\(escaped($0))</\(tag)>" }.joined() + "</tr>"
  }
  return "<table>" + row(titles, "th") + rows.map { row($0, "td") }.joined() + "</table>"
}

private func escaped(_ text: String) -> String {
  [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")].reduce(text) { $0.replacing($1.0, with: $1.1) }
}

/// A table that a description gives as text, its columns at least two spaces apart.
private func textTable(_ text: String) -> [String: String] {
  let rows = text.split(separator: "\n").map { line in
    line.split(separator: /\ {2,}/).map(String.init)
  }
  return ["text/plain": text, "text/html": htmlTable(rows.first ?? [], Array(rows.dropFirst()))]
}

/// Four significant digits.
func short(_ number: Double) -> String { String(format: "%.4g", number) }

extension DataSet: NotebookDisplayable {
  /// What there is, and the first examples, one in a row: the label, and up to eight features.
  public var mediaTypes: [String: String] {
    let (count, features) = (count, featureNames.count)
    let shownExamples = min(count, 6), shownFeatures = min(features, 8)
    let titles = encoding.labelNames + featureNames.prefix(shownFeatures)
    func number(_ tensor: Tensor<Scalar>, _ row: Int, _ example: Int) -> String {
      (try? tensor.scalars).map { short(Double($0[row * count + example])) } ?? "?"
    }
    let rows = (0..<shownExamples).map { example in
      let labels = (0..<labels.shape[0]).map { row in
        let text = number(self.labels, row, example)
        return Int(text).flatMap { task != .multiLabel && classNames.indices.contains($0) ? classNames[$0] : nil }
          ?? text
      }
      return labels + (0..<shownFeatures).map { number(self.features, $0, example) }
    }
    let summary =
      "\(count) examples, \(features) features"
      + (classNames.isEmpty ? "" : ", classes " + classNames.joined(separator: ", "))
      + (shownExamples < count || shownFeatures < features
        ? "; the first \(shownExamples) examples and \(shownFeatures) features:" : ":")
    let lines = ([titles] + rows).map { $0.joined(separator: "  ") }
    return [
      "text/plain": ([summary] + lines).joined(separator: "\n"),
      "text/html": "<p>\(escaped(summary))</p>" + htmlTable(titles, rows),
    ]
  }
}

extension TrainingHistory: NotebookDisplayable {
  /// The table of epochs.
  public var mediaTypes: [String: String] { textTable(description) }
}

extension Tape: NotebookDisplayable {
  /// The table of nodes.
  public var mediaTypes: [String: String] { textTable(description) }
}

extension Gradients: NotebookDisplayable {
  /// The table of nodes.
  public var mediaTypes: [String: String] { textTable(description) }
}
