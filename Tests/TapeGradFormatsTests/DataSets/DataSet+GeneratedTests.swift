import TapeGradCore
import TapeGradFormats
import Testing

struct DataSetGeneratedTests {
  static let sets: [(name: String, make: @Sendable (UInt64) -> DataSet<Double>)] = [
    ("planarFlower", { .planarFlower(seed: $0) }), ("moons", { .moons(seed: $0) }), ("circles", { .circles(seed: $0) }),
    ("exclusiveOr", { .exclusiveOr(seed: $0) }), ("blobs", { .blobs(seed: $0) }), ("spirals", { .spirals(seed: $0) }),
    ("linear", { .linear(seed: $0) }), ("sine", { .sine(seed: $0) }),
  ]

  @Test("a set is what its seed determines, finite and in classes of like size", arguments: sets.map(\.name))
  func seeds(_ name: String) throws {
    let make = try #require(Self.sets.first { $0.name == name }).make
    let data = make(1)
    #expect(try data.features.scalars == make(1).features.scalars)
    #expect(try data.labels.scalars == make(1).labels.scalars)
    #expect(try data.features.scalars != make(2).features.scalars)
    #expect(try data.features.scalars.allSatisfy(\.isFinite))
    guard !data.classNames.isEmpty else { return }
    let labels = try data.classIndices()
    for label in data.classNames.indices {
      #expect(labels.count { $0 == label } == data.count / data.classNames.count)
    }
  }

  /// Points without noise lie on the curves that the documentation gives.
  @Test("points lie where their formulas say")
  func formulas() throws {
    func points(_ data: DataSet<Double>) throws -> [(x: Double, y: Double, label: Double)] {
      let features = try data.features.scalars, labels = try data.labels.scalars, m = data.count
      return (0..<m).map { (features[$0], features[m + $0], labels[$0]) }
    }
    for (x, y, label) in try points(.circles(noise: 0, inner: 0.25, seed: 1)) {
      #expect(abs((x * x + y * y).squareRoot() - (label == 0 ? 1 : 0.25)) < 1e-12)
    }
    for (x, y, label) in try points(.moons(noise: 0, seed: 1)) {
      let (u, v) = label == 0 ? (x, y) : (1 - x, 0.5 - y)
      #expect(abs(u * u + v * v - 1) < 1e-12 && v > -1e-12)
    }
    for (x, y, label) in try points(.exclusiveOr(noise: 0, seed: 1)) { #expect((x * y < 0) == (label == 1)) }
    // r = 4 sin 4t: (x² + y²)^(5/2) = 16·|xy·(x² − y²)|, since sin 4t = 4 sin t cos t (cos²t − sin²t).
    for (x, y, _) in try points(.planarFlower(noise: 0, seed: 1)) {
      let r = (x * x + y * y).squareRoot()
      #expect(abs(r * r * r * r * r - 16 * abs(x * y * (x * x - y * y))) < 1e-9)
    }
    for (x, y, label) in try points(.blobs(count: 8, classes: 4, noise: 0, seed: 1)) {
      let corner = [(4.0, 0.0), (0, 4), (-4, 0), (0, -4)][Int(label)]
      #expect(abs(x - corner.0) + abs(y - corner.1) < 1e-12)
    }
    let sine = DataSet<Double>.sine(noise: 0, seed: 1)
    #expect(try sine.features.scalars.allSatisfy { abs($0) <= .pi })
    let linear = DataSet<Double>.linear(count: 10, features: 3, noise: 0, seed: 1)
    let x = try linear.features.scalars
    for (k, y) in try linear.labels.scalars.enumerated() {
      #expect(abs(y - (1 + x[k] + 2 * x[10 + k] + 3 * x[20 + k])) < 1e-12)
    }
  }

  @Test("sets of no examples and of few classes are sets", arguments: [0, 1, 2, 3])
  func small(_ count: Int) throws {
    #expect(DataSet<Float>.spirals(count: count, classes: 3, seed: 1).features.shape == [2, count])
    #expect(DataSet<Float>.linear(count: count, seed: 1).labels.shape == [1, count])
    #expect(DataSet<Float>.moons(count: count, noise: 0, seed: 1).count == count)
  }
}
