// A derivation in Markdown with mathematics, as GitHub renders it: each part is a block of LaTeX, remarks are a list.
//
//   **Backward**
//
//   ```math
//   \begin{array}{rlll}
//   …
//   \end{array}
//   ```
//
// Inline mathematics is written $`…`$, so that no character of it means something to Markdown.

extension Derivation {
  /// The derivation in Markdown, with its equations in blocks of LaTeX, as GitHub renders it.
  public var markdown: String {
    let parts = sections.filter { !$0.lines.isEmpty }.map { section in
      // MathJax takes some 5,000 characters in a block.
      let blocks = section.blocks(atMost: 12).map { lines in
        let explanation = (lines.last?.explanation ?? []).map { $0.markdown(count: countName) }.joined(separator: "\n")
        return "```math\n" + latexArray(lines, reasons: .beside) + "\n```\n"
          + (explanation.isEmpty ? "" : "\n\(explanation)\n")
      }
      return "**\(section.title)**\n\n" + blocks.joined(separator: "\n")
    }
    let remarks = closingRemarks.map { "- " + $0.markdown(count: countName) + "\n" }.joined()
    return parts.joined(separator: "\n") + (remarks.isEmpty ? "" : "\n" + remarks)
  }
}

extension Sentence {
  /// The sentence in Markdown.
  func markdown(count: String?) -> String {
    joined(words: Markdown.escaped, formula: { "$`\($0.latex(count: count))`$" })
  }
}

/// Words in Markdown.
enum Markdown {
  /// The text with a backslash before every character that could mean something.
  static func escaped(_ text: String) -> String {
    text.visible.unicodeScalars.map { scalar in
      let isPlain =
        !scalar.isASCII || scalar.isDigit || scalar.properties.isAlphabetic
        || " .,:;()'/=?%".contains(Character(scalar))
      return isPlain ? "\(scalar)" : "\\\(scalar)"
    }.joined()
  }
}
