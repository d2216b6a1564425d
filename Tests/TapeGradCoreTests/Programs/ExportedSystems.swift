@testable import TapeGradCore

extension ExportedCases {
  /// Elimination beyond the table of samples: larger matrices, singular ones, and a step of a scan that solves a system.
  mutating func addSystems() throws {
    var generator = SeededGenerator(seed: 5)
    func normal(_ shape: Shape) throws -> Tensor<S> {
      Tensor(try Tensor<Double>.randomNormal(shape, using: &generator).array.converted())
    }
    /// Matrices far from singular, so that rounding does not grow, with the largest elements on the other diagonal, so that rows
    /// change places.
    func matrices(_ shape: Shape) throws -> Tensor<S> {
      let n = shape[shape.rank - 1]
      let largest = (0..<n * n).map { $0 / n + $0 % n == n - 1 ? 8 : 0 as S }
      return try normal(shape) + Tensor(largest, shape: [n, n])
    }
    try add(
      "systems: batch",
      compiled { (x: [Tensor<S>]) in
        let (value, gradient) = try valueWithGradient(at: x) { x in
          let (sign, logarithm) = x[0].signAndLogDeterminant()
          return (sin(solve(x[0], x[1])) + solve(x[0].transposed, x[1])).sum() + (sign * logarithm).sum()
        }
        return [value, solve(x[0], x[1]), x[0].inverse(), x[0].signAndLogDeterminant().sign] + gradient
      }, [matrices([3, 20, 20]), normal([3, 20, 4])])
    let hard = Self.hardMatrices, a = Tensor<S>(hard.flatMap { $0 }, shape: [hard.count, 3, 3])
    let sides = [1, -0.0, 2, 0, -3, 1] as [S], b = Tensor(hard.flatMap { _ in sides }, shape: [hard.count, 3, 2])
    for isTransposed in [false, true] {
      try add(
        "systems: singular, transposed \(isTransposed)",
        compiled { (x: [Tensor<S>]) in [x[0].applying(Solve(isTransposed: isTransposed), x[1])] }, [a, b])
    }
    try add(
      "systems: determinants of singular matrices",
      compiled { (x: [Tensor<S>]) in
        let (sign, logarithm) = x[0].signAndLogDeterminant()
        return [x[0].determinant(), sign, logarithm]
      }, [a])
    try add(
      "systems: in a scan",
      compiled { (x: [Tensor<S>]) in
        try gradient(at: x) { x in
          let last = try scan(over: x[1], from: x[2]) { state, row in solve(x[0], tanh(state) + row) }
          return square(last).sum()
        }
      }, [matrices([3, 3]), normal([4, 3]), normal([3])])
  }

  /// Zeros of both signs as pivots, infinities, NaN, pivots of one size. Elimination is exact, so that rounding decides nothing.
  private static var hardMatrices: [[S]] {
    [
      [0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1, 1, 1], [-0.0, 0, 1, 0, -0.0, 2, -0.0, 0, -1],
      [1, 2, 3, 2, 4, 6, 4, 8, 12], [0, 1, 2, 0, 2, 3, 0, 4, 8], [1, 2, 4, 0, 0, 0, 2, 1, 1],
      [2, 1, 0, -2, 1, 4, 2, 3, 1], [0, 0, 1, 1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1, 1, 0, 0],
      [.nan, 1, 2, 4, 5, 6, 7, 8, 1], [1, 2, 3, .nan, 4, 5, 4, 1, 2], [0, .infinity, 1, 0, 1, 2, 0, 2, 1],
      [.infinity, 1, 2, 1, 1, 0, 2, 0, 1], [0, 1, 2, 0, 4, 1, .nan, 1, 1], [1, 0, -.infinity, 0, 2, 1, 1, 1, 1],
      [-4, 0, 0, 0, -0.5, 0, 0, 0, -2], [0, 1, 0, 1, 0, 0, 0, 0, 1],
    ]
  }
}
