//   tapegrad derive
//
//     …
//     Backward
//        ∂J/∂A2 = −(Y/A2 − (1 − Y)/(1 − A2))/m      (1, 400)  textbook rule of binary cross-entropy
//       ∂A2/∂Z2 = A2 ⊙ (1 − A2)                     (1, 400)  derivative of sigmoid
//        ∂J/∂Z2 = ∂J/∂A2 ⊙ ∂A2/∂Z2                  (1, 400)  chain rule through A2
//               = −(Y ⊙ (1 − A2) − (1 − Y) ⊙ A2)/m            A2 ⊙ (1 − A2) cancels every denominator
//               = (A2 − Y)/m                                  the cancellation of sigmoid and binary cross-entropy
//     …
//
//   tapegrad derive 'mean((W*x + b - y)^2)' --shapes 'W:1,3 x:3,50 b:1,1 y:1,50'
//
// There is no data to read and nothing to diverge: only the options can be wrong, such as --hidden 0.

import TapeGrad

/// `tapegrad derive`: the backward pass of a network or of an expression, as a textbook would print it.
///
///    ∂J/∂Z2 = (A2 − Y)/m            (1, 400)  the cancellation of sigmoid and binary cross-entropy
///    ∂J/∂W2 = ∂J/∂Z2·A1ᵀ            (1, 4)    through Z2, by the rule of matmul
///
/// and so on down to W1 and b1. Nothing of it is written in this file: another network prints another derivation.
enum DeriveCommand: Command {
  static let name = "derive"
  static let summary = "prints the backward pass of a network, or of an expression, as a textbook derivation"
  static let discussion = """
    Records the network of the study notes, one of any depth, or an expression on a tape and reads the derivation off
    the nodes that the rules recorded: the forward equations, then the derivative by every quantity, with shapes and
    reasons. An expression, such as 'mean((W*x + b - y)^2)' with --shapes 'W:1,3 x:3,50 b:1,1 y:1,50', is computed on
    seeded numbers, and its gradient compared with finite differences. In it * is the matrix product, .* multiplies
    element by element, ' transposes; sum_rows, sum_columns and sum_axis2 keep the axis with length 1.
    """

  /// Where the study notes' convention is shown, dZ2 = A2 − Y.
  private enum Notes: String, CaseIterable {
    case none, beside, alone
  }

  private static let expression = Option.text(
    "--expression", "EXPRESSION", "an expression to derive; its name may be left out")
  private static let shapes = Option.optional(
    "--shapes", "SHAPES", shown: "none",
    "the shapes of the expression's names, like 'W:1,3 x:3,50 c'; a name alone is a number",
    expected: "names with shapes like 'W:1,3 x:3,50', of a million elements at most"
  ) { NamedShape.list($0) }
  private static let constants = Option.optional(
    "--constants", "NAMES", shown: "none", "names in the expression by which nothing is derived, like x,y",
    expected: "names like x,y"
  ) { text -> [String]? in
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return names.contains("") ? nil : names
  }
  private static let task = Option.choice(
    "--task", "NAME", default: LearningTask.binaryClassification,
    "binaryClassification (sigmoid, cross-entropy), classification (softmax, cross-entropy) or regression (linear, mean square)"
  )
  private static let layers = Option.optional(
    "--layers", "UNITS", shown: "--inputs, --hidden and what the task asks for",
    "units of each layer, features first and outputs last, like 30,16,8,1",
    expected: "two to 50 whole numbers from 1 to 10000"
  ) { text -> [Int]? in
    let units = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    return units.allSatisfy { 1...10_000 ~= $0 } && 2...50 ~= units.count ? units : nil
  }
  // Small numbers by default, since the derivation is the same for all; m = 400 as in the notes.
  private static let inputs = Option.count("--inputs", default: 2, in: 1...10_000, "features, n_x")
  private static let hidden = CommonOptions.hidden(default: 4, "hidden units, n_1")
  private static let examples = Option.count("--examples", default: 400, in: 1...10_000, "examples, m")
  private static let format = Option.choice(
    "--format", "NAME", default: DerivationFormat.text,
    "text, latex (a document), mathml (a page), markdown (as GitHub renders it), dot or mermaid (the graph), json")
  private static let explain = Option.flag(
    "--explain", "why each line holds: the rule in general, its use, the shapes, and one element")
  private static let notes = Option.choice(
    "--notes", "WHERE", default: Notes.none,
    "the study notes' convention, dZ2 = A2 − Y: none, beside the derivatives, or alone")
  private static let numbers = Option.flag(
    "--numbers", "after the derivation, each line with the numbers of one element")
  private static let page = Option.text(
    "--page", "FILE", "writes the derivation, with its numbers, as a page for a browser too")
  /// What is derived first, then how it is printed.
  static let options: [any CommandOption] = [
    expression, shapes, constants, CommonOptions.activation, task, layers, inputs, hidden, examples, format, explain,
    notes, numbers, page,
  ]
  static var operand: (any CommandOption)? { expression }

  /// Records what is asked for, and prints the derivation that the tape gives.
  static func run(_ arguments: Arguments) throws -> Int32 {
    if arguments[notes] == .beside, [.dot, .mermaid, .json].contains(arguments[format]) {
      throw arguments.error("--notes beside goes with --format text, latex, mathml or markdown")
    }
    if arguments[numbers], arguments[format] != .text { throw arguments.error("--numbers goes with --format text") }
    let tape = Tape()
    let (result, check) = try record(arguments, on: tape)
    var derivation = try tape.derivation(of: result, explaining: arguments[explain] ? .fully : .briefly)
    if arguments[notes] != .none {
      guard let convention = derivation.inNotesConvention else {
        throw CommandError(
          "the study notes' convention is about one mean over m elements, and here is none, or several")
      }
      derivation = arguments[notes] == .alone ? convention : derivation.besideNotesConvention
    }
    if let path = arguments[page] { try tape.page(of: result, limit: 50).write(to: path) }
    try Terminal.print(arguments[format].contents(of: derivation, check: check))
    if arguments[numbers] {
      // The first element of each.
      let lines = try (derivation.forward + derivation.backward).map { equation in
        try derivation.numbers(of: equation.name, at: equation.shape.dimensions.map { _ in 0 }).text()
      }
      try Terminal.print("\nNumbers of one element\n" + lines.map { "  " + $0 }.joined(separator: "\n"))
    }
    if let check, arguments[format] != .json { Terminal.writeError("\(check)\n") }
    return 0
  }

  /// Records the expression, or the network.
  private static func record(
    _ arguments: Arguments, on tape: Tape
  ) throws -> (result: Tensor<Double>, check: GradientReport?) {
    if let text = arguments[expression] {
      let networks: [any CommandOption] = [CommonOptions.activation, task, layers, inputs, hidden, examples]
      if let option = networks.first(where: arguments.has) {
        throw arguments.error("\(option.name) is for networks, and an expression is given")
      }
      let derived = try DerivedExpression(
        text, shapes: arguments[shapes] ?? [], constants: arguments[constants] ?? [])
      let (result, check) = try derived.record(on: tape)
      return (result, check)
    }
    for option in [shapes, constants] as [any CommandOption] where arguments.has(option) {
      throw arguments.error("\(option.name) goes with an expression")
    }
    if arguments.has(layers), let option = ([inputs, hidden] as [any CommandOption]).first(where: arguments.has) {
      throw arguments.error("\(option.name) is said by --layers")
    }
    let task = arguments[task], outputs = task == .classification ? 3 : 1
    let network = DerivedNetwork(
      layers: arguments[layers] ?? [arguments[inputs], arguments[hidden], outputs],
      activation: arguments[CommonOptions.activation], task: task, examples: arguments[examples])
    return (network.record(on: tape), nil)
  }
}
