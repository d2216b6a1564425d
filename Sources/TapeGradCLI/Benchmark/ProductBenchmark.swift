import TapeGrad

extension BenchmarkChoice {
  /// Products of square matrices.
  func measureProducts(_ report: (Figure) -> Void) throws {
    for scalar in scalars {
      for side in sides { report(try product(side, scalar)) }
    }
  }

  private func product<Scalar: TensorScalar>(_ side: Int, _: Scalar.Type) throws -> Figure {
    var generator = SeededGenerator(seed: 1)
    let a = Tensor<Scalar>.randomUniform([side, side], using: &generator)
    let b = Tensor<Scalar>.randomUniform([side, side], using: &generator)
    let times = try stopwatch.time { count in for _ in 0..<count { try matmul(a, b).validated() } }
    let operations = 2 * Double(side) * Double(side) * Double(side)
    return Figure(
      "matmul", "matmul \(side) \(Scalar.self)", times, rate: Figure.Rate(value: operations / 1e9, unit: "GFLOP/s"))
  }
}
