import TapeGrad

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension BenchmarkChoice {
  /// Processes from their start to their end.
  func measureProcesses(_ report: (Figure) -> Void) throws {
    let runs = min(stopwatch.runs, 5)
    func measure(_ name: String, _ arguments: [String]) throws {
      let processes = try (0..<runs).map { _ in try FinishedProcess(arguments) }
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

/// A run of this command's own program: how long it took, and the most memory that it had.
private struct FinishedProcess {
  let seconds: Double
  let peakBytes: Int

  init(_ options: [String]) throws {
    let program = CommandLine.arguments[0]
    var usage = rusage(), status: Int32 = 0
    var arguments: [UnsafeMutablePointer<CChar>?] = ([program, BenchmarkCommand.name] + options).map { strdup($0) }
    arguments.append(nil)
    defer { arguments.forEach { free($0) } }
    seconds = try TapeGradCLI.seconds {
      var process: pid_t = 0
      let failure = posix_spawnp(&process, program, nil, nil, arguments, environ)
      guard failure == 0, wait4(process, &status, 0, &usage) == process, status == 0 else {
        throw CommandError("\(program) \(options.joined(separator: " ")): could not be run")
      }
    }
    #if canImport(Darwin)
      peakBytes = usage.ru_maxrss
    #else
      peakBytes = usage.ru_maxrss * 1024
    #endif
  }
}
