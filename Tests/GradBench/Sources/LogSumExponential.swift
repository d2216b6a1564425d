import TapeGradCore

/// log Σ exp xᵢ = a + log Σ exp(xᵢ − a) with a = max x, from these operations rather than from the one that exists.
let logSumExponential = [
  "primal": Function(
    prepare: { (input: LogSumExponentialInput) in
      let x = Tensor(input.x), primal = compiled(logOfSum)
      return { try primal(x) }
    }, report: { try $0.item }),
  "gradient": Function(
    prepare: { (input: LogSumExponentialInput) in
      let x = Tensor(input.x), program = compiled { (x: Tensor<Double>) in try gradient(at: x, of: logOfSum) }
      return { try program(x) }
    }, report: { try $0.scalars }),
]

struct LogSumExponentialInput: Decodable {
  let x: [Double]
}

@Sendable private func logOfSum(_ x: Tensor<Double>) -> Tensor<Double> {
  let largest = x.max()
  return largest + log(exp(x - largest).sum())
}
