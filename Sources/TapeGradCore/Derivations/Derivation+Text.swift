extension Derivation: CustomStringConvertible {
  /// The derivation as plain text, in columns: equation, shape, reason.
  public var description: String {
    var text = "Derivatives of \(result)\n"
    let given = inputs.map { Line($0.name, "", "\($0.shape)", $0.isVariable ? "variable" : "constant") }
    if !given.isEmpty { text += "\nGiven\n" + Line.columns(given) }
    if !forward.isEmpty { text += "\nForward\n" + Line.columns(forward.flatMap(lines(of:))) }
    text += "\nBackward\n" + Line.columns(backward.flatMap(lines(of:)))
    if !remarks.isEmpty { text += "\n" + remarks.joined(separator: "\n") + "\n" }
    return text
  }

  /// An equation's lines, one for each step.
  private func lines(of equation: Equation) -> [Line] {
    let name = count == nil ? nil : "m"
    return equation.steps.enumerated().map { position, step in
      Line(
        position == 0 ? equation.name : "", "= " + step.formula.text(count: name),
        position == 0 ? "\(equation.shape)" : "", step.reason)
    }
  }

  /// A line of a table.
  private struct Line {
    let name, formula, shape, reason: String

    init(_ name: String, _ formula: String, _ shape: String, _ reason: String) {
      (self.name, self.formula, self.shape, self.reason) = (name, formula, shape, reason)
    }

    /// The lines below one another: names to the right, up to the equals sign, all else to the left.
    static func columns(_ lines: [Line]) -> String {
      func width(_ column: KeyPath<Line, String>) -> Int { lines.map { $0[keyPath: column].count }.max() ?? 0 }
      func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }
      let widths = (name: width(\.name), formula: min(width(\.formula), 50), shape: width(\.shape))
      return lines.map { line in
        var text = "  " + spaces(widths.name - line.name.count) + line.name
        if widths.formula > 0 { text += " " + line.formula + spaces(widths.formula - line.formula.count) }
        text += "  " + line.shape + spaces(widths.shape - line.shape.count) + "  " + line.reason
        while text.last == " " { text.removeLast() }
        return text + "\n"
      }.joined()
    }
  }
}
