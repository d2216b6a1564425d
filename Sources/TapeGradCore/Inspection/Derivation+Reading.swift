// A derivation for those who show it: equations with their numbers, as markup and as text.

/// An equation of a derivation, or something given, with its numbers.
package struct EquationReading: Sendable {
  /// Where in a derivation it stands.
  package enum Part: Sendable { case given, forward, backward }

  /// Where it stands.
  package let part: Part
  /// What it defines, as formulas refer to it: `Z1`, `∂J/∂Z1`.
  package let name: String
  /// The name of the node that it defines, or by which it is differentiated; nil for a step inside a rule.
  package let nodeName: String?
  /// The node; nil for a step inside a rule.
  package let node: Int?
  /// The left side in MathML.
  package let left: String
  /// The forms of the right side, each with its reason in HTML; none for what is given.
  package let steps: [(formula: Formula, mathML: String, reason: String)]
  /// Why it holds, in HTML.
  package let explanation: [String]
  /// Whether the tape computes the last form itself: it does so where a node's cotangent is reported and not propagated, and
  /// not where a user wrote that form's cost in another way.
  package let isLastFormComputed: Bool
  /// The whole equation in LaTeX, to be taken into a document.
  package let latex: String
  /// One element of it with its numbers, in HTML.
  package let numbersOfElement: String?
  /// The equation in the notes' convention, in MathML; nil where there is none.
  package let inTheNotes: String?
  /// The shape of the numbers.
  package let shape: Shape
  /// The numbers in row-major order; none where the formula cannot be evaluated.
  package let numbers: [Double]
}

extension Snapshot {
  /// The derivation of the computation, with its numbers, and as a piece of a web page.
  ///
  /// - Returns: the equations, what their counts are where all agree, and the whole in HTML and in LaTeX.
  /// - Parameter elements: which element of a name's value and gradient is written out in numbers; else the first.
  package func derivationReading(
    elements: [String: [Int]] = [:]
  ) -> (equations: [EquationReading], count: Int?, html: String, latex: String) {
    // The derivation of thousands of nodes is shown in part, where nobody reads the reasons and numbers of each.
    let isShort = result < 500
    let derivation = Derivation(self, isShort ? .fully : .briefly), count = derivation.countName
    let notes = isShort ? derivation.inNotesConvention : nil
    var equations = derivation.inputs.map { input in
      EquationReading(
        part: .given, name: input.name, nodeName: input.name, node: names.first { $0.value == input.name }?.key,
        left: Formula.symbol(input.name).mathML(), steps: [], explanation: [],
        isLastFormComputed: false, latex: "", numbersOfElement: nil,
        inTheNotes: nil, shape: input.shape, numbers: input.value.doubles)
    }
    for (part, list) in [(EquationReading.Part.forward, derivation.forward), (.backward, derivation.backward)] {
      for (place, equation) in list.enumerated() {
        let nodeName = equation.node.flatMap { names[$0] }
        let index = nodeName.flatMap { elements[$0] } ?? equation.shape.dimensions.map { _ in 0 }
        let numbers = isShort ? try? derivation.numbers(of: equation.name, at: index) : nil
        let noted = part == .backward ? notes?.backward[place] : nil
        equations.append(
          EquationReading(
            part: part, name: equation.name, nodeName: nodeName, node: equation.node,
            left: equation.left.mathML(count: count),
            steps: equation.steps.map { ($0.formula, $0.formula.mathML(count: count), $0.reason.html(count: count)) },
            explanation: equation.explanation.map { $0.html(count: count) },
            isLastFormComputed: passedBy.keys.contains { nodes[$0].operands.first == equation.node },
            latex: equation.latex(count: count),
            numbersOfElement: numbers?.html(count: count),
            inTheNotes: noted.map { "\($0.left.mathML(count: count))<mo>=</mo>\($0.formula.mathML(count: count))" },
            shape: equation.shape, numbers: equation.value.doubles))
      }
    }
    let whole = isShort ? Derivation(self, .briefly).besideNotesConvention : nil
    return (equations, derivation.count, whole?.mathML ?? "", whole?.latex ?? "")
  }

  /// The last form of each derivative of the result by a node, `(A2 − Y)/m`, under the node's name. Those that mention a
  /// step without a name of the user's (`T1`) say nothing outside the derivation, and are left out.
  package var derivativeTexts: [String: String] {
    let derivation = Derivation(self, .briefly)
    let given = Set(names.values)
    var texts: [String: String] = [:]
    for equation in derivation.backward {
      guard let node = equation.node, let name = names[node], equation.formula.symbols.isSubset(of: given) else {
        continue
      }
      texts[name] = equation.formula.text(count: derivation.countName)
    }
    return texts
  }
}
