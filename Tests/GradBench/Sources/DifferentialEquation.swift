import TapeGradCore

/// y₀′ = x₀, yᵢ′ = xᵢ yᵢ₋₁ from y = 0 at t = 0 to t = 2, by Runge and Kutta in s steps.
let differentialEquation = [
  "primal": Function(
    prepare: { (input: EquationInput) in
      let x = Tensor(input.x), steps = input.s
      let program = compiled { (x: Tensor<Double>) in solution(x, steps: steps) }
      return { try program(x) }
    }, report: { try $0.scalars }),
  "gradient": Function(
    prepare: { (input: EquationInput) in
      let x = Tensor(input.x), steps = input.s
      let program = compiled { (x: Tensor<Double>) in
        try gradient(at: x) { x in
          let y = solution(x, steps: steps)
          return y.sliced(y.shape[0] - 1..<y.shape[0]).sum()
        }
      }
      return { try program(x) }
    }, report: { try $0.scalars }),
]

struct EquationInput: Decodable {
  let x: [Double]
  let s: Int
}

private func solution(_ x: Tensor<Double>, steps: Int) -> Tensor<Double> {
  let n = x.shape[0], h = 2 / Double(steps)
  func slope(_ y: Tensor<Double>) -> Tensor<Double> { x * concatenate([.ones([1]), y.sliced(0..<n - 1)]) }
  var y = Tensor<Double>.zeros([n])
  for _ in 0..<steps {
    let k1 = slope(y)
    let k2 = slope(y + h / 2 * k1)
    let k3 = slope(y + h / 2 * k2)
    let k4 = slope(y + h * k3)
    y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
  }
  return y
}
