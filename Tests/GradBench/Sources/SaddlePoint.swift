import TapeGradCore

/// The x that makes max_y f(x, y) smallest, and then that y, where f(x, y) = |x|² − |y|².
let saddlePoint = forModes(
  { (input: SaddleInput, outer, inner) in
    let start = Tensor(input.start)
    func highest(_ x: Tensor<Double>, _ mode: Mode) throws -> Tensor<Double> {
      try argmin(from: start, mode: mode) { y in height(y) - height(x) }
    }
    let x = try argmin(from: start, mode: outer) { x in height(x) - height(try highest(x, inner)) }
    return concatenate([x, try highest(x, inner)])
  }, report: { try $0.scalars })

struct SaddleInput: Decodable {
  let start: [Double]
}

private func height(_ x: Tensor<Double>) -> Tensor<Double> { square(x).sum() }
