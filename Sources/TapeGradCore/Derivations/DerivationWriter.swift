// Reads equations off a list of nodes. The list, with what stands for each node where a later one uses it:
//
//   node                      stands for it          written
//   0 W, 1 X, 2 b             W, X, b
//   3 matmul 0, 1             W·X                    nothing: it is met once
//   4 broadcast 2             b                      nothing: a reader does not see broadcasts
//   5 add 3, 4                Z                      Z = W·X + b          (the user named it)
//   6 tanh 5                  A                      A = tanh(Z)
//   …
//   of the sweep:
//   ∂J/∂A                     ∂J/∂A                  ∂J/∂A = A/m + A/m
//   tanh′ 5                   1 − A²                 nothing: met once; A is known to be tanh(Z)
//   the product of the two    ∂J/∂Z                  ∂J/∂Z = ∂J/∂A ⊙ (1 − A²)
//
// So an expression is put together from those of its operands, and replaced by a name where there is one. What would
// not fit in a line, or be met twice, gets a name of its own, T1, T2 and so on. Nobody wrote down a backward pass:
// these are the nodes that the rules recorded.

/// Reads the equations of a derivation off the nodes, forward and backward.
struct DerivationWriter {
  let pass: Snapshot
  private(set) var names: SymbolNames
  private(set) var landmarks: Landmarks
  /// What stands for each node where it is used: its name, or its whole expression.
  private var formulas: [Formula?]
  /// The expressions that have a name: where one is met again, the name stands for it.
  private var known: [Formula: String] = [:]
  /// For a cotangent, the nodes of the tape whose equation stands already.
  private var owners: [Int: [Int]] = [:]
  private(set) var inputs: [Derivation.Input] = []
  private(set) var forward: [Derivation.Equation] = []
  private(set) var backward: [Derivation.Equation] = []
  /// Cross-entropies that were written with logarithms, in the order in which their logits are reached.
  var writtenCrossEntropies: [WrittenCrossEntropy] = []

  /// About how many characters an expression may take before a part of it is given a name.
  private static let longest = 64
  /// How many operations may lie within one another before a part is given a name.
  private static let deepest = 10
  /// About how many characters make an expression that is used twice worth a name.
  private static let repeatable = 20

  /// Whether each line is explained.
  let isExplained: Bool

  init(_ pass: Snapshot, isExplained: Bool) {
    self.pass = pass
    self.isExplained = isExplained
    landmarks = Landmarks(pass, named: pass.names.keys)
    let isLive = landmarks.isLive
    names = SymbolNames(pass.names.filter { $0.key <= pass.result && isLive[$0.key] })
    formulas = Array(repeating: nil, count: pass.nodes.count)
  }

  // MARK: Forward

  /// Writes an equation for each landmark, in the order of the tape.
  mutating func writeForward() {
    _ = names.name(pass.result, preferring: "J")
    for index in 0...pass.result where landmarks.isLive[index] {
      if pass.nodes[index].primitive == nil {
        formulas[index] = leaf(index)
        continue
      }
      let formula = expression(of: index)
      let isRepeated = landmarks.useCounts[index] > 1 && formula.length > DerivationWriter.repeatable
      formulas[index] = formula
      if landmarks[index] || isRepeated && !pass.nodes[index].isImplicit { nameForward(index, formula) }
    }
  }

  /// A leaf is known by its name, or is a number.
  private mutating func leaf(_ index: Int) -> Formula {
    let value = pass.nodes[index].value, isVariable = index <= pass.result && pass.nodes[index].isVaried
    if names[index] == nil, !isVariable, let number = value.repeatedNumber {
      return value.shape.rank == 0 ? .number(number) : .implicit(Broadcast(target: value.shape), .number(number))
    }
    let name = names[index] ?? names.name(index, prefix: isVariable ? "x" : "c")
    inputs.append(Derivation.Input(name: name, isVariable: isVariable, value: value.detached))
    return .symbol(name)
  }

  /// Writes the equation of a node of the tape.
  private mutating func nameForward(_ index: Int, _ formula: Formula) {
    let name = names[index] ?? names.name(index, prefix: "T")
    landmarks[index] = true
    forward.append(equation(.symbol(name), [.init(formula: formula, reason: "")], at: index, node: index))
    define(index, as: name, formula)
  }

  private mutating func define(_ index: Int, as name: String, _ formula: Formula) {
    formulas[index] = .symbol(name)
    if formula.isSymbol { return }
    if known[formula] == nil { known[formula] = name }
  }

  // MARK: Backward

  /// Writes the derivative by each landmark, in the order in which the chain rule reaches them.
  mutating func writeBackward() {
    var firstUser = [Int](repeating: pass.result, count: pass.result + 1)
    for index in stride(from: pass.result, through: 0, by: -1) {
      firstUser[index] = landmarks.users[index].map { landmarks[$0] ? $0 : firstUser[$0] }.min() ?? pass.result
    }
    let order = (0...pass.result).filter { index in
      landmarks.isLive[index] && landmarks[index] && pass.hasCotangent(index)
        && (index != pass.result || pass.nodes[index].primitive == nil)
    }
    for index in order.sorted(by: { (firstUser[$1], $0) < (firstUser[$0], $1) }) { nameCotangent(of: index) }
  }

  private mutating func nameCotangent(of index: Int) {
    guard let cotangent = pass.cotangents[index] else { return }
    var steps: [Derivation.Step] = []
    let pair = passedBy(on: index)
    if let pair { steps = chainRule(through: pair, to: index) }
    let formula = formula(of: cotangent, seenFrom: index)
    if pair == nil, let written = writtenCancellation(of: index, as: formula) {
      steps = written
    } else {
      steps.append(.init(formula: formula, reason: pair.map(cancellation) ?? reason(for: index)))
    }
    backward.append(
      equation(
        derivative(by: index), steps, at: cotangent, node: index, isExplained ? explanation(of: index) : []))
    if cotangent > pass.result, !formula.isConstant { owners[cotangent, default: []].append(index) }
  }

  /// `∂J/∂A ⊙ ∂A/∂Z`, for a node A that the propagated cotangent passes by on its way to Z, with the equation of `∂A/∂Z`.
  private mutating func chainRule(through pair: (node: Int, derivative: Int), to index: Int) -> [Derivation.Step] {
    let inner = Formula.derivative(of: name(pair.node), by: name(index))
    let slope = formula(of: pair.derivative, seenFrom: index)
    let outer = backward.last { $0.node == pair.node }?.formula
    backward.append(
      equation(
        inner, [.init(formula: slope, reason: derivativeReason(pair.node))], at: pair.derivative, node: nil,
        isExplained ? explanation(ofDerivativeOf: pair.node) : []))
    var steps = [
      Derivation.Step(
        formula: derivative(by: pair.node) * inner, reason: "chain rule through \(symbol(pair.node))")
    ]
    if let expanded = outer?.multiplied(cancelling: slope)?.simplified(recognizing: known) {
      steps.append(.init(formula: expanded, reason: "\(slope) cancels every denominator"))
    }
    return steps
  }

  /// The expression of a cotangent (or of any node that the rules recorded), built from those that it depends on.
  private mutating func formula(of target: Int, seenFrom index: Int) -> Formula {
    if owners[target] != nil { return symbol(of: target, seenFrom: landmarks.users[index].first ?? index) }
    var pending: [Int] = [target], needed: Set<Int> = []
    while let node = pending.popLast() {
      guard formulas[node] == nil, owners[node] == nil, needed.insert(node).inserted else { continue }
      pending.append(contentsOf: pass.nodes[node].operands)
    }
    for node in needed.sorted() where formulas[node] == nil {
      if pass.nodes[node].primitive == nil {
        formulas[node] = leaf(node)
        continue
      }
      let formula = expression(of: node)
      formulas[node] = formula
      let isRepeated = landmarks.useCounts[node] > 1 && formula.length > DerivationWriter.repeatable
      if isRepeated, node != target { nameStep(node, formula) }
    }
    return standing(for: target, seenFrom: index)
  }

  /// Writes the equation of a step inside a rule.
  private mutating func nameStep(_ node: Int, _ formula: Formula) {
    let name = names.name(node, prefix: "T")
    backward.append(equation(.symbol(name), [.init(formula: formula, reason: stepReason(node))], at: node, node: nil))
    define(node, as: name, formula)
  }

  /// The name of a cotangent that several nodes share (the operands of a sum do), as the rule of node `index` meets it.
  private func symbol(of cotangent: Int, seenFrom index: Int) -> Formula {
    let owners = owners[cotangent] ?? []
    var node: Int? = owners.count > 1 ? index : nil
    while let current = node, pass.cotangents[current] == cotangent {
      if owners.contains(current) { return derivative(by: current) }
      node = landmarks.users[current].first { pass.cotangents[$0] == cotangent }
    }
    return derivative(by: owners[0])
  }

  // MARK: Expressions

  /// The expression of a node in what stands for its operands; the longest of these get names until it fits a line.
  private mutating func expression(of index: Int) -> Formula {
    guard let primitive = pass.nodes[index].primitive else { return standing(for: index, seenFrom: index) }
    let operands = pass.nodes[index].operands, origin = Int(pass.nodes[index].origin)
    while true {
      let parts = operands.map { standing(for: $0, seenFrom: origin) }
      let formula = primitive.formula(parts, shapes: pass.operandShapes(of: index)).simplified(recognizing: known)
      if formula.length <= DerivationWriter.longest && formula.depth <= DerivationWriter.deepest { return formula }
      let candidates = zip(operands, parts).filter { _, part in
        part.depth > 4 || part.length > DerivationWriter.repeatable && !part.isSymbol
      }
      guard let (operand, part) = candidates.max(by: { $0.1.length < $1.1.length }) else { return formula }
      if index <= pass.result { nameForward(operand, part) } else { nameStep(operand, part) }
    }
  }

  /// What stands for a node where the rule of node `index` uses it.
  private func standing(for node: Int, seenFrom index: Int) -> Formula {
    if owners[node] != nil { return symbol(of: node, seenFrom: index) }
    guard let formula = formulas[node] else { preconditionFailure("a node is written before its users") }
    return formula
  }

  private func equation(
    _ left: Formula, _ steps: [Derivation.Step], at index: Int, node: Int?, _ explanation: [Sentence] = []
  ) -> Derivation.Equation {
    Derivation.Equation(
      left: left, steps: steps, explanation: explanation, node: node, value: pass.nodes[index].value.detached)
  }

  /// Writes an equation of something that is not a node.
  mutating func addBackward(_ left: Formula, _ steps: [Derivation.Step], value: Value, _ explanation: [Sentence]) {
    backward.append(.init(left: left, steps: steps, explanation: explanation, node: nil, value: value))
  }

  /// What stands for a node of the tape; nil before it is written.
  func written(_ index: Int) -> Formula? { formulas[index] }

  /// The name of a node that has one.
  func name(_ index: Int) -> String {
    guard let name = names[index] else { preconditionFailure("a landmark is named before it is used") }
    return name
  }

  /// The name of a node that has one, as a formula.
  func symbol(_ index: Int) -> Formula { .symbol(name(index)) }

  /// `∂J/∂Z`.
  func derivative(by index: Int) -> Formula { .derivative(of: name(pass.result), by: name(index)) }
}
