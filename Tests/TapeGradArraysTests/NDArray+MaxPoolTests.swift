import Testing

@testable import TapeGradArrays

/// Images in which many elements are equal, some infinite or NaN, a cotangent of their maxima and a tangent of the images.
/// Whole numbers, and the cotangent a multiple of all counts up to 16: so every sum is exact in every order.
private struct Problem<S: TensorScalar> {
  let pooling: Pooling
  let x, u, z: NDArray<S>

  init(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    // Usual windows are side by side and do not reach beyond the images. Up to 94 columns, several vectors.
    let isUsual = draw(0...1) == 0, window = isUsual ? (2, 2) : (draw(1...4), draw(1...4))
    let padding = isUsual && draw(0...3) > 0 ? (0, 0) : (draw(0...window.0 / 2), draw(0...window.1 / 2))
    let stride = draw(0...3) > 0 ? window : (draw(1...4), draw(1...4))
    let size = (window.0 + draw(0...7), window.1 + draw(0...(draw(0...1) == 0 ? 9 : 90)))
    func places(_ size: Int, _ window: Int, _ stride: Int, _ padding: Int) -> Int {
      (size + 2 * padding - window) / stride + 1
    }
    let (n, channels) = (draw(1...3), draw(1...3))
    pooling = Pooling(
      [n, channels, size.0, size.1],
      [n, channels, places(size.0, window.0, stride.0, padding.0), places(size.1, window.1, stride.1, padding.1)],
      window: .init(window.0, window.1), stride: .init(stride.0, stride.1), padding: .init(padding.0, padding.1))
    let hasNaN = draw(0...1) == 0, mostEqual = draw(0...1) == 0
    func array(_ shape: Shape, _ number: () -> S) throws -> NDArray<S> {
      try NDArray((0..<shape.count).map { _ in number() }, shape: shape)
    }
    x = try array(pooling.images) {
      switch draw(0...30) {
      case 0 where hasNaN: .nan
      case 1...3: -.infinity
      case 4: .infinity
      default: S(draw(mostEqual ? 0...1 : -9...9))
      }
    }
    u = try array(pooling.images) { S(draw(-9...9)) }
    z = try array(pooling.results) { S(720_720 * draw(-1...1)) }
  }

  /// Calls the body with the place of each window in z, and with those in x that it sees.
  func forEachWindow(_ body: (_ z: Int, _ x: [Int]) -> Void) {
    let (images, results) = (pooling.images, pooling.results)
    for place in 0..<results.count {
      let column = place % results[3], row = place / results[3] % results[2], image = place / (results[2] * results[3])
      let (top, left) = (
        row * pooling.stride.rows - pooling.padding.rows, column * pooling.stride.columns - pooling.padding.columns
      )
      let seen = (top..<top + pooling.window.rows).filter { 0..<images[2] ~= $0 }.flatMap { i in
        (left..<left + pooling.window.columns).filter { 0..<images[3] ~= $0 }.map {
          (image * images[2] + i) * images[3] + $0
        }
      }
      body(place, seen)
    }
  }
}

struct NDArrayMaxPoolTests {
  private func followsTheFormula<S: TensorScalar>(_: S.Type, seed: UInt64) throws {
    let problem = try Problem<S>(seed: seed), (x, u, z) = (problem.x.scalars, problem.u.scalars, problem.z.scalars)
    var maxima = Array(repeating: S(0), count: z.count), spread = Array(repeating: S(0), count: x.count)
    var collected = maxima
    problem.forEachWindow { place, seen in
      // NaN is larger than all, and then all are the largest.
      let largest = seen.map { x[$0] }.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
      let holders = largest.isNaN ? seen : seen.filter { x[$0] == largest }
      maxima[place] = largest
      for i in holders { spread[i] += largest.isNaN ? .nan : z[place] / S(holders.count) }
      collected[place] = largest.isNaN ? .nan : holders.reduce(0) { $0 + u[$1] } / S(holders.count)
    }
    func expect(_ array: NDArray<S>, _ expected: [S], _ name: Comment) {
      #expect(array.scalars.map { $0.isNaN ? nil : $0 } == expected.map { $0.isNaN ? nil : $0 }, name)
    }
    let pooling = problem.pooling
    expect(problem.x.maxPooled(pooling), maxima, "maxima, \(pooling)")
    expect(problem.z.maxSpread(problem.x, pooling), spread, "spread, \(pooling)")
    expect(problem.u.maxCollected(problem.x, pooling), collected, "collected, \(pooling)")
  }

  @Test("maxima of windows, and what comes to them and from them, follow their formulas", arguments: UInt64(0)..<300)
  func formula(seed: UInt64) throws {
    if seed % 2 == 0 {
      try followsTheFormula(Float.self, seed: seed)
    } else {
      try followsTheFormula(Double.self, seed: seed)
    }
  }
}
