import TapeGradCore

extension Audit: CustomStringConvertible {
  /// The rows as a table, and what to make of them.
  public var description: String { table + "\n\n" + conclusion }

  /// The rows as a table: for each node the worst element, three ways.
  public var table: String {
    let differences = scalarType == .double ? "" : "; not held against differences, which need Double"
    let title = "∂\(result) by every named node, backwards (\(result) = \(short(value)), \(scalarType)\(differences))"
    let header = [
      "node", "shape", "by the rule of", "worst at", "automatic", "by hand", "numerical", "checked", "verdict",
    ]
    return title + "\n\n" + aligned([header] + rows.map { $0.cells })
  }

  private var conclusion: String {
    if let firstWrong { return "First wrong: \(firstWrong)" }
    let undecided = rows.filter { $0.verdict == .undecided }.map(\.name)
    return undecided.isEmpty
      ? "All \(rows.count) nodes are right." : "Nothing is wrong; undecided: \(undecided.joined(separator: ", "))."
  }
}

extension Audit.Row: CustomStringConvertible {
  /// `Z1, the rule of tanh: 0.25 at [0, 3], numerical 0.434191 ± 2e-13`.
  public var description: String {
    var text = name + ": " + (fault?.description ?? verdict.rawValue)
    if let handDerived, handDerived.shape != shape {
      text += "; of shape \(handDerived.shape), for a node of shape \(shape)"
    }
    if let element {
      text += "; at \(element.index) automatic \(short(element.automatic))"
      if let handDerived = element.handDerived { text += ", by hand \(short(handDerived))" }
      if let numerical = element.numerical { text += ", numerical \(numerical)" }
    }
    return text
  }

  /// The columns of the table.
  fileprivate var cells: [String] {
    let byHand = handDerived.map { $0.shape == shape ? "" : "shape \($0.shape)" } ?? ""
    let undecided = numerical?.count(.undecided) ?? 0
    return [
      name, "\(shape)", rules.joined(separator: ", "), element.map { "\($0.index)" } ?? "",
      element.map { short($0.automatic) } ?? "", element?.handDerived.map { short($0) } ?? byHand,
      element?.numerical?.description ?? "", numerical.map { "\($0.elements.count)/\($0.count)" } ?? "",
      (fault.map { "wrong, \($0)" } ?? verdict.rawValue)
        + (undecided > 0 && verdict != .undecided ? ", \(undecided) undecided" : ""),
    ]
  }
}

/// Rows of cells in columns two spaces apart.
private func aligned(_ rows: [[String]]) -> String {
  let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  let lines = rows.map { row in
    zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
      .joined(separator: "  ")
  }
  return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
}
