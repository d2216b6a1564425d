import TapeGrad

extension BenchmarkChoice {
  /// What programs cost apart from the arithmetic: tracing and planning, a call, an instruction.
  ///
  /// All tensors are tiny, so that the kernels take next to nothing of the time.
  func measurePrograms(_ report: (Figure) throws -> Void) throws {
    // `count` is how many of the measured things the work does.
    func measure(_ name: String, of count: Int = 1, _ work: () throws -> Void) throws {
      let times = try stopwatch.time { for _ in 0..<$0 { try work() } }
      try report(Figure(.program, name, times.map { $0 / Double(count) }))
    }

    let problem = try TrainingProblem<Float>(NetworkSize(2, 4, 1), .tanh)
    try measure("trace and plan a training step, and take it") {
      // A new trainer has a new program, which knows no plan yet.
      var trainer = Trainer(problem, .compiled)
      try trainer.train(1)
    }

    let x = Tensor<Float>(1)
    let increment = compiled { (x: Tensor<Float>) in x + 1 }
    try measure("call a program (x + 1)") { _ = try increment(x) }

    // A matrix product is an instruction by itself, so 1000 of them are 1000 instructions. A rotation keeps the numbers
    // from growing.
    let length = 1000
    let rotation = Tensor<Float>([[0.6, -0.8], [0.8, 0.6]])
    let products = compiled { (w: Tensor<Float>) -> Tensor<Float> in
      (0..<length).reduce(w) { product, _ in matmul(w, product) }
    }
    try measure("replay an instruction (2 × 2 product)", of: length) { _ = try products(rotation) }
    // 1000 additions are fused into one instruction of 1000 steps.
    let sums = compiled { (x: Tensor<Float>) -> Tensor<Float> in (0..<length).reduce(x) { sum, _ in sum + x } }
    try measure("replay a step of a fused instruction (x + y)", of: length) { _ = try sums(x) }
  }
}
