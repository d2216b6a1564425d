import TapeGradCore

/// y(x) = ½ Σ (sign tᵢ − x₀ − x₁ tᵢ − x₂ tᵢ² − …)² for n points tᵢ from −1 to 1.
let leastSquares = [
  "primal": Function(
    prepare: { (input: LeastSquaresInput) in
      let primal = compiled(squaredResiduals)
      return { try primal(Tensor(input.x), points(input.n)) }
    }, report: { try $0.item }),
  "gradient": Function(
    prepare: { (input: LeastSquaresInput) in
      let program = compiled { (x: Tensor<Double>, t: Tensor<Double>) in
        try gradient(at: x) { squaredResiduals($0, t) }
      }
      return { try program(Tensor(input.x), points(input.n)) }
    }, report: { try $0.scalars }),
]

struct LeastSquaresInput: Decodable {
  let x: [Double]
  let n: Int
}

private func points(_ n: Int) -> Tensor<Double> {
  Tensor((0..<n).map { -1 + Double($0) * 2 / Double(n - 1) })
}

/// The polynomial by Horner's rule: ((x₂ t + x₁) t + x₀). Its backward pass needs t alone, and a program does it all in
/// passes over blocks of points.
@Sendable private func squaredResiduals(_ x: Tensor<Double>, _ t: Tensor<Double>) -> Tensor<Double> {
  var polynomial = Tensor<Double>.zeros(t.shape)
  for k in (0..<x.shape[0]).reversed() { polynomial = polynomial * t + x.sliced(k..<k + 1) }
  return square(sign(t) - polynomial).sum() / 2
}
