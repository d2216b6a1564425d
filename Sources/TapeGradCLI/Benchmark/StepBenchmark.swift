import TapeGrad

extension BenchmarkChoice {
  /// Training steps of each size, activation and scalar type, taken in each mode.
  func measureSteps(_ report: (Figure) -> Void) throws {
    for size in sizes {
      for activation in activations {
        for scalar in scalars { try measureSteps(size, activation, scalar, report) }
      }
    }
  }

  private func measureSteps<Scalar: TensorScalar>(
    _ size: NetworkSize, _ activation: Activation, _: Scalar.Type, _ report: (Figure) -> Void
  ) throws {
    let problem = try TrainingProblem<Scalar>(size, activation)
    for mode in modes {
      var trainer = Trainer(problem, mode)
      let loss = try trainer.train(20).item
      let times = try stopwatch.time { try trainer.train($0) }
      let training = Figure.Training(
        size: [size.inputs, size.hidden, size.examples], scalar: "\(Scalar.self)", activation: "\(activation)",
        mode: mode.rawValue, loss: loss.doubleValue)
      report(Figure("step", "step \(size) \(activation) \(Scalar.self) \(mode)", times, training: training))
    }
  }
}
