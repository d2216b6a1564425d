// A derivation as the lines of a page, before any format.
//
//   Given       W (2, 3) variable …
//   Forward     Z = W·X + b,  (2, 2) …
//   Backward    ∂J/∂Z = ∂J/∂A ⊙ (1 − A²),  (2, 2),  through A, by the derivative of tanh …
//
// An equation of several steps takes a line for each, the later ones without a name or a shape. Every renderer walks the
// same sections.

extension Derivation {
  /// A part of the page.
  struct Section {
    /// `Given`, `Forward`, `Backward`.
    let title: String
    let lines: [Line]

    /// The lines in blocks, each of which ends where something is explained, or before an equation that would make it
    /// longer than `limit`.
    func blocks(atMost limit: Int = .max) -> [[Line]] {
      var blocks: [[Line]] = []
      for line in lines {
        let isFull = blocks.last.map { $0.count >= limit && line.left != nil || $0.last?.explanation.isEmpty == false }
        if isFull ?? true { blocks.append([line]) } else { blocks[blocks.count - 1].append(line) }
      }
      return blocks
    }
  }

  /// A line of the page.
  struct Line {
    /// What is given or defined; nil where the line goes on from the one before.
    var left: Formula?
    /// The right side; nil for what is given.
    var right: Formula?
    var shape: Shape?
    var reason: Sentence = ""
    /// The same in the notes' convention, where that is shown beside.
    var beside: (left: Formula?, right: Formula)?
    /// What is said below the line.
    var explanation: [Sentence] = []
  }

  /// What counts are called: `m`; nil where they differ.
  public var countName: String? { count == nil ? nil : "m" }

  /// The sections that there is something in.
  var sections: [Section] {
    let given = inputs.map { input in
      Line(left: .symbol(input.name), shape: input.shape, reason: input.isVariable ? "variable" : "constant")
    }
    var derivatives = backward.flatMap(lines(of:))
    if showsNotesConvention, let notes = inNotesConvention {
      for (position, line) in notes.backward.flatMap(lines(of:)).enumerated() {
        derivatives[position].beside = line.right.map { (line.left, $0) }
      }
    }
    return [
      Section(title: "Given", lines: given),
      Section(title: "Forward", lines: forward.flatMap(lines(of:))),
      Section(title: "Backward", lines: derivatives),
    ].filter { !$0.lines.isEmpty || $0.title == "Backward" }
  }

  /// What is said at the end.
  var closingRemarks: [Sentence] {
    showsNotesConvention ? inNotesConvention.map { Array($0.remarks) } ?? remarks : remarks
  }

  /// An equation's lines, one for each step.
  private func lines(of equation: Equation) -> [Line] {
    equation.steps.enumerated().map { position, step in
      Line(
        left: position == 0 ? equation.left : nil, right: step.formula, shape: position == 0 ? equation.shape : nil,
        reason: step.reason, explanation: position == equation.steps.count - 1 ? equation.explanation : [])
    }
  }
}
