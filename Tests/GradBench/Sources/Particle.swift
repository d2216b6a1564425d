import TapeGradCore

/// The control w that leads a charged particle to the origin, past charges at (10, 0) and (10, 10 − w).
let particle = forModes(
  { (input: ParticleInput, outer, inner) in
    try argmin(from: Tensor([input.w]), mode: outer) { try missedDistance($0, inner) }
  }, report: { try $0.item })

struct ParticleInput: Decodable {
  let w: Double
}

/// The square of where the particle crosses the axis, after Euler steps of 0.1.
private func missedDistance(_ w: Tensor<Double>, _ mode: Mode) throws -> Tensor<Double> {
  let fixed = Tensor<Double>([10, 0]), moved = concatenate([Tensor([10]), 10 - w])
  func potential(_ x: Tensor<Double>) -> Tensor<Double> {
    1 / sqrt(square(x - moved).sum()) + 1 / sqrt(square(x - fixed).sum())
  }
  var position = Tensor<Double>([0, 8]), velocity = Tensor<Double>([0.75, 0])
  while true {
    let next = position + 0.1 * velocity
    guard try next.scalars[1] > 0 else { break }
    velocity = velocity - 0.1 * (try mode.gradient(at: position, of: potential))
    position = next
  }
  func element(_ x: Tensor<Double>, _ i: Int) -> Tensor<Double> { x.sliced(i..<i + 1) }
  let time = -element(position, 1) / element(velocity, 1)
  return square(element(position, 0) + time * element(velocity, 0)).sum()
}
