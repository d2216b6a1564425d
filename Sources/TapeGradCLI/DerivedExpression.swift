// An expression that `tapegrad derive` derives:
//
//   tapegrad derive 'mean((W*x + b - y)^2)' --shapes 'W:1,3 x:3,50 b:1,1 y:1,50' --constants x,y
//
// It is computed on seeded numbers, and its gradient by each variable is compared with finite differences.

import TapeGrad

/// An expression in named tensors.
struct DerivedExpression {
  private let text: String
  private let expression: Expression
  private let shapes: [(name: String, shape: Shape)]
  private let constants: Set<String>

  /// - Throws: `CommandError` where the expression cannot be read, and where names and shapes do not go together.
  init(_ text: String, shapes: [NamedShape], constants: [String]) throws {
    self.text = text
    do throws(ExpressionError) { expression = try Expression(parsing: text) } catch {
      throw CommandError("the expression cannot be read: \(error)")
    }
    let names = expression.names
    if names.isEmpty { throw CommandError("'\(text.brief)' has no name in it, so there is nothing to derive by") }
    if let missing = names.first(where: { name in !shapes.contains { $0.name == name } }) {
      throw CommandError(
        "\(missing) has no shape; add it to --shapes, like '\(missing):3,50', or '\(missing)' for a number")
    }
    for name in shapes.map(\.name) + constants where !names.contains(name) {
      throw CommandError("\(name) is not in the expression; its names are \(names.joined(separator: ", "))")
    }
    self.shapes = names.compactMap { name in shapes.first { $0.name == name }.map { ($0.name, $0.shape) } }
    self.constants = Set(constants)
    if self.constants.count == names.count {
      throw CommandError("all names are constants: there is nothing to derive by")
    }
  }

  /// Records the expression on a tape, under the names that it has, with a result J.
  ///
  /// The numbers are normal ones; where the value or a derivative is not finite there (a logarithm, a label), they are
  /// between 0.1 and 0.9.
  /// - Returns: the result, and what came of comparing its gradient with finite differences.
  func record(on tape: Tape) throws -> (result: Tensor<Double>, check: GradientReport) {
    do {
      return try record(on: tape, numbers(between: nil))
    } catch is Unsuitable {}
    do {
      return try record(on: tape, numbers(between: 0.1...0.9))
    } catch is Unsuitable {
      throw CommandError(
        "'\(text.brief)' or a derivative of it is not finite, on normal numbers and on numbers between 0.1 and 0.9")
    }
  }

  /// Numbers at which the expression has no value.
  private struct Unsuitable: Error {}

  private func record(
    on tape: Tape, _ numbers: [String: Tensor<Double>]
  ) throws -> (result: Tensor<Double>, check: GradientReport) {
    let variables = shapes.map(\.name).filter { !constants.contains($0) }
    // On a tape of its own first: what is printed shall hold nothing but the computation that succeeded.
    let point = NamedTensors(variables.compactMap { name in numbers[name].map { (name, $0) } })
    let value = try evaluated(numbers)
    guard value.shape.count == 1 else {
      throw CommandError(
        "'\(text.brief)' has shape \(value.shape); a derivation is that of one number: take mean(…) or sum(…)")
    }
    let gradients: NamedTensors = try gradient(at: point) { try evaluated(numbers, $0) }
    let isFinite = try value.item.isFinite && gradients.values.allSatisfy { try $0.scalars.allSatisfy(\.isFinite) }
    if !isFinite { throw Unsuitable() }
    let check = try checkGradient(at: point) { try evaluated(numbers, $0) }

    var symbols: [String: Tensor<Double>] = [:]
    for (name, _) in shapes {
      guard let tensor = numbers[name] else { continue }
      symbols[name] = constants.contains(name) ? tape.constant(tensor, named: name) : tape.variable(tensor, named: name)
    }
    let result = try evaluated(symbols)
    return (symbols["J"] == nil ? result.named("J") : result, check)
  }

  /// The value for these numbers, some of them replaced.
  private func evaluated(
    _ numbers: [String: Tensor<Double>], _ variables: NamedTensors = NamedTensors([])
  ) throws -> Tensor<Double> {
    let symbols = numbers.merging(variables.tensors.map { ($0.name, $0.tensor) }) { $1 }
    do throws(ExpressionError) { return try expression.evaluated(symbols, in: text) } catch {
      // Labels outside [0, 1] and the like: other numbers may do.
      if error.message.contains("not a probability") || error.message.contains("not a label") { throw Unsuitable() }
      throw CommandError("the expression cannot be computed: \(error)")
    }
  }

  /// The same numbers at every call.
  private func numbers(between bounds: ClosedRange<Double>?) -> [String: Tensor<Double>] {
    var generator = SeededGenerator(seed: 1)
    var numbers: [String: Tensor<Double>] = [:]
    for (name, shape) in shapes {
      numbers[name] =
        bounds.map { .randomUniform(shape, in: $0, using: &generator) }
        ?? .randomNormal(shape, using: &generator)
    }
    return numbers
  }
}

/// The variables, which a check of gradients calls by their names.
private struct NamedTensors: TensorGroup {
  let names: [String]
  var values: [Tensor<Double>]

  init(_ tensors: [(name: String, tensor: Tensor<Double>)]) {
    names = tensors.map(\.name)
    values = tensors.map(\.tensor)
  }

  mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
    for index in values.indices { try visit(names[index], &values[index]) }
  }
}

/// A name and its shape: `W:1,3`.
struct NamedShape: Sendable {
  let name: String
  let shape: Shape

  /// The shapes of `W:1,3 x:3,50 c`; nil where one is none, where a name comes twice, or where there are too many elements.
  static func list(_ text: String) -> [NamedShape]? {
    var shapes: [NamedShape] = []
    for part in text.split(whereSeparator: \.isWhitespace) {
      let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
      guard pieces.count <= 2, let name = pieces.first, !name.isEmpty, !shapes.contains(where: { $0.name == name })
      else {
        return nil
      }
      let lengths = pieces.count == 1 ? [] : pieces[1].split(separator: ",", omittingEmptySubsequences: false)
      let numbers = lengths.compactMap { Int($0) }.filter { 1...100_000 ~= $0 }
      // Eight axes are as many as a shape has.
      guard numbers.count == lengths.count, numbers.count <= 8 else { return nil }
      guard numbers.reduce(1.0, { $0 * Double($1) }) <= 1e6 else { return nil }
      shapes.append(NamedShape(name: String(name), shape: Shape(numbers)))
    }
    return shapes.isEmpty ? nil : shapes
  }
}
