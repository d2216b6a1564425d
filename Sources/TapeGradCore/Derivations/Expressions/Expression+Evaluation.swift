// What an expression means. `*` and · are the matrix product where two matrices stand beside it, as on paper; a number
// multiplies every element. ⊙ and `.*` multiply element by element. Reductions keep the axes that they fold, with length 1:
//
// For a single number x = 3 and W = [[1, 2]], `W*x` is [[3, 6]]: x is not a matrix, so nothing is multiplied as one.
//
//   W*x + b        matmul(W, x) + b
//   x - mean_columns(x)
//   Σ_columns(∂J/∂Z2)
//
// What is written twice is computed once: in `Y .* log(σ(W*x)) + (1 - Y) .* log(1 - σ(W*x))`, W*x and its sigmoid are a
// node each, with two uses, as a reader takes them.

extension Expression {
  /// A function that expressions may call.
  package typealias Function<S: TensorScalar> = ([Tensor<S>]) -> Tensor<S>

  /// The value of the expression for these values of its names. Where they are recorded, it is recorded.
  ///
  /// - Parameters:
  ///   - text: the expression as it was written, for errors.
  ///   - functions: functions beside those that expressions know.
  /// - Throws: `ExpressionError` for a name or a function that is not known, and for shapes that do not fit.
  package func evaluated<S>(
    _ symbols: [String: Tensor<S>], in text: String, functions: [String: Function<S>] = [:]
  ) throws(ExpressionError) -> Tensor<S> {
    try Evaluation(symbols: symbols, text: text, functions: functions).tensor(self)
  }
}

// A walk over the tree, from the leaves up: what a node stands for is known when its operands are. Names come from the
// caller; functions from the caller first, then reductions, then those of one and of two arguments, then the few that have
// parameters. Whatever a step gives is checked at once, so that an error names the smallest part that does not fit.

/// Computes an expression.
private struct Evaluation<S: TensorScalar> {
  let symbols: [String: Tensor<S>]
  let text: String
  let functions: [String: Expression.Function<S>]
  private let computed = Computed()

  init(symbols: [String: Tensor<S>], text: String, functions: [String: Expression.Function<S>]) {
    (self.symbols, self.text, self.functions) = (symbols, text, functions)
  }

  /// The parts that have a value already.
  private final class Computed {
    var values: [Expression: Value] = [:]
  }

  /// A number stays one as long as it can: `2·x` is recorded as a multiple of x.
  enum Value {
    case number(Double)
    case tensor(Tensor<S>)

    var tensor: Tensor<S> {
      switch self {
      case .number(let number): Tensor(S(number))
      case .tensor(let tensor): tensor
      }
    }
  }

  func tensor(_ expression: Expression) throws(ExpressionError) -> Tensor<S> { try value(expression).tensor }

  /// What a node of the tree stands for. A leaf is a number or a name; any other node is computed from its parts.
  private func value(_ expression: Expression) throws(ExpressionError) -> Value {
    // Down to the first operand of all in a loop, and up again: a sum of a thousand terms must not use up the stack.
    var chain = [expression]
    while let last = chain.last, computed.values[last] == nil, let left = last.leftOperand { chain.append(left) }
    var result = Value.number(0)
    for part in chain.reversed() {
      if let value = computed.values[part] {
        result = value
        continue
      }
      result = try newValue(part, left: result)
      // A text of a program's may be long, and comparing each of its parts with all others would take longer than computing.
      if text.utf8.count <= 2_000 { computed.values[part] = result }
    }
    return result
  }

  /// The value of a node, of whose operand on the left, if it has one, `left` is the value.
  private func newValue(_ expression: Expression, left: Value) throws(ExpressionError) -> Value {
    switch expression.kind {
    case .number(let number): return .number(number)
    case .name(let name):
      // A matrix of ones takes its size from what it multiplies (`sumOfOnes`), and is a 1 elsewhere. A variable goes first.
      if name == "ones", symbols[name] == nil { return .number(1) }
      guard let tensor = symbols[name] else {
        throw error("nothing is called '\(name)'\(suggestion(for: name, among: Array(symbols.keys)))", expression)
      }
      return .tensor(tensor)
    case .negated:
      switch left {
      case .number(let number): return .number(-number)
      case .tensor(let tensor): return .tensor(-tensor)
      }
    case .binary(let op, let a, let b): return try binary(op, left, a, b, expression)
    case .power(_, let b): return try power(left, value(b), expression)
    case .transposed: return try checked(left.tensor.transposed, expression)
    case .cases(let x, let a, let b):
      return try checked(select(tensor(x) .> 0, tensor(a), tensor(b)), expression)
    case .call(let name, let parameters, let axes, let arguments):
      return try call(name, parameters, axes, arguments, expression)
    }
  }

  // MARK: Operators

  /// `a op b`, where x is the value of a. Numbers stay numbers, except in a comparison, whose result is a mask.
  private func binary(
    _ op: Expression.Operator, _ x: Value, _ a: Expression, _ b: Expression, _ whole: Expression
  ) throws(ExpressionError) -> Value {
    // The values of both sides, before it is known which kind of product a product is.
    let y = try value(b)
    // A product with ones on one side folds the other side: ones·X sums down the columns, X·ones along the rows.
    if op == .product, a.mentionsOnes != b.mentionsOnes, symbols["ones"] == nil,
      (a.mentionsOnes ? y : x).tensor.shape.rank >= 2
    {
      return try checked(a.mentionsOnes ? sumOfOnes(x, y, axis: 0) : sumOfOnes(y, x, axis: 1), whole)
    }
    if case .number(let x) = x, case .number(let y) = y, let number = Evaluation.number(op, x, y) {
      return .number(number)
    }
    return try checked(Evaluation.combined(op, x, y), whole)
  }

  /// `c·ones·X`, whatever size the matrix of ones has: `c·Σ_rows(X)`, in each row.
  private func sumOfOnes(_ factor: Value, _ matrix: Value, axis: Int) -> Tensor<S> {
    factor.tensor * matrix.tensor.sum(axis: axis, keepingDimensions: true)
  }

  /// The arithmetic of numbers; nil for comparisons.
  private static func number(_ op: Expression.Operator, _ x: Double, _ y: Double) -> Double? {
    switch op {
    case .plus: x + y
    case .minus: x - y
    case .product, .elementwise: x * y
    case .quotient: x / y
    case .less, .equal: nil
    }
  }

  /// An operator on at least one tensor. With a number it is the operation that has the number as a parameter, which is
  /// what the recorded formula prints: `x + 2` is an offset, and no sum with a tensor that was broadcast.
  private static func combined(_ op: Expression.Operator, _ x: Value, _ y: Value) -> Tensor<S> {
    switch (op, x, y) {
    case (.plus, .tensor(let x), .number(let c)), (.plus, .number(let c), .tensor(let x)): return x + S(c)
    case (.minus, .tensor(let x), .number(let c)): return x - S(c)
    case (.minus, .number(let c), .tensor(let x)): return S(c) - x
    case (.product, .tensor(let x), .number(let c)), (.product, .number(let c), .tensor(let x)),
      (.elementwise, .tensor(let x), .number(let c)), (.elementwise, .number(let c), .tensor(let x)):
      return S(c) * x
    case (.quotient, .tensor(let x), .number(let c)): return x / S(c)
    case (.quotient, .number(let c), .tensor(let x)): return S(c) / x
    default: break
    }
    let (x, y) = (x.tensor, y.tensor)
    return switch op {
    case .plus: x + y
    case .minus: x - y
    case .product: x.shape.rank == 0 || y.shape.rank == 0 ? x * y : matmul(x, y)
    case .elementwise: x * y
    case .quotient: x / y
    case .less: x .< y
    case .equal: x .== y
    }
  }

  /// `a^b`. A square is recorded as a square, whose derivative 2x has no power in it.
  private func power(_ base: Value, _ exponent: Value, _ whole: Expression) throws(ExpressionError) -> Value {
    switch (base, exponent) {
    case (.tensor(let x), .number(2)): return try checked(square(x), whole)
    case (.tensor(let x), .number(let p)): return try checked(pow(x, S(p)), whole)
    default: return try checked(pow(base.tensor, exponent.tensor), whole)
    }
  }

  // MARK: Functions

  /// A function by its name. What stands in brackets behind it, as in `leakyRelu[slope 0.1](x)`, is text up to here.
  private func call(
    _ name: String, _ parameters: String, _ axes: String, _ arguments: [Expression], _ whole: Expression
  ) throws(ExpressionError) -> Value {
    var x: [Tensor<S>] = []
    for argument in arguments { x.append(try tensor(argument)) }
    // How many arguments a function takes is checked here, since a function of Swift would trap.
    func need(_ count: Int) throws(ExpressionError) {
      guard x.count == count else { throw error("\(name) takes \(counted(count, "argument")), not \(x.count)", whole) }
    }
    if let function = functions[name] { return try checked(function(x), whole) }
    if let reduction = try reduction(name, axes, x, whole) { return try checked(reduction, whole) }
    if let function = Expression.unaryFunctions(S.self)[name] {
      try need(1)
      return try checked(function(x[0]), whole)
    }
    if let function = Expression.binaryFunctions(S.self)[name] {
      try need(2)
      return try checked(function(x[0], x[1]), whole)
    }
    switch name {
    case "select":
      try need(3)
      return try checked(select(x[0], x[1], x[2]), whole)
    case "leakyRelu":
      try need(1)
      let slope = parameters.isEmpty ? 0.01 : Double(parameters.replacing("slope", with: "").trimmed) ?? .nan
      return try checked(leakyRelu(x[0], slope: S(slope)), whole)
    case "polygamma":
      try need(1)
      let order = Int(parameters.replacing("order", with: "").trimmed) ?? 0
      return try checked(x[0].applying(Polygamma(order: order)), whole)
    case "softmax", "logSoftmax", "logSumExp":
      try need(1)
      let axis = Int(parameters.replacing("axis", with: "").trimmed) ?? 0
      return try checked(
        name == "softmax"
          ? softmax(x[0], axis: axis)
          : name == "logSoftmax"
            ? logSoftmax(x[0], axis: axis) : logSumExp(x[0], axis: axis, keepingDimensions: true), whole)
    case "permute":
      try need(1)
      return try checked(x[0].permuted(parameters.split(separator: ",").compactMap { Int("\($0)".trimmed) }), whole)
    default:
      let known =
        Array(Expression.unaryFunctions(S.self).keys) + Array(Expression.binaryFunctions(S.self).keys)
        + Evaluation.others
      throw error("there is no function '\(name)'\(suggestion(for: name, among: known))", whole)
    }
  }

  // Σ_columns folds axis 1, since it sums over the columns that lie beside each other; Σ_rows folds axis 0.
  /// A sum, a mean, a product, an extremum or a norm over all elements or some axes, which are kept with length 1.
  private func reduction(
    _ name: String, _ axes: String, _ x: [Tensor<S>], _ whole: Expression
  ) throws(ExpressionError) -> Tensor<S>? {
    guard ["Σ", "sum", "mean", "max", "min", "Π", "product", "norm"].contains(name) else {
      if axes.isEmpty { return nil }
      throw error("\(name) has no axes", whole)
    }
    guard x.count == 1 else { throw error("\(name) takes 1 argument, not \(x.count)", whole) }
    var folded: [Int]?
    switch axes {
    case "": folded = nil
    // `rows` and `columns` say along what is summed; `axis1` and `axes0,2` count axes.
    case "rows": folded = [0]
    case "columns": folded = [1]
    default:
      let numbers = axes.drop { $0.isLetter }.split(separator: ",").compactMap { Int($0) }
      guard axes.hasPrefix("axis") || axes.hasPrefix("axes"), !numbers.isEmpty else {
        throw error("'\(axes)' is not rows, columns or axis and a number", whole)
      }
      folded = numbers
    }
    return switch name {
    case "mean": x[0].mean(axes: folded, keepingDimensions: folded != nil)
    case "max": x[0].max(axes: folded, keepingDimensions: folded != nil)
    case "min": x[0].min(axes: folded, keepingDimensions: folded != nil)
    case "Π", "product": x[0].product(axes: folded, keepingDimensions: folded != nil)
    case "norm": x[0].norm(axes: folded, keepingDimensions: folded != nil)
    default: x[0].sum(axes: folded, keepingDimensions: folded != nil)
    }
  }

  /// The functions that the switch above knows, for suggestions.
  private static var others: [String] {
    [
      "sum", "mean", "max", "min", "product", "norm", "select", "leakyRelu", "polygamma", "softmax", "logSoftmax",
      "logSumExp", "permute",
    ]
  }

  // MARK: Errors

  /// The tensor, unless it failed: then its error, with the operation and its operands, at the place in the text.
  private func checked(_ tensor: Tensor<S>, _ place: Expression) throws(ExpressionError) -> Value {
    do throws(TensorError) { return .tensor(try tensor.validated()) } catch {
      let operands = error.operands.map(\.description).joined(separator: " and ")
      throw self.error(
        error.operation + (operands.isEmpty ? "" : " of \(operands)") + ": " + error.message, place)
    }
  }

  private func error(_ message: String, _ place: Expression) -> ExpressionError {
    ExpressionError(expression: text, offset: place.offset, message: message)
  }

  /// The known name that is the fewest typing slips away, if these are at most two and fewer than the name has letters.
  private func suggestion(for name: String, among names: [String]) -> String {
    let near = names.map { ($0, editDistance(name, $0)) }.min { ($0.1, $0.0) < ($1.1, $1.0) }
    return near.map { $0.1 <= 2 && $0.1 < name.count ? "; did you mean '\($0.0)'?" : "" } ?? ""
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
