import TapeGrad

extension BenchmarkChoice {
  /// Processes from their start to their end, as a script that is run once meets the library.
  ///
  /// Loading the program, starting threads, tracing and planning all count here; the other groups leave them out.
  ///
  /// The command starts itself: `tapegrad benchmark --once gradient` does the work and prints the most memory it had;
  /// this process measures from outside how long that took.
  func measureProcesses(
    _ arguments: (OnceWork, BenchmarkChoice) -> [String], _ report: (Figure) throws -> Void
  ) throws {
    // Five runs at most: starting a process takes long beside what it does.
    func measure(_ name: String, _ work: OnceWork, _ choice: BenchmarkChoice) throws {
      let processes = try (0..<min(runs, 5)).map { _ in try FinishedProcess(arguments(work, choice)) }
      try report(
        Figure(
          .process, "process: \(name)", processes.map(\.seconds), peakBytes: processes.map(\.peakBytes).max()))
    }

    try measure("a first gradient", .gradient, self)
    for size in sizes {
      var one = self
      one.sizes = [size]
      for mode in modes { try measure("20 steps \(size) \(mode)", .training(mode), one) }
    }
  }
}

/// What a process does that is measured from outside.
package enum OnceWork: Sendable {
  /// The gradient of `Σ x²` of three numbers.
  case gradient
  /// 20 training steps of the first of the chosen networks.
  case training(TrainingMode)

  /// The names of all kinds of work.
  package static let names = [OnceWork.gradient.name] + TrainingMode.allCases.map(\.rawValue)

  /// The work of a name.
  package init?(_ name: String) {
    guard name != OnceWork.gradient.name else {
      self = .gradient
      return
    }
    guard let mode = TrainingMode(rawValue: name) else { return nil }
    self = .training(mode)
  }

  /// `gradient`, or how the steps are taken.
  package var name: String {
    switch self {
    case .gradient: "gradient"
    case .training(let mode): mode.rawValue
    }
  }

  /// Does the work, with the first size, activation and number type of a choice.
  package func run(_ choice: BenchmarkChoice) throws {
    switch self {
    case .gradient: _ = try TapeGrad.gradient(at: Tensor<Float>([1, 2, 3])) { x in (x * x).sum() }.scalars
    case .training(let mode): try train(choice.sizes[0], choice.activations[0], choice.scalars[0].type, mode)
    }
  }

  private func train<Scalar: TensorScalar>(
    _ size: NetworkSize, _ activation: Activation, _: Scalar.Type, _ mode: TrainingMode
  ) throws {
    var trainer = Trainer(try TrainingProblem<Scalar>(size, activation), mode)
    _ = try trainer.train(Trainer<Scalar>.stepCount).item
  }
}
