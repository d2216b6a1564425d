import Foundation
import Testing

@testable import TapeGradArrays

struct NDArrayReductionsTests {
  /// The elements of `x` that each element of a reduction to `target` covers.
  private func groups<S>(_ x: NDArray<S>, to target: Shape) -> [[S]] {
    var groups = Array(repeating: [S](), count: target.count)
    for (index, value) in zip(indices(of: x.shape), x.scalars) {
      let own = zip(index.suffix(target.rank), target.dimensions)
      groups[own.reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }].append(value)
    }
    return groups
  }

  private func agreesWithTheReference<S: TensorScalar>(_: S.Type, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let shape = Shape.random(rank: 0...5, using: &generator), target = shape.shrunk(using: &generator)
    let x = NDArray<S>.randomNormal(shape, using: &generator), groups = groups(x, to: target)
    let sum = x.sum(to: target)
    #expect(sum.shape == target)
    for (y, group) in zip(sum.scalars, groups) {
      let expected = compensatedSum(group.map(\.doubleValue))
      #expect(
        abs(y.doubleValue - expected.sum) <= 68 * unitRoundoff(S.self) * expected.magnitude,
        "sum of shape \(shape) to \(target)")
    }
    if groups.contains(where: \.isEmpty) { return }
    #expect(x.maximum(to: target).scalars == groups.compactMap { $0.max() }, "shape \(shape) to \(target)")
    #expect(x.minimum(to: target).scalars == groups.compactMap { $0.min() }, "shape \(shape) to \(target)")
  }

  @Test("sums and extrema along any axes agree with their definitions", arguments: UInt64(0)..<200)
  func anyAxes(seed: UInt64) {
    agreesWithTheReference(Float.self, seed: seed)
    agreesWithTheReference(Double.self, seed: seed)
  }

  private func staysWithinTheBound<S: TensorScalar>(_: S.Type, count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let x = NDArray<S>.randomUniform([count], in: -1...2, using: &generator)
    let expected = compensatedSum(x.scalars.map(\.doubleValue))
    let blocks = Double(max(1, (count + 1023) / 1024))
    let bound = (68 + log2(blocks).rounded(.up)) * unitRoundoff(S.self) * expected.magnitude
    #expect(abs(x.sum().scalars[0].doubleValue - expected.sum) <= bound)
  }

  @Test(
    "the error of a long sum stays within its bound", arguments: [0, 1, 2, 15, 16, 17, 1023, 1024, 1025, 5000, 40_000])
  func longSums(count: Int) {
    staysWithinTheBound(Float.self, count: count)
    staysWithinTheBound(Double.self, count: count)
  }

  private func doesNotDependOnThePosition<S: TensorScalar>(_: S.Type, length: Int) {
    var generator = SeededGenerator(seed: UInt64(length))
    let columns = NDArray<S>.randomNormal([length, 19], using: &generator), rows = columns.transposed
    let bits = columns.sum(to: [1, 19]).bits
    #expect(rows.sum(to: [19, 1]).bits == bits)
    #expect(columns.reshaped(to: [length, 1, 19]).sum(to: [19]).bits == bits)
    #expect((0..<19).flatMap { rows.sliced($0..<$0 + 1).sum().bits } == bits)
    let middle = columns.reshaped(to: [1, length, 19]).broadcast(to: [2, length, 19])
    #expect(middle.sum(to: [2, 1, 19]).bits == bits + bits)
  }

  @Test(
    "threads that share the columns of a sum have the bits of one that does all",
    arguments: [1, 5, 16, 48, 64, 272, 600])
  func sharedColumns(columns: Int) {
    func expectSame<S: TensorScalar>(_: S.Type, outer: Int) {
      var generator = SeededGenerator(seed: UInt64(columns))
      let x = NDArray<S>.randomNormal([outer, 1100, columns], using: &generator)
      for function in [Reduction.sum, .maximum] {
        let results = [1, 2, 3, 7].map { count in
          let y = NDArray<S>.zeros([outer, columns])
          for index in 0..<count {
            Kernels.reduce(
              function, S.scalarType, x.bytes(at: 0), y.bytes(at: 0), outer: outer, length: 1100, inner: columns,
              share: Share(index: index, count: count))
          }
          return y.bits
        }
        #expect(results.allSatisfy { $0 == results[0] }, "\(function) of \(outer) × 1100 × \(columns)")
        #expect(results[0] != NDArray<S>.zeros([outer, columns]).bits)
      }
    }
    for outer in [1, 2] {
      expectSame(Float.self, outer: outer)
      expectSame(Double.self, outer: outer)
    }
  }

  @Test("a sum has the same bits wherever the axis stands", arguments: [1, 2, 7, 16, 33, 1000, 1024, 2500])
  func axisPosition(length: Int) {
    doesNotDependOnThePosition(Float.self, length: length)
    doesNotDependOnThePosition(Double.self, length: length)
  }

  @Test("the sum along an axis without elements is zero")
  func empty() {
    #expect(NDArray<Float>.zeros([0]).sum().scalars == [0])
    #expect(NDArray<Float>.zeros([0, 3]).sum(to: [3]).scalars == [0, 0, 0])
    #expect(NDArray<Float>.zeros([3, 0]).sum(to: [3, 1]).scalars == [0, 0, 0])
    #expect(NDArray<Float>.zeros([0, 3]).sum(to: [0, 1]).shape == [0, 1])
    #expect(NDArray<Float>.zeros([2, 0, 4, 0]).sum(to: [1, 1, 4, 1]).scalars == [0, 0, 0, 0])
    #expect(NDArray<Float>.zeros([2, 3, 0]).sum(to: [1, 3, 0]).shape == [1, 3, 0])
    #expect(NDArray<Float>.zeros([0, 3]).maximum(to: [0, 1]).shape == [0, 1])
  }

  @Test("axes that are not neighbors are reduced together")
  func separateRuns() throws {
    let x = try NDArray<Double>([2, 3, 4, 5, 2]) { Double($0[0] + 10 * $0[1] + 100 * $0[2] + 1000 * $0[3] + $0[4]) }
    for target in [[3, 1, 5, 1], [2, 1, 4, 1, 2], [1, 3, 1, 5, 1], [1, 1, 1, 1, 1], [5, 2]] as [Shape] {
      #expect(x.sum(to: target).scalars == groups(x, to: target).map { $0.reduce(0, +) })
      #expect(x.maximum(to: target).scalars == groups(x, to: target).compactMap { $0.max() })
    }
    #expect(x.sum(to: x.shape) == x)
  }

  @Test("NaN wins in every reduction, and infinities count as numbers")
  func nonFinite() {
    let x = NDArray<Float>([1, .nan, .infinity, -.infinity])
    #expect(x.maximum().scalars[0].isNaN)
    #expect(x.minimum().scalars[0].isNaN)
    #expect(x.sum().scalars[0].isNaN)
    #expect(NDArray<Double>([-.infinity, -.infinity]).maximum().scalars == [-.infinity])
    #expect(NDArray<Double>([3, .infinity]).sum().scalars == [.infinity])
  }

  private func logSumExpAgrees<S: TensorScalar>(_: S.Type, axis: Int) throws {
    var generator = SeededGenerator(seed: 3)
    let x = NDArray<S>.randomNormal([3, 4, 5], scale: 5, using: &generator)
    let target = x.shape.replacing(axis: axis, with: 1), parts = x.logSumExpParts(axis: axis)
    #expect(parts.maximum == x.maximum(to: target))
    #expect(parts.remainder.shape == target)
    for (group, (maximum, remainder)) in zip(
      groups(x, to: target), zip(parts.maximum.scalars, parts.remainder.scalars))
    {
      var rest = group.map(\.doubleValue)
      rest.remove(at: try #require(rest.firstIndex(of: maximum.doubleValue)))
      let expected = log1p(rest.reduce(0) { $0 + exp($1 - maximum.doubleValue) })
      #expect(abs(remainder.doubleValue - expected) <= 16 * unitRoundoff(S.self) * expected)
    }
  }

  @Test("the parts of logSumExp agree with their definitions", arguments: [0, 1, 2])
  func logSumExp(axis: Int) throws {
    try logSumExpAgrees(Float.self, axis: axis)
    try logSumExpAgrees(Double.self, axis: axis)
  }

  @Test("the parts of logSumExp have the limits of the function")
  func hardLogSumExp() {
    let x = NDArray<Double>([1000, 1000, -1000]).logSumExpParts(axis: -1)
    #expect(x.maximum.scalars == [1000])
    #expect(ulps(x.remainder.scalars[0], 0.6931471805599453) <= 2)
    let infinite = NDArray<Float>([-.infinity, -.infinity]).logSumExpParts(axis: 0)
    #expect(infinite.maximum.scalars == [-.infinity])
    #expect(infinite.remainder.scalars == [0])
    #expect(NDArray<Float>([1, .infinity]).logSumExpParts(axis: 0).remainder.scalars == [0])
    #expect(NDArray<Float>([1, .nan]).logSumExpParts(axis: 0).maximum.scalars[0].isNaN)
    #expect(NDArray<Double>([-.infinity, 0, 1]).logSumExpParts(axis: 0).maximum.scalars == [1])
    #expect(NDArray<Double>([5]).logSumExpParts(axis: 0).remainder.scalars == [0])
    #expect(NDArray<Float>.zeros([0, 3]).logSumExpParts(axis: 1).maximum.shape == [0, 1])
  }

  @Test("what cannot be reduced stops the process")
  func misfits() async {
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([0, 3]).maximum(to: [3]) }
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([0]).logSumExpParts(axis: 0) }
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([2, 3]).sum(to: [2]) }
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([2, 3]).logSumExpParts(axis: 2) }
  }
}
