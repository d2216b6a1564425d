// A derivation as a piece of a web page: a `section` in which each part is a `math` element with a table.
//
//   <section class="derivation">
//   <h3>Backward</h3>
//   <math display="block"><mtable>
//   <mtr><mtd style="text-align: right">∂J/∂Z</mtd><mtd>=</mtd><mtd>…</mtd><mtd>(1, 3)</mtd><mtd>why</mtd></mtr>
//   …
//
// It is well-formed XML as well as HTML.

extension Derivation {
  /// The derivation in MathML: an HTML `section` with a `math` element for each part, which browsers set without help,
  /// the equations aligned at their equals signs, with shapes and reasons.
  ///
  /// Each name carries itself in an attribute `data-symbol`.
  public var mathML: String {
    var text = "<section class=\"derivation\">\n"
    for section in sections {
      text += "<h3>\(section.title)</h3>\n"
      if section.lines.isEmpty { continue }
      for lines in section.blocks() {
        text += "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"block\"><mtable displaystyle=\"true\">\n"
        text += lines.map(row).joined(separator: "\n") + "\n</mtable></math>\n"
        let explanation = (lines.last?.explanation ?? []).map { $0.html(count: countName) }.joined(separator: "\n")
        if !explanation.isEmpty { text += "<p>\(explanation)</p>\n" }
      }
    }
    for remark in closingRemarks { text += "<p>\(remark.html(count: countName))</p>\n" }
    return text + "</section>\n"
  }

  private func row(_ line: Line) -> String {
    // The second declaration is for Chrome, which moves no mathematics by the first.
    func cell(_ content: String, align: String = "left") -> String {
      "<mtd style=\"text-align: \(align); text-align: -webkit-\(align)\">\(content)</mtd>"
    }
    let left = line.left?.mathML(count: countName) ?? "", right = line.right?.mathML(count: countName) ?? ""
    let shape = line.shape.map { "<mtext>\($0)</mtext>" } ?? ""
    let beside = line.beside.map { left, right in
      cell(MathML.row((left?.mathML(count: countName) ?? "") + "<mo>=</mo>" + right.mathML(count: countName)))
    }
    return "<mtr>" + cell(left, align: "right") + cell(line.right == nil ? "" : "<mo>=</mo>") + cell(right)
      + (beside ?? "") + cell(shape)
      + cell(line.reason.mathML(count: countName)) + "</mtr>"
  }
}

extension Sentence {
  /// The sentence inside a `math` element.
  func mathML(count: String?) -> String {
    // A space at an end of a `mtext` is dropped, unless it may not be broken.
    isEmpty
      ? ""
      : MathML.row(
        joined(
          words: { "<mtext>\(XML.escaped($0).replacing(" ", with: "&#xA0;"))</mtext>" },
          formula: { $0.mathML(count: count) }))
  }

  /// The sentence in HTML, each formula a `math` element.
  func html(count: String?) -> String {
    joined(
      words: XML.escaped,
      formula: { "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">\($0.mathML(count: count))</math>" })
  }
}
