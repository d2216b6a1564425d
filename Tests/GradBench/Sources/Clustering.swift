import TapeGradCore

/// f(C) = Σᵢ minⱼ |Cⱼ − Pᵢ|², and the direction of Newton's method: gradient divided by the Hessian's diagonal. The Hessian
/// has no other elements, so that its diagonal is its product with a vector of ones.
let clustering = [
  "cost": Function(
    prepare: { (input: ClusteringInput) in
      let points = Tensor(input.points), centroids = Tensor(input.centroids), program = compiled(cost)
      return { try program(centroids, points) }
    }, report: { try $0.item }),
  "dir": Function(
    prepare: { (input: ClusteringInput) in
      let points = Tensor(input.points), centroids = Tensor(input.centroids)
      let program = compiled { (centroids: Tensor<Double>, points: Tensor<Double>) in
        let (slope, curvature) = try valueWithPushforward(at: centroids, along: .ones(centroids.shape)) { centroids in
          try gradient(at: centroids) { cost($0, points) }
        }
        return slope / curvature
      }
      return { try program(centroids, points) }
    }, report: { try rows(of: $0) }),
]

struct ClusteringInput: Decodable {
  let points, centroids: [[Double]]
}

/// |C − P|² = C² − 2 C·P + P²: the products of all pairs are one matrix product.
@Sendable private func cost(_ centroids: Tensor<Double>, _ points: Tensor<Double>) -> Tensor<Double> {
  let products = matmul(centroids, points.transposed)
  let negated = 2 * products - square(centroids).sum(axis: 1, keepingDimensions: true)
  return (square(points).sum(axis: 1) - negated.max(axis: 0)).sum()
}
