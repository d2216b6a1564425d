import TapeGrad

/// How training steps are taken.
package enum TrainingMode: String, CaseIterable, Sendable {
  /// One operation after the other, each recorded on a tape.
  case eager
  /// By a compiled program, called once for each step.
  case compiled
  /// By a compiled program that takes many steps in one call.
  case loop
}

/// Trains a problem's network by gradient descent on all examples: forward, backward, update.
///
/// All modes run the same function, `takeStep`, and so compute the same losses.
struct Trainer<Scalar: TensorScalar> {
  private typealias Network = TwoLayerNetwork<Scalar>
  private typealias Step = @Sendable (Network, Tensor<Scalar>, Tensor<Scalar>) throws -> (Network, Tensor<Scalar>)

  /// How many steps are taken before the loss is read, so that every mode can be checked against the others.
  static var stepCount: Int { 20 }

  // What is trained, and how.
  private let problem: TrainingProblem<Scalar>
  private let mode: TrainingMode
  /// The network after the steps so far.
  private var network: Network
  /// One step, eager or compiled.
  private let step: Step
  /// The loop that was used last, and how many steps it takes.
  private var loop: (count: Int, train: Step)?

  /// A trainer that has taken no step. Programs are traced and planned at the first one.
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
    // The number of rounds is a constant of the program, so another one needs another program.
    if loop?.count != count {
      let program = repeated(count) { (network: Network, x: Tensor<Scalar>, y: Tensor<Scalar>) in
        try Self.takeStep(network, x, y)
      }
      loop = (count, { network, x, y in try program(network, x, y) })
    }
    if let loop { (network, loss) = try loop.train(network, problem.features, problem.labels) }
    return loss
  }

  /// The network after one step, and the loss before it.
  @Sendable private static func takeStep(
    _ network: Network, _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
  ) throws -> (Network, Tensor<Scalar>) {
    let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(x, labels: y) }
    return (network.moved(along: gradient, by: -TrainingProblem<Scalar>.rate), loss)
  }
}
