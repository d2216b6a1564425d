import TapeGradCore

/// Derivatives by differences, in Double.
enum Difference {
  /// The step between evaluations, relative to the larger of 1 and |x|.
  static let step = 2e-3

  /// `f′(x)` from six evaluations, `(45(f₁ − f₋₁) − 9(f₂ − f₋₂) + (f₃ − f₋₃))/60h`, right to about 1e-11; and how far the
  /// four inner ones, `(8(f₁ − f₋₁) − (f₂ − f₋₂))/12h`, give another result: an upper bound of its error.
  static func derivative(at x: Double, of f: (Double) throws -> Double) rethrows -> (value: Double, error: Double) {
    let h = step * max(1, abs(x))
    let d1 = try f(x + h) - f(x - h), d2 = try f(x + 2 * h) - f(x - 2 * h), d3 = try f(x + 3 * h) - f(x - 3 * h)
    let value = (45 * d1 - 9 * d2 + d3) / (60 * h)
    return (value, abs(value - (8 * d1 - d2) / (12 * h)))
  }

  /// The partial derivatives of a single number, by every element of every tensor.
  static func gradient(
    at x: [Tensor<Double>], of f: ([Tensor<Double>]) throws -> Tensor<Double>
  ) throws -> [[(value: Double, error: Double)]] {
    try x.indices.map { i in
      let scalars = try x[i].scalars
      return try scalars.indices.map { element in
        try derivative(at: scalars[element]) { moved in
          var scalars = scalars, operands = x
          scalars[element] = moved
          operands[i] = Tensor(scalars, shape: x[i].shape)
          return try f(operands).item
        }
      }
    }
  }
}
