import TapeGrad

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension BenchmarkChoice {
  /// A program of many small instructions, on one thread and on all, alone and beside a busy loop on each processor.
  ///
  /// A thread that has to share its processor is away for milliseconds at a time, a thousand times longer than an
  /// instruction takes: this shows how long a program waits for it. Single calls vary widely then, so a run is the mean of
  /// a tenth of a second; runs on one thread and on all alternate, so that both meet the same machine.
  ///
  ///   Jacobian 100 × 128 × 100, quiet, 1 thread          the plan alone
  ///   Jacobian 100 × 128 × 100, quiet, 2 threads         what threads gain
  ///   Jacobian 100 × 128 × 100, busy, 1 thread           half a processor is left
  ///   Jacobian 100 × 128 × 100, busy, 2 threads          should be near the line above: nobody waits for who is away
  package func measureBusy(_ report: (Figure) throws -> Void) throws {
    let problem = JacobianProblem()
    _ = try problem.secondsPerCall(during: 0)  // traces and plans
    let threads = threadCount
    defer { threadCount = threads }
    for isBusy in [false, true] {
      let loops = isBusy ? BusyLoops() : nil
      defer { loops?.stop() }
      var single: [Double] = [], shared: [Double] = []
      for _ in 0..<stopwatch.runs {
        threadCount = 1
        single.append(try problem.secondsPerCall(during: stopwatch.batch * 10))
        threadCount = threads
        shared.append(try problem.secondsPerCall(during: stopwatch.batch * 10))
      }
      let name = "Jacobian 100 × 128 × 100, \(isBusy ? "busy" : "quiet"),"
      let alone = Figure(.program, "\(name) 1 thread", single)
      let ratio = Figure(.program, "\(name) \(threads) threads", shared).medianSeconds / alone.medianSeconds
      try report(alone)
      try report(
        Figure(
          .program, "\(name) \(threads) threads", shared,
          rate: Figure.Rate(value: ratio * (shared.min() ?? 0), unit: "× the time on 1 thread")))
    }
  }
}

/// The Jacobian of a 100 × 128 × 100 network with respect to its input: a program of 300 instructions, most of them a
/// microsecond long.
private struct JacobianProblem {
  private let program: () throws -> Tensor<Double>

  init() {
    var generator = SeededGenerator(seed: 1)
    let w1 = Tensor<Double>.randomUniform([128, 100], in: -0.1...0.1, using: &generator)
    let w2 = Tensor<Double>.randomUniform([100, 128], in: -0.1...0.1, using: &generator)
    let x = Tensor<Double>.randomUniform([100, 1], in: -1...1, using: &generator)
    let compiled = compiled { (x: Tensor<Double>, w1: Tensor<Double>, w2: Tensor<Double>) in
      try jacobian(at: x) { x in matmul(w2, tanh(matmul(w1, x))) }
    }
    program = { try compiled(x, w1, w2) }
  }

  /// The mean time of a call, over so many seconds.
  func secondsPerCall(during limit: Double) throws -> Double {
    var total = 0.0, calls = 0
    while total < limit || calls < 2 {
      total += try seconds { _ = try program() }
      calls += 1
    }
    return total / Double(calls)
  }
}

/// A process on each processor, which does nothing, without end.
///
/// Each looks for this one again and again, so that none is left behind where the benchmark is stopped.
private struct BusyLoops {
  private let processes: [pid_t]

  init() {
    processes = (0..<ProcessInfo.processInfo.activeProcessorCount).compactMap { processor in
      let loop = "exec 2>/dev/null; while kill -0 \(getpid()); do :; done"
      #if os(Linux)
        let words = ["taskset", "-c", "\(processor)", "sh", "-c", loop]
      #else
        let words = ["sh", "-c", loop]
      #endif
      var arguments = words.map { strdup($0) } + [nil], process: pid_t = 0
      defer { arguments.forEach { free($0) } }
      return posix_spawnp(&process, words[0], nil, nil, &arguments, environ) == 0 ? process : nil
    }
  }

  func stop() {
    for process in processes {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
  }
}
