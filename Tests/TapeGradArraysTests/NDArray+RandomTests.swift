import Foundation
import Testing

@testable import TapeGradArrays

struct NDArrayRandomTests {
  /// Golden numbers of a separate implementation, in Python, that follows the paper's algorithms N, H and B step by
  /// step.
  @Test("random numbers are those of the published algorithms")
  func golden() {
    var generator = SeededGenerator(seed: 42)
    #expect(
      NDArray<Double>.randomUniform([6], using: &generator).scalars == [
        0.7415648787718233, 0.1599103928769201, 0.27860113025513866, 0.34419071652363753, 0.03803016854024621,
        0.8682280765465323,
      ])
    generator = SeededGenerator(seed: 42)
    #expect(
      NDArray<Double>.randomNormal([8], using: &generator).scalars == [
        1.3441907165236375, 1.5133961163221494, -0.09342765535316888, 2.672902052767474, 1.01413681642252,
        1.7260544040973071, 0.6942181507241348, -1.1617242039464701,
      ])
  }

  @Test("Float numbers are the Double ones, rounded")
  func floats() {
    var a = SeededGenerator(seed: 3), b = a
    let uniform = NDArray<Double>.randomUniform([5, 40], in: -0.1...0.7, using: &a)
    #expect(NDArray<Float>.randomUniform([5, 40], in: -0.1...0.7, using: &b) == uniform.converted())
    let normal = NDArray<Double>.randomNormal([5, 40], mean: 0.3, scale: 0.01, using: &a)
    #expect(NDArray<Float>.randomNormal([5, 40], mean: 0.3, scale: 0.01, using: &b) == normal.converted())
    #expect(a == b)
  }

  @Test("numbers are drawn in row-major order")
  func order() {
    var a = SeededGenerator(seed: 4), b = a
    let all = NDArray<Double>.randomNormal([3, 2], using: &a)
    let rows = (0..<3).map { _ in NDArray<Double>.randomNormal([1, 2], using: &b) }
    #expect(NDArray.concatenated(rows, axis: 0) == all)
  }

  @Test("uniform numbers stay in their interval")
  func intervals() {
    var generator = SeededGenerator(seed: 5)
    for interval in [0...1, -3...(-2.5), 0.1...0.1, 1...(1 + 3 * Double.ulpOfOne), -1e308...0.5] {
      let x = NDArray<Double>.randomUniform([1000], in: interval, using: &generator).scalars
      #expect(x.allSatisfy(interval.contains))
    }
    #expect(NDArray<Float>.randomUniform([0, 2], using: &generator).shape == [0, 2])
  }

  /// Kolmogorov and Smirnov: the largest distance to the distribution function exceeds 1.95/√n once in 1000 samples.
  private func distance(_ sample: [Double], _ distribution: (Double) -> Double) -> Double {
    let n = Double(sample.count)
    return sample.sorted().enumerated().reduce(0) { largest, element in
      let p = distribution(element.element), k = Double(element.offset)
      return max(largest, p - k / n, (k + 1) / n - p)
    }
  }

  @Test("uniform numbers follow the uniform distribution", arguments: [1, 2, 3] as [UInt64])
  func uniform(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let x = NDArray<Double>.randomUniform([40_000], in: 2...4, using: &generator).scalars
    #expect(distance(x) { ($0 - 2) / 2 } < 1.95 / 200)
  }

  @Test("normal numbers follow the normal distribution, in its moments and tails", arguments: [1, 2, 3] as [UInt64])
  func normal(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let count = 40_000, x = NDArray<Double>.randomNormal([count], mean: 1, scale: 2, using: &generator).scalars
    let z = x.map { ($0 - 1) / 2 }, n = Double(count)
    #expect(distance(z) { 0.5 * erfc(-$0 / 2.0.squareRoot()) } < 1.95 / n.squareRoot())
    // Moments, within four standard errors.
    #expect(abs(z.reduce(0, +) / n) < 4 / n.squareRoot())
    #expect(abs(z.reduce(0) { $0 + $1 * $1 } / n - 1) < 4 * (2 / n).squareRoot())
    #expect(abs(z.reduce(0) { $0 + $1 * $1 * $1 } / n) < 4 * (15 / n).squareRoot())
    #expect(abs(z.reduce(0) { $0 + $1 * $1 * $1 * $1 } / n - 3) < 4 * (96 / n).squareRoot())
    // Both tails beyond 2 and 3 standard deviations.
    for bound in [2.0, 3.0] {
      let p = 0.5 * erfc(bound / 2.0.squareRoot()), error = 4 * (p * (1 - p) / n).squareRoot()
      #expect(abs(Double(z.count { $0 > bound }) / n - p) < error)
      #expect(abs(Double(z.count { $0 < -bound }) / n - p) < error)
    }
  }

  @Test("an interval of infinite width stops the process")
  func infiniteInterval() async {
    await #expect(processExitsWith: .failure) {
      var generator = SeededGenerator(seed: 1)
      _ = NDArray<Double>.randomUniform([1], in: -1e308...1e308, using: &generator)
    }
  }
}
