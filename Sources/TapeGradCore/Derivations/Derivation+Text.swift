// A derivation as text: three columns, the equations aligned at their equals signs, a reason beside each. Of the
// network in Derivation.swift:
//
//   Backward
//     ∂J/∂A = A/m + A/m         (2, 2)  A is used 2 times: the contributions add up
//     ∂J/∂Z = ∂J/∂A ⊙ (1 − A²)  (2, 2)  through A, by the derivative of tanh
//     ∂J/∂W = ∂J/∂Z·Xᵀ          (2, 3)  through Z, by the rule of matmul
//     ∂J/∂b = Σ_columns(∂J/∂Z)  (2, 1)  b is added to all 2 columns: their cotangents add up

extension Derivation: CustomStringConvertible {
  /// The derivation as plain text, in columns: equation, shape, reason.
  public var description: String {
    var text = "Derivatives of \(result.quotedUnlessIdentifier)\n"
    for section in sections { text += "\n\(section.title)\n" + columns(section.lines) }
    let remarks = closingRemarks.map { $0.text(count: countName) + "\n" }.joined()
    return remarks.isEmpty ? text : text + "\n" + remarks
  }

  /// The lines below one another: names to the right, up to the equals sign, all else to the left.
  private func columns(_ lines: [Line]) -> String {
    let names = lines.map { $0.left?.text(count: countName) ?? "" }, width = names.map(\.count).max() ?? 0
    let isDouble = lines.contains { $0.beside != nil }
    let besideWidth = lines.map { $0.beside?.left?.text(count: countName).count ?? 0 }.max() ?? 0
    let rows = zip(lines, names).map { line, name in
      let name = name.rightAligned(in: width), right = line.right.map { " = " + $0.text(count: countName) }
      let beside = line.beside.map { left, right in
        (left?.text(count: countName) ?? "").rightAligned(in: besideWidth) + " = " + right.text(count: countName)
      }
      return [name + (right ?? "")] + (isDouble ? [beside ?? ""] : [])
        + [line.shape.map { "\($0)" } ?? "", line.reason.text(count: countName)]
    }
    if rows.isEmpty { return "" }
    let table = TextTable(fitting: rows, firstAtMost: width + 51)
    let margin = String(repeating: " ", count: width + 5)
    return zip(rows, lines).map { row, line in
      let explanation = line.explanation.flatMap { $0.text(count: countName).wrapped(to: 100) }
      return "  " + table.line(row) + "\n" + explanation.map { margin + $0 + "\n" }.joined()
    }.joined()
  }
}
