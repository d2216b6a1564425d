import TapeGradAudit
import TapeGradCore
import TapeGradNetworks

/// A fault that was planted, what the judge said, and what it had to say.
struct Planted {
  let audit: Audit
  /// The node whose gradient is the first to be wrong.
  let node: String
  /// Why; the slip is what was planted, if it has a name.
  let fault: Audit.Fault
  /// How far the wrong gradient is from the right one, element by element.
  let distances: [Double]
  let right: [Double]
  /// The numbers n of which a factor 1/n is on the tape.
  let means: Set<Int>
  /// What rounding hides, beside the largest number.
  var hidden = 1e-12
  /// A slip that gives the same numbers.
  var alternative: Slip?
}

/// Wrong gradients, by hand and in rules. Each that is above the resolution of differences must be found and named.
enum Faults {
  typealias Kind = (name: String, plant: @Sendable (inout SeededGenerator) throws -> Planted?)

  static let kinds: [Kind] = hand + rules + hardPlaces

  // MARK: By hand

  private static let hand: [Kind] = [
    ("by hand, off by 1e-5 … 1", { g in try inNet(&g, slip: nil, change: factor(&g)) }),
    (
      "by hand, one element off",
      { g in
        let change = factor(&g), place = g.number(0...1)
        return try inNet(&g, slip: nil) { x in
          var x = x
          let k = Int(place * Double(x.count - 1))
          let one = change(x)
          x.withUnsafeMutableBufferPointer { $0[k] = one.scalars[k] }
          return x
        }
      }
    ),
    ("by hand, sign", { g in try inNet(&g, slip: .signFlipped) { -$0 } }),
    (
      "by hand, 1/m missing or twice",
      { g in
        let isMissing = g.chance(0.5)
        var n = 1
        return try inNet(
          &g, slip: nil,
          factor: { means in
            n = means.max() ?? 1
            return isMissing ? .meanMissing(n) : .meanTwice(n)
          }
        ) { x in
          isMissing ? x * Double(n) : x / Double(n)
        }
      }
    ),
    (
      "by hand, another factor",
      { g in
        let n = g.one(of: [2, 3, 4, 5, 7]), isLarge = g.chance(0.5)
        return try inNet(
          &g, slip: nil,
          factor: { means in
            means.contains(n) ? (isLarge ? .meanMissing(n) : .meanTwice(n)) : isLarge ? .tooLarge(n) : .tooSmall(n)
          }
        ) { isLarge ? $0 * Double(n) : $0 / Double(n) }
      }
    ),
    (
      "by hand, transposed",
      { g in
        try inNet(&g, slip: .transposed, names: { $0.hasPrefix("W") }, isLast: true) { $0.transposed }
      }
    ),
    (
      "by hand, bias not summed",
      { g in
        let layers = Innocents.net(&g, depth: g.one(of: [2, 4]), examples: g.integer(2...8))
        var recorded = layers.record()
        recorded.handDerived = try layers.derive()
        recorded.convention = .partialDerivatives
        let l = g.integer(1...layers.depth)
        recorded.handDerived["b\(l)"] = recorded.handDerived["Z\(l)"]
        return Planted(
          audit: try recorded.audit(), node: "b\(l)", fault: .handDerived(.notSummed), distances: [.infinity],
          right: [],
          means: means(of: layers))
      }
    ),
    (
      "by hand, another activation",
      { g in
        let (own, other) = g.one(of: [
          (Activation.tanh, Activation.sigmoid), (.sigmoid, .tanh), (.relu, .sigmoid), (.tanh, .relu),
          (.sigmoid, .relu),
        ])
        return try inActivation(&g, own, slip: .derivative(of: "\(other)", insteadOf: "\(own)")) { z, a in
          other.derivative(at: z, value: other(z))
        }
      }
    ),
    (
      "by hand, taken at a instead of z",
      { g in
        let own = g.one(of: [Activation.tanh, .sigmoid])
        return try inActivation(&g, own, slip: .derivativeAtResult(of: "\(own)")) { _, a in
          own.derivative(at: a, value: own(a))
        }
      }
    ),
    (
      "by hand, derivative forgotten",
      { g in
        let own = g.one(of: [Activation.tanh, .sigmoid, .relu, .leakyRelu(slope: 0.1)])
        let name = own == .leakyRelu(slope: 0.1) ? "leakyRelu" : "\(own)"
        return try inActivation(&g, own, slip: .derivativeForgotten(of: name)) { z, _ in .ones(z.shape) }
      }
    ),
    (
      "by hand, index off by one",
      { g in
        try inNet(&g, slip: nil, names: { !$0.hasPrefix("b") }) { x in
          let n = x.shape[1]
          return x.gathered((0..<n).map { ($0 + 1) % n }, axis: 1)
        }
      }
    ),
    (
      "by hand, in the notes' convention",
      { g in
        let layers = Innocents.net(&g, examples: g.integer(3...8), activations: [.tanh, .sigmoid])
        let right = try layers.derive(), m = Double(layers.exampleCount), name = g.one(of: layers.names)
        let isPerExample = { (name: String) in name.hasPrefix("Z") || name.hasPrefix("A") }
        var recorded = layers.record()
        recorded.handDerived = right
        for (name, gradient) in right where isPerExample(name) { recorded.handDerived[name] = m * gradient }
        let wrong = try factor(&g)((right[name] ?? Tensor(0)).array)
        recorded.handDerived[name] = Tensor(isPerExample(name) ? wrong * m : wrong)
        recorded.convention = .perExample
        return try planted(
          try recorded.audit(), name, .handDerived(nil), right: right[name], wrong: Tensor(wrong),
          means: means(of: layers))
      }
    ),
    (
      "by hand, in custom graphs",
      { g in
        let k = g.integer(0...Graphs.count - 1), seed = UInt64(g.integer(1...1_000_000))
        var generator = SeededGenerator(seed: seed)
        let (right, names): (Case<Double>, [String]) = try Graphs.make(k, using: &generator)
        let name = g.one(of: names)
        let isSign = g.chance(0.3), change = factor(&g)
        generator = SeededGenerator(seed: seed)
        var (wrong, _): (Case<Double>, [String]) = try Graphs.make(
          k, slip: { $0 == name ? (isSign ? -$1 : change($1)) : $1 }, using: &generator)
        wrong.convention = .partialDerivatives
        return try planted(
          try wrong.audit(), name, .handDerived(isSign ? .signFlipped : nil), right: right.handDerived[name],
          wrong: wrong.handDerived[name], means: [])
      }
    ),
  ]

  /// x ↦ (1 ± ε)·x, with ε from 1e-5 to 1.
  static func factor(_ g: inout SeededGenerator) -> @Sendable (NDArray<Double>) -> NDArray<Double> {
    let epsilon = g.one(of: [1e-5, 3e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.37, 0.77]) * g.sign()
    return { $0 * (1 + epsilon) }
  }

  /// Plants a change of one gradient derived by hand in a net of two or four layers.
  private static func inNet(
    _ g: inout SeededGenerator, slip: Slip?, names isCandidate: (String) -> Bool = { _ in true }, isLast: Bool = false,
    factor: ((Set<Int>) -> Slip)? = nil, change: (NDArray<Double>) throws -> NDArray<Double>
  ) throws -> Planted? {
    let layers = Innocents.net(&g, depth: g.one(of: [2, 4]), examples: g.integer(3...12))
    let right = try layers.derive()
    let name = g.one(of: layers.names.filter(isCandidate))
    let slip = factor?(means(of: layers)) ?? slip
    var failure: (any Error)?
    var recorded = layers.record()
    if isLast || g.chance(0.3) {
      // What follows is right: only this one was copied wrongly.
      recorded.handDerived = right
      if let gradient = right[name] { recorded.handDerived[name] = Tensor(try change(gradient.array)) }
    } else {
      recorded.handDerived = try layers.derive { node, gradient in
        guard node == name else { return gradient }
        do { return try change(gradient) } catch {
          failure = error
          return gradient
        }
      }
    }
    if let failure { throw failure }
    recorded.convention = .partialDerivatives
    return try planted(
      try recorded.audit(), name, .handDerived(slip), right: right[name], wrong: recorded.handDerived[name],
      means: means(of: layers))
  }

  /// Plants a wrong slope of the first hidden activation.
  private static func inActivation(
    _ g: inout SeededGenerator, _ own: Activation, slip: Slip,
    slope: (NDArray<Double>, NDArray<Double>) -> NDArray<Double>
  ) throws -> Planted? {
    let layers = Innocents.net(&g, depth: g.one(of: [2, 4]), activations: [own])
    let right = try layers.derive()
    let z = matmul(layers.weights[0], layers.X) + layers.biases[0]
    let cotangent = try (right["A1"] ?? Tensor(0)).array
    let wrong = cotangent * slope(try z.array, try own(z).array)
    var recorded = layers.record()
    recorded.handDerived = try layers.derive { $0 == "Z1" ? wrong : $1 }
    recorded.convention = .partialDerivatives
    var result = try planted(
      try recorded.audit(), "Z1", .handDerived(slip), right: right["Z1"], wrong: recorded.handDerived["Z1"],
      means: means(of: layers))
    // A relu that is nowhere 0 has the derivative of nothing at all.
    if wrong == cotangent { result?.alternative = .derivativeForgotten(of: "\(own)") }
    return result
  }

  /// The numbers n of which a factor 1/n stands on the tape of a net.
  static func means(of layers: Layers<Double>) -> Set<Int> {
    [layers.Y.shape.count, layers.Y.shape[0], layers.Y.shape[1]]
  }

  static func planted(
    _ audit: Audit, _ node: String, _ fault: Audit.Fault, right: Tensor<Double>?, wrong: Tensor<Double>?,
    means: Set<Int>
  ) throws -> Planted? {
    guard let right = try right?.array, let wrong = try wrong?.array else { return nil }
    if wrong == right { return nil }
    guard right.shape == wrong.shape else {
      return Planted(audit: audit, node: node, fault: fault, distances: [.infinity], right: [], means: means)
    }
    return Planted(
      audit: audit, node: node, fault: fault, distances: abs(wrong - right).scalars, right: right.scalars, means: means)
  }

  // MARK: In rules

  private static let rules: [Kind] = [
    (
      "rule of an activation, off by 1e-5 … 1",
      { g in
        let factor = 1 + g.one(of: [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.5, 1]) * g.sign()
        return try inRule(&g, .factor(factor))
      }
    ),
    ("rule of an activation, sign", { g in try inRule(&g, .factor(-1)) }),
    (
      "rule of an activation, another's",
      { g in
        let other = g.one(of: [Activation.tanh, .sigmoid, .relu])
        return try inRule(&g, .derivative(of: other), other: other)
      }
    ),
    ("rule of an activation, at a instead of z", { g in try inRule(&g, .atResult, of: [.tanh, .sigmoid]) }),
    ("rule of an activation, forgotten", { g in try inRule(&g, .forgotten) }),
    (
      "rule of a product",
      { g in
        let fault = g.one(of: [FaultyProduct.Fault.factor(1 + 1e-4), .factor(-1), .factor(0.5), .transposed, .shifted])
        let layers = squareNet(&g)
        let l = g.integer(1...layers.depth)
        return try inLayer(
          layers, "W\(l)", "faultyProduct",
          layers.record(product: { $0 == l ? $1.applying(FaultyProduct(fault: fault), $2) : nil }))
      }
    ),
    (
      "rule of a broadcast, not summed",
      { g in
        let layers = Innocents.net(&g, depth: g.one(of: [2, 4]), examples: g.integer(2...8))
        let l = g.integer(1...layers.depth)
        return try inLayer(
          layers, "b\(l)", "faultyBroadcast",
          layers.record(stretch: { $0 == l ? $1.applying(FaultyBroadcast(count: $2[1])) : nil }))
      }
    ),
    (
      "rule of a mean, 1/m missing or twice",
      { g in
        var layers = Innocents.net(&g, depth: g.one(of: [2, 4]), examples: g.integer(2...8))
        layers.task = .regression
        let power = g.one(of: [0, 2]), last = "Z\(layers.depth)"
        return try inLayer(
          layers, last, "square",
          layers.record(loss: { square($0 - $1).named("E").applying(FaultyMean(power: power)) }), actual: "E",
          actualRule: "faultyMean")
      }
    ),
    (
      "rule of a gather, off by one",
      { g in
        let tape = Tape(), n = g.integer(1...3)
        let E = tape.variable(g.tensor([4, n]) as Tensor<Double>, named: "E")
        let rows = (0..<g.integer(1...5)).map { _ in g.integer(0...3) }
        let G = E.applying(FaultyGather(rows: rows)).named("G")
        let J = square(G).sum()
        let right = 2 * (try G.array).scatterAdded(rows, axis: 0, length: 4)
        let wrong = try tape.gradients(of: J)[E]
        return try planted(
          try tape.audit(J, handDerived: ["E": Tensor(right)], limit: 12), "E", .rule("faultyGather"),
          right: Tensor(right),
          wrong: wrong, means: [])
      }
    ),
  ]

  /// A net in which all layers are square, so that transposes have the right shape.
  private static func squareNet(_ g: inout SeededGenerator) -> Layers<Double> {
    let n = g.integer(2...4), depth = g.one(of: [2, 4])
    return Layers(
      [Int](repeating: n, count: depth + 1), examples: g.integer(3...8),
      activations: (1..<depth).map { _ in g.one(of: [.tanh, .sigmoid]) },
      task: g.chance(0.5) ? .regression : .binaryClassification, using: &g)
  }

  /// Plants a fault in the rule of a hidden activation.
  private static func inRule(
    _ g: inout SeededGenerator, _ fault: FaultyActivation.Fault,
    of all: [Activation] = [.tanh, .sigmoid, .relu, .leakyRelu(slope: 0.1)], other: Activation? = nil
  ) throws -> Planted? {
    let choices = all.filter { $0 != other }
    let layers = Innocents.net(&g, depth: g.one(of: [2, 4]), activations: choices)
    let l = g.integer(1...layers.depth - 1)
    return try inLayer(
      layers, "Z\(l)", "faultyActivation",
      layers.record(activate: {
        $0 == l ? $1.applying(FaultyActivation(function: layers.activations[l - 1], fault: fault)).named("A\(l)") : nil
      }))
  }

  /// Audits a recorded net whose rule for one node is wrong, against the right gradients by hand.
  static func inLayer(
    _ layers: Layers<Double>, _ node: String, _ rule: String, _ recorded: Case<Double>, actual: String? = nil,
    actualRule: String? = nil
  ) throws -> Planted? {
    var recorded = recorded
    let right = try layers.derive()
    recorded.handDerived = right
    recorded.convention = .partialDerivatives
    let audit = try recorded.audit()
    guard let row = audit.rows.first(where: { $0.name == node }), let numbers = try right[node]?.array else {
      return nil
    }
    var distances = [Double](repeating: 0, count: numbers.count)
    for element in row.numerical?.elements ?? [] {
      let offset = zip(element.index, numbers.shape.dimensions).reduce(0) { $0 * $1.1 + $1.0 }
      distances[offset] = abs(element.automatic - numbers.scalars[offset])
    }
    // Dead units ask no rule for anything, and of units that are all alive relu′ may be forgotten.
    let largest = numbers.scalars.reduce(0) { max($0, abs($1)) }
    if !distances.contains(where: { $0 > 1e-12 * largest }) { return nil }
    return Planted(
      audit: audit, node: actual ?? node, fault: .rule(actualRule ?? rule), distances: distances,
      right: numbers.scalars,
      means: means(of: layers))
  }
}
