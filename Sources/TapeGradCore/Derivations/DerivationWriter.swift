/// Reads the equations of a derivation off the nodes, forward and backward.
struct DerivationWriter {
  let pass: BackwardPass
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

  /// About how many characters an expression may take before a part of it is given a name.
  private static let longest = 64
  /// How many operations may lie within one another before a part is given a name.
  private static let deepest = 10
  /// About how many characters make an expression that is used twice worth a name.
  private static let repeatable = 20

  init(_ pass: BackwardPass, names given: [Int: String]) {
    self.pass = pass
    landmarks = Landmarks(pass, named: given.keys)
    let isLive = landmarks.isLive
    names = SymbolNames(given.filter { $0.key <= pass.result && isLive[$0.key] })
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
    inputs.append(Derivation.Input(name: name, isVariable: isVariable, value: value.plain))
    return .symbol(name)
  }

  /// Writes the equation of a node of the tape.
  private mutating func nameForward(_ index: Int, _ formula: Formula) {
    let name = names[index] ?? names.name(index, prefix: "T")
    landmarks[index] = true
    forward.append(equation(name, [.init(formula: formula, reason: "")], at: index, node: index))
    define(index, as: name, formula)
  }

  private mutating func define(_ index: Int, as name: String, _ formula: Formula) {
    formulas[index] = .symbol(name)
    if case .symbol = formula { return }
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
    steps.append(.init(formula: formula, reason: pair.map(cancellation) ?? reason(for: index)))
    backward.append(equation(derivative(by: index), steps, at: cotangent, node: index))
    if cotangent > pass.result, !formula.isConstant { owners[cotangent, default: []].append(index) }
  }

  /// `∂J/∂A ⊙ ∂A/∂Z`, for a node A that the propagated cotangent passes by on its way to Z, with the equation of `∂A/∂Z`.
  private mutating func chainRule(through pair: (node: Int, derivative: Int), to index: Int) -> [Derivation.Step] {
    let inner = "∂\(name(pair.node))/∂\(name(index))"
    let slope = formula(of: pair.derivative, seenFrom: index)
    let outer = backward.last { $0.node == pair.node }?.formula
    backward.append(
      equation(inner, [.init(formula: slope, reason: derivativeReason(pair.node))], at: pair.derivative, node: nil))
    var steps = [
      Derivation.Step(
        formula: .symbol(derivative(by: pair.node)) * .symbol(inner), reason: "chain rule through \(name(pair.node))")
    ]
    if let expanded = outer?.multiplied(cancelling: slope)?.simplified(recognising: known) {
      steps.append(.init(formula: expanded, reason: "\(slope.text()) cancels every denominator"))
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
    backward.append(equation(name, [.init(formula: formula, reason: stepReason(node))], at: node, node: nil))
    define(node, as: name, formula)
  }

  /// The name of a cotangent that several nodes share (the operands of a sum do), as the rule of node `index` meets it.
  private func symbol(of cotangent: Int, seenFrom index: Int) -> Formula {
    let owners = owners[cotangent] ?? []
    var node: Int? = owners.count > 1 ? index : nil
    while let current = node, pass.cotangents[current] == cotangent {
      if owners.contains(current) { return .symbol(derivative(by: current)) }
      node = landmarks.users[current].first { pass.cotangents[$0] == cotangent }
    }
    return .symbol(derivative(by: owners[0]))
  }

  // MARK: Expressions

  /// The expression of a node in what stands for its operands; the longest of these get names until it fits a line.
  private mutating func expression(of index: Int) -> Formula {
    guard let primitive = pass.nodes[index].primitive else { return standing(for: index, seenFrom: index) }
    let operands = pass.nodes[index].operands, origin = Int(pass.nodes[index].origin)
    while true {
      let parts = operands.map { standing(for: $0, seenFrom: origin) }
      let formula = primitive.formula(parts, shapes: pass.operandShapes(of: index)).simplified(recognising: known)
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

  private func equation(_ name: String, _ steps: [Derivation.Step], at index: Int, node: Int?) -> Derivation.Equation {
    Derivation.Equation(name: name, steps: steps, shape: pass.nodes[index].value.shape, node: node)
  }

  /// The name of a node that has one.
  func name(_ index: Int) -> String {
    guard let name = names[index] else { preconditionFailure("a landmark is named before it is used") }
    return name
  }

  /// `∂J/∂Z`.
  func derivative(by index: Int) -> String { "∂\(name(pass.result))/∂\(name(index))" }
}
