// A derivation as a graph: what each equation reads. Of Z = W·X, J = Σ(Z²):
//
//   W ──▶ Z ──▶ J          forward, from what is read to what is defined
//   X ──▶
//   ∂J/∂Z ⋯▶ ∂J/∂W         backward, dashed: from the derivative that is read to the one that follows
//
// DOT is for Graphviz (`dot -Tsvg`), Mermaid for Markdown on GitHub and elsewhere.

/// The equations of a derivation and what they read, as boxes and arrows.
private struct EquationGraph {
  /// An equation or a given value.
  struct Box {
    enum Kind {
      case variable, constant, forward, backward
    }
    let kind: Kind
    let text: String
  }

  private(set) var boxes: [Box] = []
  /// Pairs of boxes: what is read, and where.
  private(set) var arrows: [(from: Int, to: Int)] = []
  private var positions: [Formula: Int] = [:]

  init(_ derivation: Derivation) {
    let count = derivation.countName
    for input in derivation.inputs {
      let symbol = Formula.symbol(input.name)
      add(symbol, symbol.text() + "  \(input.shape)", input.isVariable ? .variable : .constant, reads: [])
    }
    for (kind, equations) in [(Box.Kind.forward, derivation.forward), (.backward, derivation.backward)] {
      for equation in equations {
        let text = "\(equation.left.text()) = \(equation.formula.text(count: count))  \(equation.shape)"
        add(equation.left, text, kind, reads: equation.steps.flatMap { $0.formula.symbolsRead })
      }
    }
  }

  private mutating func add(_ symbol: Formula, _ text: String, _ kind: Box.Kind, reads: [Formula]) {
    let position = boxes.count
    boxes.append(Box(kind: kind, text: text))
    var sources: [Int] = []
    for source in reads.compactMap({ positions[$0] }) where !sources.contains(source) {
      // What the backward pass reads of the forward pass would hide its own arrows.
      if kind != .backward || boxes[source].kind == .backward { sources.append(source) }
    }
    arrows += sources.map { ($0, position) }
    positions[symbol] = position
  }
}

extension Derivation {
  /// The graph of the equations in DOT, the language of Graphviz: given values and the forward pass with solid arrows, the
  /// derivatives with dashed ones.
  public var dot: String {
    let graph = EquationGraph(self)
    func escaped(_ text: String) -> String {
      text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("&", with: "&amp;")
    }
    let boxes = graph.boxes.enumerated().map { index, box in
      let style =
        switch box.kind {
        case .variable: ", style=bold"
        case .constant: ", color=gray"
        case .forward: ""
        case .backward: ", style=dashed"
        }
      return "  n\(index) [label=\"\(escaped(box.text))\"\(style)];\n"
    }
    let arrows = graph.arrows.map { from, to in
      "  n\(from) -> n\(to)\(graph.boxes[to].kind == .backward ? " [style=dashed]" : "");\n"
    }
    return "digraph derivation {\n  node [shape=box, fontname=\"Helvetica\"];\n" + boxes.joined() + arrows.joined()
      + "}\n"
  }

  /// The graph of the equations in Mermaid, which GitHub draws where it stands in a block of that name.
  public var mermaid: String {
    let graph = EquationGraph(self)
    func escaped(_ text: String) -> String {
      text.unicodeScalars.map { scalar in
        let isPlain =
          !scalar.isASCII || scalar.isDigit || scalar.properties.isAlphabetic || " .,=+".contains(Character(scalar))
        return isPlain ? "\(scalar)" : "#\(scalar.value);"
      }.joined()
    }
    let boxes = graph.boxes.enumerated().map { index, box in
      let label = "\"\(escaped(box.text))\""
      return "  n\(index)" + (box.kind == .variable ? "([\(label)])" : "[\(label)]") + "\n"
    }
    let arrows = graph.arrows.map { from, to in
      "  n\(from) \(graph.boxes[to].kind == .backward ? "-.->" : "-->") n\(to)\n"
    }
    return "flowchart TD\n" + boxes.joined() + arrows.joined()
  }
}

extension Formula {
  /// The names and derivatives that occur.
  fileprivate var symbolsRead: [Formula] { isSymbol ? [self] : parts.flatMap(\.symbolsRead) }
}
