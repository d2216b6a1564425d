import Foundation
import TapeGradCore

/// The logarithm of the posterior density of a mixture of K Gaussians in D dimensions, with a Wishart prior.
let gaussianMixture = [
  "objective": Function(
    prepare: { (input: MixtureInput) in
      let (mixture, x, constants) = input.prepared
      let program = compiled { (mixture: Mixture, x: Tensor<Double>) in mixture.logPosterior(x, constants) }
      return { try program(mixture, x) }
    }, report: { try $0.item }),
  "jacobian": Function(
    prepare: { (input: MixtureInput) in
      let (mixture, x, constants) = input.prepared
      let program = compiled { (mixture: Mixture, x: Tensor<Double>) in
        try gradient(at: mixture) { $0.logPosterior(x, constants) }
      }
      return { try program(mixture, x) }
    }, report: { try MixtureOutput($0) }),
]

struct MixtureInput: Decodable {
  let d, k, n, m: Int
  let gamma: Double
  let x, mu, q, l: [[Double]]
  let alpha: [Double]

  var prepared: (Mixture, Tensor<Double>, MixtureConstants) {
    let pairs = d * (d - 1) / 2
    let mixture = Mixture(
      alpha: Tensor(alpha), mu: Tensor(mu), q: Tensor(q), l: Tensor(l.flatMap(\.self), shape: [k, pairs]))
    return (mixture, Tensor(x).transposed, MixtureConstants(d: d, k: k, n: n, m: m, gamma: gamma))
  }
}

struct MixtureOutput: Encodable {
  let alpha: [Double], mu, q, l: [[Double]]

  init(_ mixture: Mixture) throws {
    alpha = try mixture.alpha.scalars
    mu = try rows(of: mixture.mu)
    q = try rows(of: mixture.q)
    l = try rows(of: mixture.l)
  }
}

struct MixtureConstants {
  let d, k, n, m: Int
  let gamma: Double

  /// Where element (i, j) of a lower triangular matrix is found in D elements of the diagonal, those below it column by
  /// column, and a 0.
  var triangle: [Int] {
    (0..<d * d).map { position in
      let i = position / d, j = position % d
      if i == j { return i }
      return i < j ? d + d * (d - 1) / 2 : d + j * (2 * d - j - 1) / 2 + i - j - 1
    }
  }

  /// What does not depend on the parameters: −N D/2 log 2π + K (n D log(γ/√2) − log Γ_D(n/2)) with n = D + m + 1.
  var constant: Double {
    let degrees = Double(d + m + 1), dimension = Double(d)
    let gammas = (0..<d).map { Foundation.lgamma((degrees - Double($0)) / 2) }.reduce(0, +)
    let logGamma = dimension * (dimension - 1) / 4 * Foundation.log(.pi) + gammas
    return -Double(n) * dimension / 2 * Foundation.log(2 * .pi)
      + Double(k) * (degrees * dimension * Foundation.log(gamma / 2.squareRoot()) - logGamma)
  }
}

/// Weights (from α), means μ, and the factors Q of the precision matrices Qᵀ Q: exp q on their diagonals, l below.
struct Mixture: TensorGroup {
  typealias Scalar = Double
  var alpha, mu, q, l: Tensor<Double>

  mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
    try visit("alpha", &alpha)
    try visit("mu", &mu)
    try visit("q", &q)
    try visit("l", &l)
  }

  /// - Parameter x: the points in columns.
  func logPosterior(_ x: Tensor<Double>, _ constants: MixtureConstants) -> Tensor<Double> {
    let (d, k, n) = (constants.d, constants.k, constants.n)
    let factors = concatenate([exp(q), l, .zeros([k, 1])], axis: 1).gathered(constants.triangle, axis: 1)
    // Q (x − μ) = Q x − Q μ: one matrix product for all components.
    let product = matmul(factors.reshaped(to: [k * d, d]), x).reshaped(to: [k, d, n])
    let shift = matmul(factors.reshaped(to: [k, d, d]), mu.reshaped(to: [k, d, 1]))
    let distances = square(product - shift).sum(axis: 1)
    let sums = q.sum(axis: 1)
    let terms = (alpha + sums).reshaped(to: [k, 1]) - 0.5 * distances
    let likelihood = logSumExp(terms, axis: 0).sum() - Double(n) * logSumExp(alpha, axis: 0)
    let prior = Double(constants.m) * sums.sum() - constants.gamma * constants.gamma / 2 * square(factors).sum()
    return constants.constant + likelihood + prior
  }
}

/// The rows of a matrix.
func rows(of matrix: Tensor<Double>) throws -> [[Double]] {
  let scalars = try matrix.scalars, length = matrix.shape[1]
  return (0..<matrix.shape[0]).map { Array(scalars[$0 * length..<($0 + 1) * length]) }
}
