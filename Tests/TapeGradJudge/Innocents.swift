import TapeGradAudit
import TapeGradCore
import TapeGradNetworks

/// Right gradients in hard places. None may be called wrong.
enum Innocents {
  typealias Kind = (name: String, audit: @Sendable (inout SeededGenerator) throws -> Audit)

  static let kinds: [Kind] = [
    (
      "two layers, trained a little",
      { g in
        var layers = net(&g)
        try layers.train(steps: g.integer(0...40), rate: 0.05)
        return try audit(layers)
      }
    ),
    ("two to four layers", { g in try audit(net(&g, depth: g.integer(2...4))) }),
    (
      "hundreds of examples",
      { g in
        let layers = Layers<Double>(
          [g.integer(5...20), g.integer(5...16), 1], examples: g.integer(100...400),
          activations: [g.one(of: [.tanh, .relu])],
          task: g.chance(0.5) ? .regression : .binaryClassification, using: &g)
        return try audit(layers)
      }
    ),
    (
      "converged to rounding",
      { g in
        var layers = Layers<Double>(
          [g.integer(1...3), 1], examples: g.integer(1...4), activations: [], task: .regression, using: &g)
        layers.Y = matmul(layers.weights[0], layers.X) + layers.biases[0]
        if g.chance(0.5) { layers.weights[0] += g.tensor(layers.weights[0].shape, scale: 1e-9) }
        try layers.train(steps: g.integer(0...400), rate: 0.2)
        return try audit(layers)
      }
    ),
    (
      "saturated",
      { g in
        var layers = net(&g, activations: [.tanh, .sigmoid])
        let scale = g.one(of: [10.0, 40, 200, 1000])
        for l in 0..<layers.depth { layers.weights[l] *= Tensor(scale) }
        return try audit(layers)
      }
    ),
    (
      "dead units",
      { g in
        var layers = net(&g, activations: [.relu, .leakyRelu()])
        layers.biases[0] -= Tensor(g.one(of: [1.0, 10, 1000]))
        if g.chance(0.3) { layers.weights[0] *= Tensor(0.0) }
        return try audit(layers)
      }
    ),
    (
      "all parameters 0",
      { g in
        var layers = net(&g)
        for l in 0..<layers.depth where g.chance(0.8) {
          layers.weights[l] *= Tensor(0.0)
          layers.biases[l] *= Tensor(0.0)
        }
        return try audit(layers)
      }
    ),
    (
      "balanced, sums cancel to 0",
      { g in
        var layers = net(&g)
        // Every example twice, with opposite labels or signs.
        layers.X = concatenate([layers.X, layers.X], axis: 1)
        layers.Y = concatenate([layers.Y, layers.task == .regression ? -layers.Y : 1 - layers.Y], axis: 1)
        let last = layers.depth - 1
        layers.weights[last] *= Tensor(g.one(of: [0.0, 1e-9, 1e-17]))
        layers.biases[last] *= Tensor(0.0)
        return try audit(layers)
      }
    ),
    ("one or two examples", { g in try audit(net(&g, examples: g.integer(1...2))) }),
    (
      "labels all alike",
      { g in
        var layers = net(&g)
        layers.Y = g.chance(0.5) ? .zeros(layers.Y.shape) : .ones(layers.Y.shape)
        try layers.train(steps: g.integer(0...100), rate: 0.05)
        return try audit(layers)
      }
    ),
    (
      "data of scale 1e-12 … 1e12",
      { g in
        var layers = net(&g)
        let scale = exponential(g.integer(-12...12))
        layers.X *= Tensor(scale)
        if g.chance(0.6) { layers.weights[0] *= Tensor(1 / scale) }
        if layers.task == .regression, g.chance(0.5) { layers.Y *= Tensor(scale) }
        return try audit(layers)
      }
    ),
    (
      "features of different scales",
      { g in
        var layers = net(&g)
        layers.X =
          layers.X
          * Tensor((0..<layers.X.shape[0]).map { _ in exponential(g.integer(-6...6)) }).reshaped(
            to: [layers.X.shape[0], 1])
        return try audit(layers)
      }
    ),
    ("Float, by hand in Float", { g in try audit(try net(&g).converted(to: Float.self)) }),
    (
      "Float, by hand in Double",
      { g in
        let layers = try net(&g, depth: g.integer(2...3)).converted(to: Float.self)
        var recorded = layers.record()
        recorded.handDerived = try layers.converted(to: Double.self).derive().mapValues { try $0.converted() }
        return try recorded.audit()
      }
    ),
    (
      "Float, trained and saturated",
      { g in
        var layers = try net(&g).converted(to: Float.self)
        layers.weights[0] *= Tensor(Float(g.one(of: [1.0, 10, 100])))
        try layers.train(steps: g.integer(0...100), rate: 0.05)
        return try audit(layers)
      }
    ),
    (
      "custom graphs",
      { g in
        try Graphs.make(g.integer(0...Graphs.count - 1), using: &g).0.audit(as: Double.self)
      }
    ),
    (
      "custom graphs, scaled",
      { g in
        try Graphs.make(g.integer(0...Graphs.count - 1), scale: exponential(g.integer(-6...6)), using: &g).0
          .audit(as: Double.self)
      }
    ),
    (
      "custom graphs in Float",
      { g in
        try Graphs.make(g.integer(0...Graphs.count - 1), using: &g).0.audit(as: Float.self)
      }
    ),
    (
      "on kinks and ties",
      { g in
        let tape = Tape()
        let x = tape.variable(Tensor([0, g.number(-1...1), 0, 1]), named: "x")
        let y = tape.variable(Tensor([0, g.number(-1...1), 1e-9 * g.sign(), 1]), named: "y")
        let J = (relu(x) + abs(y) + maximum(x, y)).sum()
        // Another convention on the kink: the slope of the right side.
        let hand = x.applying(RightStep()) + (x .> y) + 0.5 * (x .== y)
        return try tape.audit(J, handDerived: ["x": hand])
      }
    ),
    (
      "on clamps and borders",
      { g in
        let tape = Tape()
        let a = tape.variable(Tensor([0, 1, g.number(0.1...0.9), 1, 0]), named: "A")
        let t = Tensor<Double>([0, 1, 1, 0, 1])
        let J = binaryCrossEntropy(a, t) + sqrt(a).sum()
        let hand = (-t / a + (1 - t) / (1 - a)) / 5 + 0.5 / sqrt(a)
        return try tape.audit(J, handDerived: ["A": hand])
      }
    ),
    (
      "NaN and ∞ in data and parameters",
      { g in
        var layers = net(&g)
        let poison = Tensor(g.one(of: [Double.nan, .infinity, -.infinity, 1e308]))
        if g.chance(0.5) { layers.X *= poison } else { layers.weights[g.integer(0...1)] *= poison }
        return try audit(layers)
      }
    ),
    (
      "the notes' convention",
      { g in
        let layers = net(&g, examples: g.integer(2...6))
        var recorded = layers.record()
        let m = Double(layers.exampleCount)
        recorded.handDerived = try layers.derive()
        for (name, gradient) in recorded.handDerived where name.hasPrefix("Z") || name.hasPrefix("A") {
          recorded.handDerived[name] = m * gradient
        }
        if g.chance(0.5) { recorded.convention = .perExample }
        return try recorded.audit()
      }
    ),
    (
      "hard places, no convention said",
      { g in
        var layers = net(&g, examples: g.integer(1...6))
        switch g.integer(0...3) {
        case 0: layers.weights[0] *= Tensor(g.one(of: [10.0, 200]))
        case 1: layers.Y = .zeros(layers.Y.shape)
        case 2:
          for l in 0..<layers.depth { layers.weights[l] *= Tensor(0.0) }
        default: try layers.train(steps: 200, rate: 0.2)
        }
        var recorded = layers.record()
        recorded.handDerived = try layers.derive()
        if g.chance(0.5) { recorded.handDerived = recorded.handDerived.filter { $0.key.hasPrefix("Z") } }
        return try recorded.audit()
      }
    ),
  ]

  static func exponential(_ exponent: Int) -> Double {
    (0..<abs(exponent)).reduce(1.0) { power, _ in exponent < 0 ? power / 10 : power * 10 }
  }

  private static func audit<S>(_ layers: Layers<S>) throws -> Audit {
    var recorded = layers.record()
    recorded.handDerived = try layers.derive()
    recorded.convention = .partialDerivatives
    return try recorded.audit()
  }

  static func net(
    _ g: inout SeededGenerator, depth: Int = 2, examples: Int? = nil,
    activations: [Activation] = [.tanh, .sigmoid, .relu, .leakyRelu(slope: 0.1), .identity]
  ) -> Layers<Double> {
    let hidden = (1..<depth).map { _ in g.integer(1...5) }
    return Layers(
      [g.integer(1...4)] + hidden + [g.chance(0.8) ? 1 : 2], examples: examples ?? g.integer(3...12),
      activations: hidden.map { _ in g.one(of: activations) },
      task: g.chance(0.5) ? .regression : .binaryClassification, using: &g)
  }
}

extension Case {
  /// The audit, in the type that the case is to be made in.
  func audit(as _: S.Type) throws -> Audit { try audit() }
}

/// 1 where x ≥ 0, 0 elsewhere.
private struct RightStep: Elementwise {
  static let name = "rightStep"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { 1 - step(-x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { .zeros(x.shape) }
}
