// A rule in general, read off the rule itself. The rule of a matrix product is asked with operands called A and B, a
// result called C, and what it records is read like any computation:
//
//   C = A·B        ∂J/∂A = ∂J/∂C·Bᵀ        ∂J/∂B = Aᵀ·∂J/∂C
//   y = tanh(x)    ∂J/∂x = ∂J/∂y ⊙ (1 − y²)
//
// So nobody wrote these down a second time, and a custom operation has its general rule as the built-in ones do.

/// What a primitive computes and how its rule reads, with letters for operands and result.
struct GeneralRule {
  /// The letters of the operands, and that of the result.
  let operands: [Formula]
  let result: Formula
  /// What the primitive computes: `A·B`.
  let forward: Formula
  /// The cotangent of the operand that was asked for: `∂J/∂C·Bᵀ`.
  let cotangent: Formula

  /// - Parameters:
  ///   - operand: the operand whose cotangent is asked for.
  ///   - letters: names for the operands and, last, for the result.
  ///   - differentiated: what is differentiated: `J`.
  init?(
    of primitive: any Primitive, operands values: [Value], result value: Value, operand: Int, letters: [String],
    differentiated: String
  ) {
    let scratch = Recorder.open(), count = values.count
    defer { Recorder.close(scratch) }
    var nodes = ContiguousArray<Node>(), list = NodeList()
    for (i, value) in values.enumerated() {
      nodes.append(
        Node(primitive: nil, value: scratch.leaf(value.detached, isVaried: true), isVaried: i == operand))
      list.append(i)
    }
    let result = scratch.leaf(value.detached, isVaried: true)
    nodes.append(Node(primitive: primitive, operands: list, value: result, isVaried: true))
    let one = Value(repeating: 1, shape: value.shape, scalarType: value.scalarType ?? .double)
    let seed = scratch.leaf(one, isVaried: true)
    let sweep = reverseSweep(&nodes, from: count, cotangent: seed, keepsAll: true, recordedOn: scratch)
    guard let total = sweep.total(operand), total.content.error == nil,
      let target = total.index(onTape: scratch.generation)
    else { return nil }

    let symbols = letters.prefix(count).map { Formula.symbol($0) }, own = Formula.symbol(letters[count])
    let forward = primitive.formula(symbols, shapes: values.map(\.shape)).simplified()
    let given = symbols + [own, .derivative(of: differentiated, by: letters[count])]
    self.operands = symbols
    self.result = own
    self.forward = forward
    var known = [forward: letters[count]]
    // The one operation with an operand that is computed from another.
    if primitive is CrossEntropyOfSigmoid { known[.call(Sigmoid(), [symbols[0]])] = letters[2] }
    cotangent = Recorder.close(scratch).read(target, given: given, known: known)
  }
}

/// The derivative of an element-wise function `a = f(z)`, in both ways that one writes it.
struct SlopeForms {
  /// By a: `1 − a²`.
  let byResult: Formula
  /// By z: `1 − tanh(z)²`.
  let byOperand: Formula

  init?(of primitive: any Elementwise, at x: Value, result y: Value, operandName: String, resultName: String) {
    let scratch = Recorder.open()
    defer { Recorder.close(scratch) }
    let x = scratch.leaf(x.detached, isVaried: true), y = scratch.leaf(y.detached, isVaried: true)
    let slope =
      switch x.scalarType ?? .double {
      case .float: primitive.derivative(at: Tensor<Float>(x), result: Tensor<Float>(y)).value
      case .double: primitive.derivative(at: Tensor<Double>(x), result: Tensor<Double>(y)).value
      }
    let operand = Formula.symbol(operandName)
    let forward = primitive.formula([operand], shapes: [x.shape]).simplified()
    let nodes = Recorder.close(scratch)
    guard let target = slope.index(onTape: scratch.generation) else {
      guard slope.content.error == nil, let number = slope.repeatedNumber else { return nil }
      (byResult, byOperand) = (.number(number), .number(number))
      return
    }
    byResult = nodes.read(target, given: [operand, .symbol(resultName)], known: [forward: resultName])
    byOperand = nodes.read(target, given: [operand, forward], known: [:])
  }
}

extension ContiguousArray<Node> {
  /// The expression of a node, when formulas stand for the first nodes and names for those in `known`.
  fileprivate func read(_ target: Int, given: [Formula], known: [Formula: String]) -> Formula {
    var formulas = given
    for node in dropFirst(given.count).prefix(target + 1 - given.count) {
      if let primitive = node.primitive {
        let parts = node.operands.map { formulas[$0] }, shapes = node.operands.map { self[$0].value.shape }
        formulas.append(primitive.formula(parts, shapes: shapes).simplified(recognizing: known))
      } else {
        let number = node.value.repeatedNumber.map { Formula.number($0) }
        formulas.append(number.map { .implicit(Broadcast(target: node.value.shape), $0) } ?? .symbol("c"))
      }
    }
    return formulas[target].simplified(recognizing: known)
  }
}
