import TapeGrad

extension BenchmarkChoice {
  /// Processes from their start to their end.
  func measureProcesses(_ report: (Figure) -> Void) throws {
    func measure(_ name: String, _ arguments: [String]) throws {
      let processes = try (0..<min(stopwatch.runs, 5)).map { _ in try FinishedProcess(arguments) }
      report(
        Figure(
          "process", "process: \(name)", processes.map(\.seconds), peakBytes: processes.map(\.peakBytes).max()))
    }

    try measure("a first gradient", ["--once", "gradient"])
    for size in sizes {
      for mode in modes {
        try measure(
          "20 steps \(size) \(mode)",
          [
            "--once", mode.rawValue, "--sizes", "\(size)", "--activation", "\(activations[0])",
            "--scalar", "\(scalars[0])",
          ])
      }
    }
  }
}

/// What a process does that is measured from outside.
enum OnceWork {
  case gradient
  case training(TrainingMode)

  init?(_ name: String) {
    guard name != "gradient" else {
      self = .gradient
      return
    }
    guard let mode = TrainingMode(rawValue: name) else { return nil }
    self = .training(mode)
  }

  func run(_ choice: BenchmarkChoice) throws {
    switch self {
    case .gradient: _ = try TapeGrad.gradient(at: Tensor<Float>([1, 2, 3])) { x in (x * x).sum() }.scalars
    case .training(let mode): try train(choice.sizes[0], choice.activations[0], choice.scalars[0], mode)
    }
  }

  private func train<Scalar: TensorScalar>(
    _ size: NetworkSize, _ activation: Activation, _: Scalar.Type, _ mode: TrainingMode
  ) throws {
    var trainer = Trainer(try TrainingProblem<Scalar>(size, activation), mode)
    _ = try trainer.train(20).item
  }
}
