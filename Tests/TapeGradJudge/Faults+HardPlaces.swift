import TapeGradAudit
import TapeGradCore
import TapeGradNetworks

/// Faults where the right gradient is hard to see: numbers of any size, saturated units, Float, computations of all kinds.
extension Faults {
  static let hardPlaces: [Kind] = [
    (
      "by hand, data of scale 1e-12 … 1e12",
      { g in
        var layers = Innocents.net(&g, depth: g.one(of: [2, 4]))
        let scale = Innocents.exponential(g.integer(-12...12))
        layers.X *= Tensor(scale)
        layers.weights[0] *= Tensor(1 / scale)
        return try oneGradient(of: layers, &g)
      }
    ),
    (
      "by hand, saturated or balanced",
      { g in
        var layers = Innocents.net(&g, depth: g.one(of: [2, 4]), activations: [.tanh, .sigmoid])
        if g.chance(0.5) {
          layers.weights[0] *= Tensor(g.one(of: [10.0, 40]))
        } else {
          layers.X = concatenate([layers.X, layers.X], axis: 1)
          layers.Y = concatenate([layers.Y, layers.task == .regression ? -layers.Y : 1 - layers.Y], axis: 1)
        }
        return try oneGradient(of: layers, &g)
      }
    ),
    (
      "by hand, in Float",
      { g in
        let layers = Innocents.net(&g, depth: g.one(of: [2, 4])), name = g.one(of: layers.names)
        let float = try layers.converted(to: Float.self), right = try layers.derive()
        guard let gradient = try right[name]?.array else { return nil }
        let isSign = g.chance(0.3)
        let wrong = isSign ? -gradient : gradient * (1 + g.one(of: [0.01, 0.1, 0.37, 0.77]) * g.sign())
        var recorded = float.record()
        recorded.handDerived = try right.mapValues { try $0.converted() }
        recorded.handDerived[name] = Tensor(wrong.converted())
        recorded.convention = .partialDerivatives
        var result = try planted(
          try recorded.audit(), name, .handDerived(isSign ? .signFlipped : nil), right: right[name],
          wrong: Tensor(wrong), means: means(of: layers))
        result?.hidden = 1e-4
        return result
      }
    ),
    (
      "rule in a recurrence, off by 1e-5 … 1",
      { g in
        let factor = 1 + g.one(of: [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.5, 1]) * g.sign()
        return try inRecurrence(&g, .factor(factor))
      }
    ),
    (
      "rule in a recurrence, another's",
      { g in
        try inRecurrence(&g, g.one(of: [.factor(-1), .atResult, .forgotten, .derivative(of: .sigmoid)]))
      }
    ),
  ]

  /// Plants a factor in one gradient derived by hand; the others are right.
  private static func oneGradient(of layers: Layers<Double>, _ g: inout SeededGenerator) throws -> Planted? {
    let right = try layers.derive(), name = g.one(of: layers.names)
    guard let gradient = try right[name]?.array else { return nil }
    let wrong = Tensor(factor(&g)(gradient))
    var recorded = layers.record()
    recorded.handDerived = right
    recorded.handDerived[name] = wrong
    recorded.convention = .partialDerivatives
    return try planted(
      try recorded.audit(), name, .handDerived(nil), right: right[name], wrong: wrong, means: means(of: layers))
  }

  /// Plants a fault in the rule of the activation of `h ← tanh(z), z = W·h + x`, which is used three times.
  private static func inRecurrence(_ g: inout SeededGenerator, _ fault: FaultyActivation.Fault) throws -> Planted? {
    let n = g.integer(2...4), m = g.integer(2...6), tape = Tape()
    let W = tape.variable(g.tensor([n, n], scale: 0.7) as Tensor<Double>, named: "W")
    var h = tape.variable(g.tensor([n, m]) as Tensor<Double>, named: "h0"), z = h
    for t in 1...3 {
      z = (matmul(W, h) + g.tensor([n, m])).named("z\(t)")
      h = z.applying(FaultyActivation(function: .tanh, fault: fault)).named("h\(t)")
    }
    let J = h.sum() / Double(m), right = (1 - square(tanh(z))) / Double(m)
    return try planted(
      try tape.audit(J, limit: 12), "z3", .rule("faultyActivation"), right: right, wrong: tape.gradients(of: J)[z],
      means: [])
  }
}
