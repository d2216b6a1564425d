import Testing

@testable import TapeGradArrays

/// Images, filters and a cotangent of the result with small whole numbers, so that every sum is exact in every order.
private struct Problem<S: TensorScalar> {
  let geometry: ConvolutionGeometry
  let x, w, z: NDArray<S>

  init(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    // Eight channels and more take another way than fewer, and so do one filter in each of several groups, images of more
    // than a thousand places, rows of 128 and more, and more than 512 elements of windows.
    let kind = draw(0...7), groups = draw(0...3) == 0 ? draw(2...3) : 1
    let channels = kind == 2 ? draw(90...120) : draw(0...1) == 0 ? draw(1...3) : draw(8...10)
    let filters = draw(0...3) == 0 ? 1 : kind == 2 ? draw(50...90) : draw(2...9), padding = (draw(0...2), draw(0...3))
    let window = (draw(1...3), draw(1...4)), dilation = (draw(1...2), draw(1...3))
    func length(_ window: Int, _ dilation: Int, _ padding: Int) -> Int {
      max(1, dilation * (window - 1) + 1 - 2 * padding) + draw(0...(kind == 2 ? 3 : 9))
    }
    var size = (length(window.0, dilation.0, padding.0), length(window.1, dilation.1, padding.1))
    if kind == 0 { size = (draw(33...45), draw(33...45)) }
    if kind == 1 { size = (length(window.0, dilation.0, padding.0), draw(130...300)) }
    let geometry = ConvolutionGeometry(
      stride: .init(draw(1...3), draw(1...3)), padding: .init(padding.0, padding.1),
      dilation: .init(dilation.0, dilation.1), groups: groups)
    let images: Shape = [draw(1...(kind < 3 ? 2 : 6)), channels * groups, size.0, size.1]
    try self.init(images, [filters * groups, channels, window.0, window.1], geometry, &generator)
  }

  init(_ images: Shape, _ weights: Shape, _ geometry: ConvolutionGeometry, _ generator: inout SeededGenerator) throws {
    func numbers(_ shape: Shape) throws -> NDArray<S> {
      try NDArray((0..<shape.count).map { _ in S(Double(Int.random(in: -3...3, using: &generator))) }, shape: shape)
    }
    self.geometry = geometry
    x = try numbers(images)
    w = try numbers(weights)
    z = try numbers(geometry.output(images, weights))
  }

  /// Calls the body with the places in w, x and z of each product of the sum `φ = Σ z[n, o, i, j]·w[o, c, a, b]·x[n, c, …]`.
  func forEachProduct(_ body: (_ w: Int, _ x: Int, _ z: Int) -> Void) {
    let (images, weights, results) = (x.shape, w.shape, z.shape), filters = weights[0] / geometry.groups
    for n in 0..<results[0] {
      for o in 0..<results[1] {
        for i in 0..<results[2] {
          for j in 0..<results[3] {
            for c in 0..<weights[1] {
              for a in 0..<weights[2] {
                let row = i * geometry.stride.rows + a * geometry.dilation.rows - geometry.padding.rows
                for b in 0..<weights[3] where 0..<images[2] ~= row {
                  let column = j * geometry.stride.columns + b * geometry.dilation.columns - geometry.padding.columns
                  if !(0..<images[3] ~= column) { continue }
                  let channel = n * images[1] + o / filters * weights[1] + c
                  body(
                    ((o * weights[1] + c) * weights[2] + a) * weights[3] + b,
                    (channel * images[2] + row) * images[3] + column,
                    ((n * results[1] + o) * results[2] + i) * results[3] + j)
                }
              }
            }
          }
        }
      }
    }
  }
}

struct NDArrayConvolutionTests {
  private func followsTheFormula<S: TensorScalar>(_ problem: Problem<S>) throws {
    let geometry = problem.geometry
    let (x, w, z) = (problem.x.scalars, problem.w.scalars, problem.z.scalars)
    var y = Array(repeating: S(0), count: z.count), images = Array(repeating: S(0), count: x.count)
    var weights = Array(repeating: S(0), count: w.count)
    problem.forEachProduct { i, j, k in
      y[k] += w[i] * x[j]
      images[j] += w[i] * z[k]
      weights[i] += x[j] * z[k]
    }
    let shapes = "images \(problem.x.shape), filters \(problem.w.shape), \(geometry)"
    #expect(problem.x.convolved(with: problem.w, geometry, shape: problem.z.shape).scalars == y, "\(shapes)")
    #expect(problem.z.convolutionImages(problem.w, geometry, shape: problem.x.shape).scalars == images, "\(shapes)")
    #expect(problem.x.convolutionWeights(problem.z, geometry, shape: problem.w.shape).scalars == weights, "\(shapes)")
  }

  @Test("a convolution and its transposes are the sums of their formulas", arguments: UInt64(0)..<150)
  func formula(seed: UInt64) throws {
    if seed % 2 == 0 {
      try followsTheFormula(Problem<Float>(seed: seed))
    } else {
      try followsTheFormula(Problem<Double>(seed: seed))
    }
  }

  @Test(
    "images that are cut into pieces, and channels into parts, give what the formulas say",
    arguments: [
      // Rows of one image, several images, wide ones; a window that moves down by two, whose columns are one copy moved; and
      // for the images, a part of the filters for each fourth of the window.
      ([1, 60, 33, 33], [2, 60, 3, 3], 1, 1, 1), ([6, 60, 15, 15], [2, 60, 3, 3], 1, 1, 1),
      ([2, 60, 3, 150], [2, 60, 3, 3], 1, 1, 1), ([3, 9, 9, 9], [4, 9, 3, 3], 2, 1, 1),
      ([2, 9, 12, 12], [150, 9, 4, 4], 2, 2, 1), ([2, 60, 40, 40], [60, 1, 3, 3], 1, 1, 60),
    ] as [(Shape, Shape, Int, Int, Int)])
  func pieces(_ images: Shape, _ weights: Shape, _ down: Int, _ along: Int, _ groups: Int) throws {
    var generator = SeededGenerator(seed: 1)
    let geometry = ConvolutionGeometry(
      stride: .init(down, along), padding: .init(1, 1), dilation: .init(1, 1), groups: groups)
    try followsTheFormula(Problem<Float>(images, weights, geometry, &generator))
  }

  @Test("each pixel of a large image of one channel gets what its windows have, of many filters")
  func largeImage() throws {
    let geometry = ConvolutionGeometry(stride: .init(1, 1), padding: .init(1, 1), dilation: .init(1, 1), groups: 1)
    let side = 120, filters = 64, weights = NDArray<Float>(repeating: 1, shape: [filters, 1, 3, 3])
    let z = NDArray<Float>(repeating: 1, shape: [1, filters, side, side])
    let x = z.convolutionImages(weights, geometry, shape: [1, 1, side, side])
    // Two of three rows of the window see the first and the last row of the image.
    let windows = (0..<side).map { Float($0 == 0 || $0 == side - 1 ? 2 : 3) }
    #expect(x.scalars == windows.flatMap { row in windows.map { Float(filters) * row * $0 } })
  }

  @Test("an infinite weight reaches the pixels that it saw, and no others", arguments: [1, 12])
  func infiniteWeight(channels: Int) throws {
    let geometry = ConvolutionGeometry(stride: .init(1, 1), padding: .init(0, 0), dilation: .init(1, 1), groups: 1)
    let images: Shape = [1, channels, 3, 3], weights: Shape = [1, channels, 2, 2]
    let w = try NDArray((0..<weights.count).map { $0 % 4 == 0 ? Float.infinity : 1 }, shape: weights)
    let x = NDArray<Float>(repeating: 1, shape: try geometry.output(images, weights))
      .convolutionImages(w, geometry, shape: images)
    let seen: [Float] = [.infinity, .infinity, 1, .infinity, .infinity, 2, 1, 2, 1]
    #expect(x.scalars == (0..<channels).flatMap { _ in seen })
  }
}
