import TapeGradArrays
import Testing

@testable import TapeGradCore

/// The printed equations are not drawings: evaluated one by one, each from those before it, they give the values and the
/// gradients of the tape.
struct DerivationEvaluationTests {
  @Test("the equations, evaluated in order, give the values and the gradients", arguments: Graph.all)
  func evaluation(of graph: Graph) throws {
    let tape = Tape()
    let result = graph.record(tape)
    let derivation = try tape.derivation(of: result)
    let gradients = try tape.gradients(of: result)

    var symbols = try evaluatedInputs(of: derivation)
    #expect(derivation.backward.contains { $0.node != nil })
    for equation in derivation.forward {
      let value = try evaluated(equation, symbols)
      symbols[equation.name] = value
      let node = try #require(equation.node)
      try expectEqual(value, Tensor(tape.nodes[node].value), equation.name)
    }
    for equation in derivation.backward {
      let value = try evaluated(equation, symbols)
      symbols[equation.name] = value
      if let node = equation.node { try expectEqual(value, gradient(gradients, node, tape), equation.name) }
    }
  }

  @Test("every variable and every named node has an equation", arguments: Graph.all)
  func completeness(in graph: Graph) throws {
    let tape = Tape()
    let result = graph.record(tape)
    let derivation = try tape.derivation(of: result)
    let gradients = try tape.gradients(of: result)
    let derived = Set(derivation.backward.compactMap(\.node))
    for (index, node) in tape.nodes.enumerated() where gradients.cotangents.total(index) != nil && node.isVaried {
      let isResult = index == result.value.index(onTape: tape.position.generation)
      guard node.primitive == nil || tape.names[index] != nil, !isResult else { continue }
      #expect(derived.contains(index), "\(tape.names[index] ?? "unnamed leaf")")
    }
  }

  @Test("an equation with a mistake gives other numbers")
  func mistakes() throws {
    let tape = Tape()
    let result = Graph.twoLayerNet.record(tape)
    let derivation = try tape.derivation(of: result)
    let gradients = try tape.gradients(of: result)
    var symbols = try evaluatedInputs(of: derivation)
    for equation in derivation.forward + derivation.backward {
      symbols[equation.name] = try evaluated(equation, symbols)
    }
    var equations = 0
    for equation in derivation.backward {
      guard let node = equation.node else { continue }
      let right = gradient(gradients, node, tape)
      var compared = 0
      for wrong in equation.formula.mistakes {
        // A mistake that does not even fit is seen.
        guard let value = try? wrong.evaluated(symbols).broadcast(to: equation.shape).validated() else { continue }
        #expect(try error(of: value, against: right) > 1e-6, "\(equation.name) = \(wrong)")
        compared += 1
      }
      #expect(compared > 0, "\(equation.name)")
      equations += 1
    }
    #expect(equations == 8)
  }

  @Test("constants of a Float tape print as they were written")
  func singlePrecision() throws {
    let tape = Tape()
    let x = tape.variable(Tensor<Float>([0.1, 0.2]), named: "x")
    let y = (0.1 * tanh(x)).sum().named("y")
    let derivation = try tape.derivation(of: y)
    #expect(derivation.backward.map { $0.formula.text() } == ["0.1·(1 − tanh(x)²)"])
    let value = try derivation.backward[0].formula.evaluated(["x": x])
    let gradient = try tape.gradients(of: y)[x]
    try value.expect(gradient.scalars, ulps: 2)
  }

  @Test("deriving records nothing on the tape")
  func unchangedTape() throws {
    let tape = Tape()
    let result = Graph.twoLayerNet.record(tape)
    let count = tape.nodes.count
    let first = try tape.derivation(of: result).description
    #expect(tape.nodes.count == count)
    #expect(try tape.derivation(of: result).description == first)
  }

  @Test("deriving inside a gradient leaves that gradient alone")
  func nested() throws {
    let slope = try gradient(at: Tensor(2.0)) { outer in
      let tape = Tape()
      let x = tape.variable(outer, named: "x")
      let y = (x * x).named("y")
      let derivation = try tape.derivation(of: y)
      #expect(derivation.backward.map { $0.formula.text() } == ["x + x"])
      return outer * outer
    }
    #expect(try slope.item == 4)
  }

  @Test("the derivation of a wrong rule shows the wrong formula")
  func wrongRule() throws {
    let tape = Tape()
    let x = tape.variable(Tensor([0.3, 0.4]), named: "x")
    let y = x.applying(WrongCube()).sum()
    let derivation = try tape.derivation(of: y)
    #expect(derivation.backward.last?.formula.text() == "2·x²")
  }

  @Test("a result that has no derivation throws its error")
  func errors() {
    let tape = Tape()
    let x = tape.variable(Tensor([1.0, 2.0]))
    #expect(throws: TensorError.self) { try tape.derivation(of: x) }
    #expect(throws: TensorError.self) { try tape.derivation(of: Tensor(1.0)) }
    #expect(throws: TensorError.self) { try tape.derivation(of: (x + Tensor([1.0, 2, 3])).sum()) }
  }

  @Test("a long chain is derived without deep recursion")
  func longChain() throws {
    let tape = Tape()
    let x = tape.variable(Tensor([0.5]), named: "x")
    var y = x
    for _ in 0..<2000 { y = 1 - y }
    for _ in 0..<2000 { y = y.reshaped(to: [1, 1]).reshaped(to: [1]) }
    let derivation = try tape.derivation(of: y.sum())
    #expect(derivation.forward.count > 100)
  }
}

/// `y = x³` with a derivative that is wrong on purpose.
private struct WrongCube: Elementwise {
  static let name = "cube"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { x * x * x }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { 2 * square(x) }
}

private func evaluatedInputs(of derivation: Derivation) throws -> [String: Tensor<Double>] {
  Dictionary(uniqueKeysWithValues: derivation.inputs.map { ($0.name, Tensor<Double>($0.value)) })
}

/// The value of an equation's last step, once every step has given the same.
private func evaluated(
  _ equation: Derivation.Equation, _ symbols: [String: Tensor<Double>]
) throws -> Tensor<Double> {
  let value = try equation.formula.evaluated(symbols).broadcast(to: equation.shape).validated()
  for step in equation.steps {
    try expectEqual(step.formula.evaluated(symbols).broadcast(to: equation.shape), value, "\(equation.name), a step")
  }
  return value
}

private func gradient(_ gradients: Gradients, _ node: Int, _ tape: Tape) -> Tensor<Double> {
  gradients.cotangents.total(node).map { Tensor<Double>($0) } ?? .zeros(tape.nodes[node].value.shape)
}

/// Equal to 10⁻¹² of the larger of 1 and the largest element.
private func expectEqual(_ a: Tensor<Double>, _ b: Tensor<Double>, _ what: String) throws {
  #expect(a.shape == b.shape, "\(what)")
  #expect(try error(of: a, against: b) <= 1e-12, "\(what): \(a) is not \(b)")
}

/// The largest difference, by the same; infinite where a number is NaN.
private func error(of a: Tensor<Double>, against b: Tensor<Double>) throws -> Double {
  let (a, b) = (try a.scalars, try b.scalars)
  if (a + b).contains(where: \.isNaN) { return .infinity }
  return (zip(a, b).map { abs($0 - $1) }.max() ?? 0) / max(1, b.map(abs).max() ?? 0)
}

extension Formula {
  /// The formula with one slip: a wrong sign, a missing factor, a transpose or a divisor forgotten, anywhere in it.
  fileprivate var mistakes: [Formula] {
    var mistakes: [Formula] = [.negated(self)]
    switch self {
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b): mistakes += [a, b]
    case .quotient(let a, _), .power(let a, _), .transposed(let a): mistakes.append(a)
    default: break
    }
    if case .power = self { return mistakes }  // a sign inside a square is not a mistake
    for position in parts.indices {
      for mistake in parts[position].mistakes {
        var next = -1
        mistakes.append(
          mapParts { part in
            next += 1
            return next == position ? mistake : part
          })
      }
    }
    return mistakes
  }
}
