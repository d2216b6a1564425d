import TapeGrad

/// How steps are taken: one operation after the other, by a program called for each step, or by one that loops.
enum TrainingMode: String, CaseIterable {
  case eager, compiled, loop
}

/// Trains a problem's network: forward, backward, update.
struct Trainer<Scalar: TensorScalar> {
  private typealias Network = TwoLayerNetwork<Scalar>
  private typealias Step = @Sendable (Network, Tensor<Scalar>, Tensor<Scalar>) throws -> (Network, Tensor<Scalar>)

  private let problem: TrainingProblem<Scalar>
  private let mode: TrainingMode
  private var network: Network
  private let step: Step
  /// The loop that was used last, and how many steps it takes.
  private var loop: (count: Int, train: Step)?

  init(_ problem: TrainingProblem<Scalar>, _ mode: TrainingMode) {
    (self.problem, self.mode) = (problem, mode)
    network = problem.network
    guard mode == .compiled else {
      step = Self.takeStep
      return
    }
    let program = compiled { (network: Network, x: Tensor<Scalar>, y: Tensor<Scalar>) in
      try Self.takeStep(network, x, y)
    }
    step = { network, x, y in try program(network, x, y) }
  }

  /// Takes steps from where the last ones led, and gives the loss that the last one computes.
  @discardableResult mutating func train(_ count: Int) throws -> Tensor<Scalar> {
    var loss = Tensor<Scalar>(0)
    guard mode == .loop else {
      for _ in 0..<count { (network, loss) = try step(network, problem.features, problem.labels) }
      return loss
    }
    if loop?.count != count {
      let program = repeated(count) { (network: Network, x: Tensor<Scalar>, y: Tensor<Scalar>) in
        try Self.takeStep(network, x, y)
      }
      loop = (count, { network, x, y in try program(network, x, y) })
    }
    if let loop { (network, loss) = try loop.train(network, problem.features, problem.labels) }
    return loss
  }

  @Sendable private static func takeStep(
    _ network: Network, _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
  ) throws -> (Network, Tensor<Scalar>) {
    let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(x, labels: y) }
    return (network.moved(along: gradient, by: -TrainingProblem<Scalar>.rate), loss)
  }
}
