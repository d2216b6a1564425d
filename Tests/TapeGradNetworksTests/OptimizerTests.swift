import TapeGradCore
import TapeGradNetworks
import Testing

/// Every optimizer, schedule and clipping against PyTorch; see `Golden/optimizers.py`.
struct OptimizerTests {
  private struct Numbers: Decodable {
    let recorded: [Int]
    let trajectories: [String: [[Double]]]
    let factors: [String: [Double]]
    let valley: [[Double]]
  }

  /// Two weights and a bias.
  struct Line: TensorGroup {
    var weight = Tensor<Double>([[0.5, -1.25]]), bias = Tensor<Double>([[0.75]])

    mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
      try visit("weight", &weight)
      try visit("bias", &bias)
    }

    var loss: Tensor<Double> {
      let x = concatenate([grid([1, 10], 0), grid([1, 10], 3)])
      let y = Tensor<Double>([[1, 0, 1, 1, 0, 0, 1, 0, 1, 0]])
      return binaryCrossEntropy(logits: matmul(weight, x) + bias, labels: y)
    }
  }

  typealias Make = @Sendable (Line) -> any Optimizer<Line>

  static let optimizers: [(name: String, make: Make)] = [
    ("gradientDescent", { GradientDescent(for: $0, rate: 0.5) }),
    ("gradientDescentL2", { with(GradientDescent(for: $0, rate: 0.5)) { $0.weightDecay = .l2(0.1) } }),
    ("momentum", { Momentum(for: $0, rate: 0.1) }),
    ("nesterov", { Momentum(for: $0, rate: 0.1, isNesterov: true) }),
    ("rmsProp", { RMSProp(for: $0, rate: 0.01) }),
    ("adam", { Adam(for: $0, rate: 0.05) }),
    ("adamL2", { Adam(for: $0, rate: 0.05, weightDecay: .l2(0.1)) }),
    ("adamW", { Adam(for: $0, rate: 0.05, weightDecay: .decoupled(0.1)) }),
    (
      "gradientDescentL2Weight",
      { with(GradientDescent(for: $0, rate: 0.5)) { $0.weightDecay = .l2(0.1, sparing: ["bias"]) } }
    ),
    ("adamWWeight", { Adam(for: $0, rate: 0.05, weightDecay: .decoupled(0.1, sparing: ["bias"])) }),
    ("adagrad", { Adagrad(for: $0, rate: 0.1) }),
    ("lbfgs", { LBFGS(for: $0, rate: 0.1, memory: 5) }),
    ("lbfgsStrongWolfe", { LBFGS(for: $0, memory: 5, lineSearch: .strongWolfe) }),
    ("clippedByNorm", { with(Momentum(for: $0, rate: 0.5, momentum: 0.5)) { $0.clipping = .norm(0.1) } }),
    ("clippedByValue", { with(Momentum(for: $0, rate: 0.5, momentum: 0.5)) { $0.clipping = .value(0.05) } }),
    ("adamCosine", { with(Adam(for: $0, rate: 0.05)) { $0.schedule = .cosine(steps: 100) } }),
  ]

  private static func with<O: Optimizer>(_ optimizer: O, _ change: (inout O) -> Void) -> O {
    var optimizer = optimizer
    change(&optimizer)
    return optimizer
  }

  /// The parameters after some of 100 steps, each step compiled, or its loss and gradient where it searches along a line.
  private func trajectory<O: Optimizer>(_ optimizer: O, _ recorded: [Int]) throws -> [[Double]]
  where O.Model == Line {
    let step = compiled { (state: Optimized<O>) in
      state.updated(along: try gradient(at: state.model) { $0.loss })
    }
    let evaluation = compiled { (line: Line) -> (Tensor<Double>, Line) in
      try valueWithGradient(at: line) { $0.loss }
    }
    var state = Optimized(Line(), by: optimizer), found: [[Double]] = []
    for count in 1...100 {
      state =
        optimizer.searchesLine
        ? try state.optimizer.updated(state.model) { try evaluation($0) }.next : try step(state)
      if recorded.contains(count) { found.append(try state.model.weight.scalars + state.model.bias.scalars) }
    }
    return found
  }

  @Test("a hundred steps are PyTorch's", arguments: optimizers.map(\.name))
  func trajectories(name: String) throws {
    let numbers: Numbers = try golden("optimizers.json")
    let make = try #require(Self.optimizers.first { $0.name == name }?.make)
    let found = try trajectory(make(Line()), numbers.recorded)
    let expected = try #require(numbers.trajectories[name])
    #expect(relativeDistance(found.flatMap { $0 }, expected.flatMap { $0 }) <= 1e-12)
  }

  @Test("every trajectory of the file is compared")
  func trajectoriesAreComplete() throws {
    let numbers: Numbers = try golden("optimizers.json")
    #expect(numbers.trajectories.keys.sorted() == Self.optimizers.map(\.name).sorted())
  }

  /// A model in a model: its tensors have names of several parts.
  struct Nested: TensorGroup {
    var line = Line()

    mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
      try line.visitTensors { try visit("line.\($0)", &$1) }
    }
  }

  @Test("a decay that spares biases is one of the weights, in steps and in searches along lines")
  func sparing() throws {
    func parameters<O: Optimizer<Nested>>(_ optimizer: O, decay: WeightDecay, added lambda: Double) throws -> [Double] {
      var optimizer = optimizer, model = Nested()
      optimizer.weightDecay = decay
      try optimizer.minimize(&model, epochs: 10) { $0.line.loss + lambda / 2 * square($0.line.weight).sum() }
      return try model.line.weight.scalars + model.line.bias.scalars
    }
    let spared = WeightDecay.l2(0.1, sparing: ["bias"])
    let search = LBFGS(for: Nested(), memory: 5, lineSearch: .strongWolfe)
    let step = GradientDescent(for: Nested(), rate: 0.5)
    let searched = try parameters(search, decay: spared, added: 0)
    let stepped = try parameters(step, decay: spared, added: 0)
    #expect(relativeDistance(searched, try parameters(search, decay: .none, added: 0.1)) <= 1e-9)
    #expect(relativeDistance(stepped, try parameters(step, decay: .none, added: 0.1)) <= 1e-12)
    // Without a gradient, only the weights move.
    let adam = Adam(for: Nested(), rate: 0.5, weightDecay: .decoupled(0.1, sparing: ["bias"]))
    let moved = Optimized(Nested(), by: adam).updated(along: Nested().mapTensors { .zeros($0.shape) }).model.line
    #expect(try moved.weight.scalars == [0.5, -1.25].map { $0 * (1 - 0.5 * 0.1) } && moved.bias.scalars == [0.75])
  }

  @Test("a line search takes PyTorch's way through a bent valley")
  func valley() throws {
    let numbers: Numbers = try golden("optimizers.json")
    var place = Tensor<Double>([-1.2, 1]), found: [Double] = [], losses: [Double] = []
    var descent = LBFGS(for: place, memory: 5, lineSearch: .strongWolfe)
    for step in 1...numbers.valley.count {
      try descent.minimize(&place, epochs: 1) { _, loss in
        losses.append(loss)
      } of: { w in
        square(1 - w[0]) + 100 * square(w[1] - square(w[0]))
      }
      found += try place.scalars
      // No step goes up.
      if step > 1 { #expect(losses[step - 1] <= losses[step - 2]) }
    }
    #expect(relativeDistance(found, numbers.valley.flatMap { $0 }) <= 1e-9)
    #expect(relativeDistance(found.suffix(2), [1, 1]) <= 1e-6)
  }

  @Test("a step that searches along a line cannot be compiled, and says so")
  func searchIsNoProgram() throws {
    typealias Method = LBFGS<Line>
    let step = compiled { (state: Optimized<Method>) in
      try state.optimizer.updated(state.model) { try valueWithGradient(at: $0) { $0.loss } }.next
    }
    #expect(throws: TensorError.self) {
      try step(Optimized(Line(), by: LBFGS(for: Line(), lineSearch: .strongWolfe)))
    }
  }

  @Test("a line search finds where the loss falls from a place where no unit step does", arguments: [1e-3, 1, 1e3])
  func lengths(scale: Double) throws {
    // The first direction is −g, and 1/‖g‖₁ of it is far too short or far too long.
    var x = Tensor<Double>([3 * scale])
    var descent = LBFGS(for: x, lineSearch: .strongWolfe)
    try descent.minimize(&x, epochs: 12) { log(1 + square($0 / scale)).sum() }
    #expect(try abs(x.item) <= 1e-6 * scale)
    // At the minimum, nothing moves any more.
    let there = try x.item
    try descent.minimize(&x, epochs: 3) { log(1 + square($0 / scale)).sum() }
    #expect(try abs(x.item) <= abs(there))
  }

  @Test(
    "eager, compiled and repeated steps have the same bits",
    arguments: optimizers.map(\.name).filter { !$0.hasSuffix("Wolfe") })
  func sameBits(name: String) throws {
    let make = try #require(Self.optimizers.first { $0.name == name }?.make)
    try expectSameBits(make(Line()))
  }

  private func expectSameBits<O: Optimizer>(_ optimizer: O) throws where O.Model == Line {
    let step: @Sendable (Optimized<O>) throws -> Optimized<O> = { state in
      state.updated(along: try gradient(at: state.model) { $0.loss })
    }
    var eager = Optimized(Line(), by: optimizer), replayed = eager
    let program = compiled(step)
    for _ in 0..<15 {
      eager = try step(eager)
      replayed = try program(replayed)
    }
    let looped = try repeated(15, step)(Optimized(Line(), by: optimizer))
    for (other, way) in [(replayed, "compiled"), (looped, "repeated")] {
      for (a, b) in zip(eager.tensors, other.tensors) {
        #expect(try a.tensor.scalars.map(\.bitPattern) == b.tensor.scalars.map(\.bitPattern), "\(way): \(a.name)")
      }
    }
  }

  private static let schedules: [(String, LearningRateSchedule)] = [
    ("step", .step(at: [10, 30, 31], factor: 0.5)), ("cosine", .cosine(steps: 100, end: 0.01)),
    ("warmUp", .warmUp(steps: 20, start: 0.25, then: .cosine(steps: 80))), ("oneCycle", .oneCycle(steps: 102)),
  ]

  @Test("the factors of schedules are PyTorch's", arguments: schedules.map(\.0))
  func factors(name: String) throws {
    let schedule = try #require(Self.schedules.first { $0.0 == name }?.1)
    let found = try (0...100).map { try schedule.factor(afterSteps: Tensor<Double>(Double($0))).item }
    let expected: Numbers = try golden("optimizers.json")
    #expect(relativeDistance(found, try #require(expected.factors[name])) <= 1e-12)
  }

  private func configuration(_ group: some TensorGroup) -> Int {
    var hasher = Hasher()
    group.hashConfiguration(into: &hasher)
    return hasher.finalize()
  }

  @Test("a change of the rate needs no new plan, a change of anything else does")
  func configurations() throws {
    let line = Line(), adam = Adam(for: line, rate: 0.1), momentum = Momentum(for: line, rate: 0.1)
    var another = adam
    another.rate = Tensor(0.2)
    #expect(configuration(another) == configuration(adam))
    let others: [any TensorGroup] = [
      Self.with(adam) { $0.schedule = .cosine(steps: 10) }, Self.with(adam) { $0.clipping = .norm(1) },
      Self.with(adam) { $0.weightDecay = .l2(1) }, Self.with(adam) { $0.beta1 = 0.8 },
      Self.with(adam) { $0.beta2 = 0.8 }, Self.with(adam) { $0.epsilon = 0.1 }, momentum,
      Self.with(momentum) { $0.momentum = 0.8 }, Self.with(momentum) { $0.isNesterov = true },
      RMSProp(for: line, rate: 0.1), RMSProp(for: line, rate: 0.1, smoothing: 0.9),
      RMSProp(for: line, rate: 0.1, epsilon: 0.1), Adagrad(for: line, rate: 0.1),
      Adagrad(for: line, rate: 0.1, epsilon: 0.1), LBFGS(for: line), LBFGS(for: line, memory: 3),
      LBFGS(for: line, lineSearch: .strongWolfe),
    ]
    let found = ([adam] + others).map { configuration($0) }
    #expect(Set(found).count == others.count + 1)
  }

  @Test("the state is saved under names")
  func names() {
    let state = Optimized(Line(), by: Adam(for: Line(), rate: 0.1))
    #expect(
      state.tensors.map(\.name) == [
        "model.weight", "model.bias", "optimizer.rate", "optimizer.stepsTaken", "optimizer.mean.weight",
        "optimizer.mean.bias", "optimizer.meanSquare.weight", "optimizer.meanSquare.bias",
      ])
  }
}
