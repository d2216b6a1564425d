import TapeGradArrays
import TapeGradAudit
import TapeGradCore
import TapeGradFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// A row of the table, and what opens below it:
//
//   node  shape    by the rule of  worst at  automatic  by hand  numerical        checked  difference  verdict
//   W2    (1, 16)  matmul          [0, 3]    0.0123     0.0123   0.0123 ± 2e-11   16/16    3e-18       ✓ right
//   └ the sentence of the audit, and a map of |automatic − by hand|, or of |automatic − numerical| without one by hand
//
// Differences span many powers of ten, from rounding (1e-18) to a wrong rule (1), so their map has a shade for each
// power. The script replaces that one map by five with numbers under the cursor.

/// The gradients of a page three ways: a row for each named node, which opens to its arrays and their difference.
struct PageTable {
  let audit: Audit
  let steps: PageSteps

  /// The name of a row's gradient.
  func gradientName(_ row: Audit.Row) -> String { "∂\(audit.result)/∂\(row.name)" }

  /// What was derived by hand, as `∂J/∂v`.
  func byHand(_ row: Audit.Row) -> [Double]? {
    guard let array = audit.handDerived[row.node], array.shape == row.shape else { return nil }
    return (array / Double(row.handDerived?.exampleCount ?? 1)).scalars
  }

  /// The tape's gradient.
  func automatic(_ row: Audit.Row) -> [Double] { audit.snapshot.cotangentDoubles(of: row.node) ?? [] }

  // MARK: In HTML

  /// The columns, and whether the script sorts them as texts or as numbers.
  private static let header = [
    ("node", "text"), ("shape", "text"), ("by the rule of", "text"), ("worst at", "text"), ("automatic", "number"),
    ("by hand", "number"), ("numerical", "number"), ("checked", "number"), ("difference", "number"),
    ("verdict", "text"),
  ]

  /// The table, in the order in which the reverse sweep completes the gradients.
  var html: String {
    let head = Self.header.map { "<th scope=\"col\" data-kind=\"\($0.1)\">\($0.0)</th>" }.joined()
    var body = ""
    for (index, row) in audit.rows.enumerated() {
      body += "<tbody>\n" + line(row, index) + detail(row, index) + "</tbody>\n"
    }
    return """
      <div class="scroll" role="region" tabindex="0" aria-label="Table of gradients"><table id="gradients">
      <caption>∂\(markup(audit.result)) by every named node, backwards: the element that is farthest off, three ways</caption>
      <thead><tr>\(head)</tr></thead>
      \(body)</table></div>

      """
  }

  /// A row. Cells carry their number in `data-value` with all digits, for sorting and for tests; the text has six.
  private func line(_ row: Audit.Row, _ index: Int) -> String {
    func number(_ value: Double?, _ text: String? = nil) -> String {
      guard let value else { return "<td></td>" }
      return "<td data-value=\"\(value)\">\(text ?? Self.text(value))</td>"
    }
    let numerical = row.element?.numerical
    // A gradient by hand of another shape has no number to show; its shape is the mistake.
    let hand = row.handDerived.flatMap { $0.shape == row.shape ? nil : "shape \($0.shape)" }
    let largest = difference(row).filter { !$0.isNaN }.max()
    let checked = row.numerical.map { "<td data-value=\"\($0.elements.count)\">\($0.elements.count)/\($0.count)</td>" }
    return
      "<tr class=\"\(row.verdict.rawValue)\" data-row=\"\(index)\"><th scope=\"row\">\(link(row))</th><td>\(row.shape)</td>"
      + "<td>\(markup(row.rules.joined(separator: ", ")))</td><td>\(row.element.map { "\($0.index)" } ?? "")</td>"
      + number(row.element?.automatic) + (hand.map { "<td>\($0)</td>" } ?? number(row.element?.handDerived))
      + number(numerical?.value, numerical.map { "\(Self.text($0.value)) ± \(short($0.error, digits: 1))" })
      + (checked ?? "<td></td>") + number(largest, largest.map { short($0, digits: 2) })
      + "<td>\(verdict(row))</td></tr>\n"
  }

  /// A verdict with its sign, so that no meaning stands in the color alone.
  private func verdict(_ row: Audit.Row) -> String {
    let sign = row.verdict == .right ? "✓" : row.verdict == .wrong ? "✗" : "?"
    let text = row.fault.map { "wrong, \($0)" } ?? row.verdict.rawValue
    return
      "<span class=\"verdict \(row.verdict.rawValue)\"><span aria-hidden=\"true\">\(sign)</span> \(markup(text))</span>"
  }

  /// The node's name, leading to the step of its gradient, where that is one of those shown.
  private func link(_ row: Audit.Row) -> String {
    let name = gradientName(row)
    guard let id = steps.id(of: name) else { return markup(row.name) }
    return "<a href=\"#\(id)\">\(markup(row.name))</a>"
  }

  /// What a row opens to. Without a script it is open.
  private func detail(_ row: Audit.Row, _ index: Int) -> String {
    let name = markup(row.name)
    var text = "<p>\(markup("\(row)")).</p>"
    let decades = Self.decades(difference(row))
    if let largest = decades.largest, let thumbnail = Thumbnail(decades.steps, shape: row.shape, rows: 6, columns: 32) {
      var thumbnail = thumbnail
      thumbnail.map = .sequential
      let what = byHand(row) == nil ? "automatic − numerical" : "automatic − by hand"
      let caption =
        largest == 0
        ? "\(what): 0 everywhere"
        : "|\(what)|, a shade for each power of ten: darkest \(numberLabel(largest, digits: 2)), lightest 0"
      text +=
        "<figure>\(htmlMap(thumbnail, label: "\(caption), at \(row.name)"))<figcaption>\(markup(caption))</figcaption></figure>"
    }
    return
      "<tr class=\"detail\" id=\"detail-\(index)\"><td colspan=\"\(Self.header.count)\"><div class=\"maps\" data-detail=\"\(index)\" "
      + "aria-label=\"Arrays of \(name)\" role=\"group\">\(text)</div></td></tr>\n"
  }

  /// How far the tape is from what was derived by hand, or from finite differences, element by element; NaN where nothing
  /// is to be compared.
  private func difference(_ row: Audit.Row) -> [Double] {
    let automatic = automatic(row)
    if let byHand = byHand(row) { return zip(automatic, byHand).map { $0 == $1 ? 0 : abs($0 - $1) } }
    var difference = [Double](repeating: .nan, count: automatic.count)
    for element in row.numerical?.elements ?? [] {
      // The place of the element in row-major order.
      let offset = zip(element.index, row.shape.dimensions).reduce(0) { $0 * $1.1 + $1.0 }
      difference[offset] = element.difference
    }
    return difference
  }

  /// Magnitudes as powers of ten above the least one that is not 0; 0 stays 0.
  ///
  /// `(0, 1e-18, 1e-16)` becomes `(0, 1, 3)`: the least that is not 0 is one step above 0.
  static func decades(_ magnitudes: [Double]) -> (steps: [Double], largest: Double?) {
    let finite = magnitudes.filter { $0.isFinite && $0 > 0 }
    guard let least = finite.min(), let largest = finite.max() else {
      return (magnitudes, magnitudes.contains(0) ? 0 : nil)
    }
    return (magnitudes.map { $0 > 0 ? log10($0 / least) + 1 : $0 }, largest)
  }

  /// Six digits, or fewer, with a true minus.
  static func text(_ value: Double, digits: Int = 6) -> String {
    let text = short(value, digits: digits)
    return text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  // MARK: For the script

  /// The rows in JSON, with the elements that finite differences checked.
  var json: JSONValue {
    .array(
      audit.rows.map { row in
        let elements = (row.numerical?.elements ?? []).prefix(60).map { element in
          JSONValue.array([
            .number(Double(zip(element.index, row.shape.dimensions).reduce(0) { $0 * $1.1 + $1.0 })),
            .number(element.numerical.value), .number(element.numerical.error),
          ])
        }
        return .object([
          .init("name", .string(row.name)), .init("array", .string(gradientName(row))),
          .init("byHand", byHand(row) == nil ? .null : .string("by hand: \(row.name)")),
          .init("checked", .array(elements)),
        ])
      })
  }
}
