import TapeGradCore

/// How far a posed model of a hand lies from measured points. The Jacobian has few columns (26 parameters of the pose, and
/// two for where on its triangle each point lies), so it is computed along one direction after the other.
let handTracking = [
  "objective": Function(
    prepare: { (input: HandInput) in
      let hand = Hand(input)
      let program = compiled { (theta: Tensor<Double>, us: Tensor<Double>) in hand.errors(theta, us) }
      return { try program(hand.theta, hand.us) }
    }, report: { try $0.scalars }),
  "jacobian": Function(
    prepare: { (input: HandInput) in
      let hand = Hand(input)
      let program = compiled {
        (theta: Tensor<Double>, us: Tensor<Double>, dTheta: Tensor<Double>, dUs: Tensor<Double>) in
        try pushforward(at: theta, us, along: dTheta, dUs, of: hand.errors)
      }
      return { try hand.directions.map { try program(hand.theta, hand.us, $0.theta, $0.us) } }
    },
    report: { columns in
      let columns = try columns.map { try $0.scalars }
      return columns[0].indices.map { row in columns.map { $0[row] } }
    }),
]

struct HandInput: Decodable {
  struct Model: Decodable {
    let parents: [Int]
    let base_relatives, inverse_base_absolutes: [[[Double]]]
    let base_positions, weights: [[Double]]
    let triangles: [[Int]]
    let is_mirrored: Bool
  }
  struct Measurement: Decodable {
    let model: Model
    let correspondences: [Int]
    let points: [[Double]]
  }
  let theta: [Double]
  let data: Measurement
  let us: [[Double]]
}

private struct Hand {
  let theta: Tensor<Double>
  /// Where on its triangle each point lies, a column for each point; none where points belong to vertices.
  let us: Tensor<Double>
  private let model: HandInput.Model
  private let correspondences: [Int]
  private let relatives, inverses, positions, weights, points: Tensor<Double>
  private let isTurned: Bool
  private var isOnTriangles: Bool { us.shape[0] == 2 }

  init(_ input: HandInput) {
    model = input.data.model
    theta = Tensor(input.theta)
    us = input.us.isEmpty ? .zeros([0]) : Tensor(input.us).transposed
    correspondences = input.data.correspondences
    relatives = Tensor(model.base_relatives)
    inverses = Tensor(model.inverse_base_absolutes)
    positions = Tensor(model.base_positions)
    weights = Tensor(model.weights)
    points = Tensor(input.data.points)
    // The axis of a rotation by less than this is taken for none.
    isTurned = input.theta.prefix(3).map { $0 * $0 }.reduce(0, +).squareRoot() >= 1e-4
  }

  /// The directions of the Jacobian's columns. A point depends on its own two parameters alone, so that one direction
  /// serves all points.
  var directions: [(theta: Tensor<Double>, us: Tensor<Double>)] {
    let n = theta.shape[0]
    func unit(_ i: Int, _ shape: Shape, _ length: Int) -> Tensor<Double> {
      Tensor((0..<shape.count).map { $0 / length == i ? 1.0 : 0 }, shape: shape)
    }
    let onTriangles = isOnTriangles ? (0..<2).map { (Tensor<Double>.zeros([n]), unit($0, us.shape, us.shape[1])) } : []
    return onTriangles + (0..<n).map { (unit($0, [n], 1), Tensor<Double>.zeros(us.shape)) }
  }

  /// Point less its place on the hand, three numbers for each point.
  @Sendable func errors(_ theta: Tensor<Double>, _ us: Tensor<Double>) -> Tensor<Double> {
    let vertices = vertices(theta)
    guard isOnTriangles else { return points - vertices.gathered(correspondences) }
    func corner(_ i: Int) -> Tensor<Double> { vertices.gathered(correspondences.map { model.triangles[$0][i] }) }
    let count = correspondences.count
    let u = us.sliced(0..<1).reshaped(to: [count, 1]), v = us.sliced(1..<2).reshaped(to: [count, 1])
    return points - (u * corner(0) + v * corner(1) + (1 - u - v) * corner(2))
  }

  /// The vertices of the posed hand, one a row: each moves with the bones, by its weights.
  private func vertices(_ theta: Tensor<Double>) -> Tensor<Double> {
    let bones = model.parents.count
    let posed = matmul(relatives, boneRotations(theta))
    var absolutes: [Tensor<Double>] = []
    for (bone, parent) in model.parents.enumerated() {
      let relative = posed.sliced(bone..<bone + 1).reshaped(to: [4, 4])
      absolutes.append(parent < 0 ? relative : matmul(absolutes[parent], relative))
    }
    let transforms = matmul(concatenate(absolutes).reshaped(to: [bones, 4, 4]), inverses)
    // Σ weight · transform · position: the transforms are mixed first.
    let mixed = matmul(weights, transforms.reshaped(to: [bones, 16])).reshaped(to: [weights.shape[0], 4, 4])
    let moved = matmul(mixed, positions.reshaped(to: [weights.shape[0], 4, 1])).reshaped(to: [weights.shape[0], 4])
    let mirrored = moved.sliced(0..<3, axis: 1) * Tensor<Double>([model.is_mirrored ? -1 : 1, 1, 1])
    return matmul(mirrored, globalRotation(theta).transposed) + theta.sliced(3..<6)
  }

  /// The rotation of every bone, by angles around x, z and y, as 4 × 4 matrices.
  private func boneRotations(_ theta: Tensor<Double>) -> Tensor<Double> {
    // Of four bones of each finger, three have an angle around x, and the first of them one around z; all others have none.
    let bones = model.parents.count, none = theta.shape[0]
    var aroundX = Array(repeating: none, count: bones), aroundZ = aroundX, next = 6
    for finger in 0..<5 {
      for joint in 0..<3 {
        let bone = 2 + 4 * finger + joint
        aroundX[bone] = next
        next += 1
        if joint == 0 {
          aroundZ[bone] = next
          next += 1
        }
      }
    }
    let angles = concatenate([theta, .zeros([1])])
    let x = angles.gathered(aroundX), z = angles.gathered(aroundZ)
    let (cx, sx, cz, sz) = (cos(x), sin(x), cos(z), sin(z))
    let zero = Tensor<Double>.zeros([bones]), one = Tensor<Double>.ones([bones])
    let elements = [
      cz, -sz * cx, sz * sx, zero,
      sz, cz * cx, -cz * sx, zero,
      zero, sx, cx, zero,
      zero, zero, zero, one,
    ]
    return concatenate(elements).reshaped(to: [16, bones]).transposed.reshaped(to: [bones, 4, 4])
  }

  /// The rotation of the hand, around the axis `theta[0..<3]` by that vector's length.
  private func globalRotation(_ theta: Tensor<Double>) -> Tensor<Double> {
    func matrix(_ elements: [Tensor<Double>]) -> Tensor<Double> { concatenate(elements).reshaped(to: [3, 3]) }
    let zero = Tensor<Double>.zeros([1]), one = Tensor<Double>.ones([1])
    guard isTurned else { return matrix([one, zero, zero, zero, one, zero, zero, zero, one]) }
    let vector = theta.sliced(0..<3), angle = sqrt(square(vector).sum())
    let axis = vector / angle, c = cos(angle), s = sin(angle)
    let (x, y, z) = (axis.sliced(0..<1), axis.sliced(1..<2), axis.sliced(2..<3))
    return matrix([
      x * x + (1 - x * x) * c, x * y * (1 - c) - z * s, x * z * (1 - c) + y * s,
      x * y * (1 - c) + z * s, y * y + (1 - y * y) * c, y * z * (1 - c) - x * s,
      x * z * (1 - c) - y * s, z * y * (1 - c) + x * s, z * z + (1 - z * z) * c,
    ])
  }
}
