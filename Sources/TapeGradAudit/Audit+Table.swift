// The table of an audit on a terminal of 80 characters:
//
//   worst at    shape      automatic     by hand       numerical             verdict
//   A2[0, 184]  (1, 569)   -0.00221936   -0.00221936   -0.00221936 ± 2e-11   right
//   W1[2, 24]   (16, 30)   -6.24893e-05  -6.24893e-05  -6.24893e-05 ± 2e-11  right
//
//   by the rule of: A2 binaryCrossEntropy; W1 matmul
//   checked: A2 200/569; W1 200/480
//
// All columns take 114 there. What does not fit is told below, column after column, so that no line is broken by the
// terminal and nothing is lost; a name that is too long is cut with a mark.

import TapeGradCore

extension Audit {
  /// The rows as a table: for each node the worst element, three ways.
  public var table: String { table(width: .max) }

  /// The rows as a table whose lines have at most `width` characters; columns that do not fit are told below it.
  package func table(width: Int) -> String {
    let title = "∂\(result) by every named node, backwards (\(result) = \(short(value)), \(scalarType))"
    var table = AuditTable(rows, result: result)
    table.fit(width)
    return ([title.wrapped(to: width), [""], table.lines(width), table.notes(width)].joined()).joined(separator: "\n")
  }
}

/// The columns of the table, and those that moved below it.
private struct AuditTable {
  private let rows: [Audit.Row]
  private var columns: [(title: String, cells: [String])]
  private var told: [(title: String, cells: [String])] = []

  init(_ rows: [Audit.Row], result: String) {
    self.rows = rows
    columns = [
      ("node", rows.map(\.name)),
      ("shape", rows.map { "\($0.shape)" }),
      ("by the rule of", rows.map { $0.rules.joined(separator: ", ") }),
      ("worst at", rows.map { $0.element.map { "\($0.index)" } ?? "" }),
    ]
    columns += Self.numbers(rows, digits: 6)
    columns += [
      ("checked", rows.map { $0.numerical.map { "\($0.elements.count)/\($0.count)" } ?? "" }),
      ("verdict", rows.map { $0.judgement(result: result) }),
    ]
  }

  /// The gradients three ways.
  private static func numbers(_ rows: [Audit.Row], digits: Int) -> [(title: String, cells: [String])] {
    [
      ("automatic", rows.map { $0.element.map { short($0.automatic, digits: digits) } ?? "" }),
      (
        "by hand",
        rows.map { row in
          let other = row.handDerived.map { $0.shape == row.shape ? "" : "shape \($0.shape)" } ?? ""
          return row.element?.handDerived.map { short($0, digits: digits) } ?? other
        }
      ),
      ("numerical", rows.map { $0.element?.numerical?.text(digits: digits) ?? "" }),
    ]
  }

  /// How many characters a line takes.
  private var width: Int { columns.map(width).reduce(2 * (columns.count - 1), +) }

  private func width(of column: (title: String, cells: [String])) -> Int {
    column.cells.map(\.count).reduce(column.title.count, max)
  }

  /// Makes the table narrower, what says least first, until it fits.
  mutating func fit(_ limit: Int) {
    let steps: [(inout AuditTable) -> Void] = [
      { $0.tellReasons() }, { $0.tell("by the rule of") }, { $0.tell("checked") }, { $0.joinNodeAndElement() },
      { $0.roundNumbers() }, { $0.tell("shape") }, { $0.cutNames(limit) },
    ]
    for step in steps where width > limit { step(&self) }
  }

  /// Leaves the word of each verdict in its column, and tells the rest below.
  private mutating func tellReasons() {
    let last = columns.count - 1, cells = columns[last].cells
    told.append(("verdict", cells.map { $0.contains(where: { $0 == "," || $0 == " " }) ? $0 : "" }))
    columns[last].cells = zip(rows, cells).map { $1.isEmpty ? "" : $0.verdict.rawValue }
  }

  private mutating func tell(_ title: String) {
    if let index = columns.firstIndex(where: { $0.title == title }) { told.append(columns.remove(at: index)) }
  }

  /// `A2[0, 184]` in place of two columns.
  private mutating func joinNodeAndElement() {
    guard let index = columns.firstIndex(where: { $0.title == "worst at" }) else { return }
    columns[0] = ("worst at", zip(rows, columns.remove(at: index).cells).map { $0.name + $1 })
  }

  private mutating func roundNumbers() {
    for column in Self.numbers(rows, digits: 4) {
      if let index = columns.firstIndex(where: { $0.title == column.title }) { columns[index] = column }
    }
  }

  private mutating func cutNames(_ limit: Int) {
    let room = max(8, width(of: columns[0]) + limit - width)
    columns[0].cells = columns[0].cells.map { $0.cut(to: room) }
  }

  /// The lines of the table; where even the fewest columns are too wide, they end in a mark.
  func lines(_ limit: Int) -> [String] {
    let rows = rows.indices.map { row in columns.map { $0.cells[row] } }
    let table = TextTable(fitting: [columns.map(\.title)] + rows)
    return ([columns.map(\.title)] + rows).map { table.line($0).cut(to: limit) }
  }

  /// A paragraph for each column that is told below, with nodes that have the same in common.
  func notes(_ limit: Int) -> [String] {
    let paragraphs = told.compactMap { title, cells -> String? in
      var groups: [(names: [String], cell: String)] = []
      for (row, cell) in zip(rows, cells) where !cell.isEmpty {
        if let index = groups.firstIndex(where: { $0.cell == cell }) {
          groups[index].names.append(row.name)
        } else {
          groups.append(([row.name], cell))
        }
      }
      if groups.isEmpty { return nil }
      return "\(title): " + groups.map { "\($0.names.joined(separator: ", ")) \($0.cell)" }.joined(separator: "; ")
    }
    return paragraphs.isEmpty ? [] : [""] + paragraphs.flatMap { $0.wrapped(to: limit, indentation: 2) }
  }
}

extension Audit.Row {
  /// The verdict and what there is to say about it.
  fileprivate func judgement(result: String) -> String {
    if let fault { return "wrong, \(fault)" }
    if verdict == .undecided {
      if let firstNonFinite { return "undecided, \(firstNonFinite)" }
      switch handDerived?.verdict {
      case .undecided: return "undecided, by hand differs where differences do not settle"
      case .right: return "undecided, differences do not settle; by hand agrees"
      default: return "undecided"
      }
    }
    var text = verdict.rawValue
    if handDerived?.exampleCount != nil { text += " in the notes' convention: m·∂\(result)/∂\(name)" }
    let undecided = numerical?.count(.undecided) ?? 0
    return undecided == 0 ? text : text + ", \(undecided) undecided"
  }
}
