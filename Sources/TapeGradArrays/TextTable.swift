/// Cells of text in columns, for a terminal:
///
///     node  shape      worst at
///     A2    (1, 569)   [0, 184]
///     W1    (16, 30)   [2, 9]
///
/// Every column but the last is filled up with spaces. No line ends in a space. A cell that is wider than its column
/// moves what follows it in its own line.
package struct TextTable {
  private let widths: [Int]
  private let gap: Int

  /// Columns of given widths, `gap` spaces apart: for lines that are printed one by one, before all of them are known.
  package init(widths: [Int], gap: Int = 2) {
    self.widths = widths
    self.gap = gap
  }

  /// Columns that are as wide as the widest cell of each, the first one up to a limit.
  package init(fitting rows: [[String]], firstAtMost limit: Int = .max) {
    let columns = 0..<(rows.map(\.count).max() ?? 0)
    let widths = columns.map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    self.init(widths: widths.prefix(1).map { min($0, limit) } + widths.dropFirst())
  }

  /// One line of the table.
  package func line(_ cells: [String]) -> String {
    let padded = cells.enumerated().map { column, cell in
      column < widths.count ? cell.padded(to: widths[column]) : cell
    }
    var line = padded.joined(separator: String(repeating: " ", count: gap))
    while line.last == " " { line.removeLast() }
    return line
  }

  /// Rows as the lines of a table that fits them, each after `indentation` spaces.
  package static func text(of rows: [[String]], firstAtMost limit: Int = .max, indentation: Int = 0) -> String {
    let table = TextTable(fitting: rows, firstAtMost: limit), margin = String(repeating: " ", count: indentation)
    return rows.map { margin + table.line($0) }.joined(separator: "\n")
  }
}

extension String {
  /// The text followed by spaces, at least `width` characters.
  package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  /// The text after spaces, at least `width` characters.
  package func rightAligned(in width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

  /// The text with at most `width` characters, the last one a mark where something is cut.
  package func cut(to width: Int) -> String { count <= width ? self : prefix(max(0, width - 1)) + "…" }

  /// The text in lines of at most `width` characters, divided between words; a word that is longer has its own line. All
  /// lines but the first begin with `indentation` spaces.
  package func wrapped(to width: Int, indentation: Int = 0) -> [String] {
    split(separator: " ").reduce(into: []) { lines, word in
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(repeating: " ", count: lines.isEmpty ? 0 : indentation) + word)
      }
    }
  }
}
