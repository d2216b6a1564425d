import TapeGrad

extension BenchmarkChoice {
  /// Training steps of each size, activation and number type, taken in each mode.
  ///
  /// Every mode starts from the same network, and takes 20 steps before it is timed. The loss of the 20th goes into the
  /// figure: it shows that all modes, and other libraries, compute the same.
  ///
  /// A line of the result: `step 30x16x569 tanh Float compiled`, with the time of one step.
  func measureSteps(_ report: (Figure) throws -> Void) throws {
    for size in sizes {
      for activation in activations {
        for scalar in scalars { try measureSteps(size, activation, scalar.type, report) }
      }
    }
  }

  private func measureSteps<Scalar: TensorScalar>(
    _ size: NetworkSize, _ activation: Activation, _: Scalar.Type, _ report: (Figure) throws -> Void
  ) throws {
    let problem = try TrainingProblem<Scalar>(size, activation)
    for mode in modes {
      var trainer = Trainer(problem, mode)
      let loss = try trainer.train(Trainer<Scalar>.stepCount).item
      // Training goes on while it is timed: a step costs the same wherever it starts.
      let times = try stopwatch.time { try trainer.train($0) }
      let training = Figure.Training(
        size: [size.inputs, size.hidden, size.examples], scalar: "\(Scalar.self)", activation: "\(activation)",
        mode: mode.rawValue, loss: loss.doubleValue)
      try report(Figure(.step, "step \(size) \(activation) \(Scalar.self) \(mode)", times, training: training))
    }
  }
}
