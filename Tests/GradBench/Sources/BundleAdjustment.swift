import TapeGradCore

/// How far projections of points lie from what cameras saw of them, and the Jacobian of that: sparse, since an observation
/// depends on one camera, one point and one weight.
let bundleAdjustment = [
  "objective": Function(
    prepare: { (input: BundleInput) in
      let observations = Observations(input)
      let program = compiled { (cameras: Tensor<Double>, points: Tensor<Double>, weights: Tensor<Double>) in
        (concatenate(projectionErrors(cameras, points, weights, input.feat)), 1 - square(weights))
      }
      return { try program(observations.cameras, observations.points, observations.weights) }
    },
    report: { try BundleErrors(projections: $0.0, weights: $0.1) }),
  "jacobian": Function(
    prepare: { (input: BundleInput) in
      let observations = Observations(input)
      // An error of an observation depends on its own arguments alone: the gradient of the sum over all observations has
      // the derivatives of each.
      let program = compiled { (cameras: Tensor<Double>, points: Tensor<Double>, weights: Tensor<Double>) in
        let blocks = try (0..<2).map { row in
          let (c, x, w) = try gradient(at: cameras, points, weights) { cameras, points, weights in
            projectionErrors(cameras, points, weights, input.feat)[row].sum()
          }
          return concatenate([c, x, w])
        }
        return (blocks[0], blocks[1], try gradient(at: weights) { (1 - square($0)).sum() })
      }
      return {
        let (first, second, weights) = try program(observations.cameras, observations.points, observations.weights)
        return try SparseJacobian(input, blocks: [first, second], weights: weights)
      }
    },
    report: { $0.shortened }),
]

struct BundleInput: Decodable {
  let n, m, p: Int
  let cam, x, feat: [Double]
  let w: Double
}

/// The arguments of every observation, one observation a column.
private struct Observations {
  let cameras, points, weights: Tensor<Double>

  init(_ input: BundleInput) {
    func columns(_ values: [Double], _ count: Int, _ repeats: Int) -> Tensor<Double> {
      // Observation i is one of camera i mod n and point i mod m.
      let table = Tensor(values.map { Array(repeating: $0, count: count) })
      return table.gathered((0..<repeats).map { $0 % count }, axis: 1)
    }
    cameras = columns(input.cam, input.n, input.p)
    points = columns(input.x, input.m, input.p)
    weights = Tensor(repeating: input.w, shape: [1, input.p])
  }
}

/// The errors in both directions of the picture.
private func projectionErrors(
  _ camera: Tensor<Double>, _ point: Tensor<Double>, _ weight: Tensor<Double>, _ seen: [Double]
) -> [Tensor<Double>] {
  func row(_ i: Int) -> Tensor<Double> { camera.sliced(i..<i + 1) }
  let seenFromCamera = rotated(point - camera.sliced(3..<6), by: camera.sliced(0..<3))
  func part(_ i: Int) -> Tensor<Double> { seenFromCamera.sliced(i..<i + 1) }
  let u = part(0) / part(2), v = part(1) / part(2)
  let radius = square(u) + square(v)
  let distortion = 1 + row(9) * radius + row(10) * square(radius)
  return [
    weight * (u * distortion * row(6) + row(7) - seen[0]), weight * (v * distortion * row(6) + row(8) - seen[1]),
  ]
}

/// Rodrigues' formula: x cos θ + (w × x) sin θ + w (w·x) (1 − cos θ) for a rotation by θ around the unit vector w, given
/// as θ w; x + θ w × x where θ is 0.
private func rotated(_ x: Tensor<Double>, by rotation: Tensor<Double>) -> Tensor<Double> {
  let squared = square(rotation).sum(axis: 0, keepingDimensions: true)
  let angle = sqrt(squared), axis = rotation / angle
  let along = (axis * x).sum(axis: 0, keepingDimensions: true) * (1 - cos(angle))
  let turned = x * cos(angle) + cross(axis, x) * sin(angle) + axis * along
  return select(squared .> 0, turned, x + cross(rotation, x))
}

private func cross(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Tensor<Double> {
  let next = [1, 2, 0], afterNext = [2, 0, 1]
  return a.gathered(next) * b.gathered(afterNext) - a.gathered(afterNext) * b.gathered(next)
}

/// The errors of the first observation, and how many there are: all observations of an input are alike.
private struct BundleErrors: Encodable {
  let projections: Tensor<Double>
  let weights: Tensor<Double>

  private enum Key: String, CodingKey { case projections = "reproj_error", weights = "w_err" }
  private struct Projection: Encodable { let elements: [Double], repeated: Int }
  private struct Weight: Encodable { let element: Double, repeated: Int }

  init(projections: Tensor<Double>, weights: Tensor<Double>) throws {
    self.projections = projections
    self.weights = weights
  }

  func encode(to encoder: any Encoder) throws {
    let errors = try projections.scalars, count = weights.shape[1]
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Projection(elements: [errors[0], errors[count]], repeated: count), forKey: .projections)
    try container.encode(Weight(element: weights.scalars[0], repeated: count), forKey: .weights)
  }
}

/// The Jacobian in compressed rows: for each row where its elements begin, and for each element its column and its number.
private struct SparseJacobian: Encodable {
  var rows: [Int], cols: [Int], vals: [Double]

  init(_ input: BundleInput, blocks: [Tensor<Double>], weights: Tensor<Double>) throws {
    let (n, m, p) = (input.n, input.m, input.p), cameraWidth = 11, width = 15
    let numbers = try blocks.map { try $0.scalars }, slopes = try weights.scalars
    let count = 2 * width * p + p
    rows = (0...2 * p).map { $0 * width } + (0..<p).map { 2 * width * p + $0 + 1 }
    cols = Array(unsafeUninitializedCapacity: count) { cols, filled in
      for i in 0..<2 * p {
        let (camera, point) = (cameraWidth * (i / 2 % n), cameraWidth * n + 3 * (i / 2 % m))
        for j in 0..<cameraWidth { cols[i * width + j] = camera + j }
        for j in 0..<3 { cols[i * width + cameraWidth + j] = point + j }
        cols[i * width + 14] = cameraWidth * n + 3 * m + i / 2
      }
      for i in 0..<p { cols[2 * width * p + i] = cameraWidth * n + 3 * m + i }
      filled = count
    }
    vals = Array(unsafeUninitializedCapacity: count) { vals, filled in
      for (row, block) in numbers.enumerated() {
        for i in 0..<p {
          for j in 0..<width { vals[(2 * i + row) * width + j] = block[j * p + i] }
        }
      }
      for i in 0..<p { vals[2 * width * p + i] = slopes[i] }
      filled = count
    }
  }

  /// The first thirty elements of each list, and the last one: what is answered.
  var shortened: SparseJacobian {
    var shortened = self
    shortened.rows = rows.prefix(30) + rows.suffix(1)
    shortened.cols = cols.prefix(30) + cols.suffix(1)
    shortened.vals = vals.prefix(30) + vals.suffix(1)
    return shortened
  }
}
