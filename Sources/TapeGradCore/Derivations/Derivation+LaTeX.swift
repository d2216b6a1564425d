// A derivation in LaTeX. No package is needed: a plain `article` sets it, and so does MathJax.
//
//   \paragraph{Backward}
//   \[\begin{array}{rlll}
//   \displaystyle \frac{\partial J}{\partial Z} & \displaystyle = \frac{A - Y}{m} & \quad (1, 3) \\
//    & \mbox{\footnotesize the cancellation of sigmoid and binary cross-entropy} \\[1ex]
//   …
//
// The reason stands below its equation: beside it, the line would be wider than the page.

extension Derivation {
  /// The derivation in LaTeX, for the body of a document of any class: equations aligned at their equals signs, with
  /// shapes, and below each the rule that it comes from. It needs no package.
  public var latex: String {
    let parts = sections.map { section in
      // An array is not broken between pages.
      let blocks = section.blocks(atMost: 12).map { lines in
        let explanation = (lines.last?.explanation ?? []).map { $0.latex(count: countName) }.joined(separator: "\n")
        return "\\[" + latexArray(lines, reasons: .below) + "\\]\n"
          + (explanation.isEmpty ? "" : "\\noindent{\\small\n\(explanation)\\par}\n")
      }
      return "\\paragraph{\(section.title)}\n" + blocks.joined()
    }
    let remarks = closingRemarks.map { $0.latex(count: countName) }.joined(separator: "\n")
    return parts.joined(separator: "\n") + (remarks.isEmpty ? "" : "\n\\noindent\n" + remarks + "\n")
  }

  /// Where the reason of an equation stands.
  enum ReasonPlacement {
    case beside, below
  }

  /// Lines as an array, aligned at the equals signs.
  func latexArray(_ lines: [Line], reasons: ReasonPlacement) -> String {
    let isDouble = lines.contains { $0.beside != nil }
    let rows = lines.map { line in
      let left = line.left.map { "\\displaystyle " + $0.latex(count: countName) } ?? ""
      let right = line.right.map { "\\displaystyle = " + $0.latex(count: countName) } ?? ""
      let beside = line.beside.map { left, right in
        "\\quad " + (left.map { $0.latex(count: countName) } ?? "") + " = " + right.latex(count: countName)
      }
      let second = isDouble ? (beside.map { "\\displaystyle " + $0 } ?? "") + " & " : ""
      // Two columns of equations leave no room for shapes on a page.
      let shape = isDouble && reasons == .below ? nil : line.shape
      var row = "\(left) & \(right) & \(second)" + (shape.map { "\\quad \($0)" } ?? "")
      if line.reason.isEmpty { return row }
      let reason = line.reason.latex(count: countName)
      if reasons == .below, line.right != nil {
        row += " \\\\\n & \\mbox{\\footnotesize \(reason)} &"
      } else {
        row += " & \\quad \\mbox{\(reason)}"
      }
      return row
    }
    return "\\begin{array}{rl\(isDouble ? "l" : "")ll}\n" + rows.joined(separator: " \\\\[1ex]\n") + "\n\\end{array}"
  }
}

extension Derivation.Equation {
  /// The equation alone, its forms one below the other where there are several: `Z = W X + b`, or an array.
  func latex(count: String?) -> String {
    let left = left.latex(count: count), forms = steps.map { "= \($0.formula.latex(count: count))" }
    if forms.count == 1 { return "\(left) \(forms[0])" }
    return "\\begin{array}{rl}\n\(left) & \(forms.joined(separator: " \\\\[1ex]\n & "))\n\\end{array}"
  }
}

extension Sentence {
  /// The sentence in LaTeX, its formulas between dollar signs.
  func latex(count: String?) -> String {
    joined(words: LaTeX.words, formula: { "$\($0.latex(count: count))$" })
  }
}
