import Testing

@testable import TapeGradCore

/// Sorting, extrema and their places, quantiles, cumulative words, norms.
struct SortingTests {
  private let infinity = Double.infinity, nan = Double.nan

  @Test("sorting is stable, NaN counts as the largest")
  func sorting() throws {
    let x = Tensor<Double>([2, nan, -1, 2, 0, nan, -infinity])
    let (ascending, places) = x.sorted()
    try ascending.expect([-infinity, -1, 0, 2, 2, nan, nan])
    #expect(try places.integers == [6, 2, 4, 0, 3, 1, 5])
    let (descending, others) = x.sorted(descending: true)
    try descending.expect([nan, nan, 2, 2, 0, -1, -infinity])
    #expect(try others.integers == [1, 5, 0, 3, 4, 2, 6])
    try x.topK(3).values.expect([nan, nan, 2])
    #expect(x.sorted().indices.shape == [7])
  }

  @Test("sorting along any axis, negative ones, empty ones; in Float")
  func axes() throws {
    let x = Tensor<Float>([[3, 1, 2], [1, 5, 0]])
    try x.sorted(axis: 0).values.expect([1, 1, 0, 3, 5, 2])
    try x.sorted(axis: -1).values.expect([1, 2, 3, 0, 1, 5])
    #expect(try x.topK(2, axis: 1).indices.integers == [0, 2, 1, 0])
    #expect(x.topK(0).values.shape == [2, 0])
    #expect(Tensor<Float>.zeros([0, 3]).sorted(axis: 0).values.shape == [0, 3])
    #expect(Tensor<Float>.zeros([2, 0]).sorted().values.shape == [2, 0])
    for failed in [x.sorted(axis: 2).values, x.topK(4).values, x.topK(-1).values, x.quantile(0.5, axis: 5)] {
      #expect(throws: TensorError.self) { try failed.validated() }
    }
    #expect(throws: TensorError.self) { try Tensor(1.0).sorted().values.validated() }
  }

  @Test("cotangents go back to where the elements stood, in programs and to the second order too")
  func derivatives() throws {
    let x = Tensor<Double>([3, -1, 2]), weights = Tensor<Double>([1, 10, 100])
    let f = { @Sendable (x: Tensor<Double>) in try gradient(at: x) { x in (square(x.sorted().values) * weights).sum() }
    }
    try f(x).expect([600, -2, 40])
    try compiled(f)(x).expect([600, -2, 40])
    try compiled(f)(Tensor([-1, 3, 2])).expect([-2, 600, 40])
    try hessian(at: x) { x in (square(x.sorted().values) * weights).sum() }.expect([200, 0, 0, 0, 2, 0, 0, 0, 20])
  }

  @Test("the first of the largest and of the smallest, and NaN before all")
  func places() throws {
    let x = Tensor<Double>([[1, 4, 4], [nan, 2, 0], [-1, nan, nan]])
    #expect(try x.argMax(axis: 1).integers == [1, 0, 1])
    #expect(try x.argMin(axis: 1).integers == [0, 0, 1])
    #expect(try x.argMax(axis: -2).integers == [1, 2, 2])
    #expect(x.argMax(axis: 0).shape == [3])
    #expect(throws: TensorError.self) { try Tensor<Double>.zeros([2, 0]).argMax(axis: 1).integers }
    #expect(throws: TensorError.self) { try x.argMax(axis: 2).integers }
    let best = compiled { (x: Tensor<Float>) in Tensor<Float>([10, 20, 30]).gathered(x.argMax(axis: 1)) }
    try best(Tensor([[1, 3, 2], [9, 8, 7]])).expect([20, 10])
    try best(Tensor([[1, 2, 3], [9, 8, 9]])).expect([30, 10])
  }

  @Test("the smallest element: ties split, NaN wins, none is an error")
  func smallest() throws {
    try Tensor<Double>([[2, 1, 1], [5, 7, 6]]).min(axis: 1).expect([1, 5])
    try gradient(at: Tensor<Double>([2, 1, 1])) { $0.min() }.expect([0, 0.5, 0.5])
    try Tensor<Double>([1, nan]).min().expect([nan])
    #expect(throws: TensorError.self) { try Tensor<Double>([]).min().validated() }
    #expect(Tensor<Double>.zeros([0, 3]).min(axis: 1).shape == [0])
  }

  @Test("quantiles lie on straight lines between neighbors")
  func quantiles() throws {
    let x = Tensor<Double>([4, 1, 3, 2])
    try x.median().expect([2.5])
    try x.quantile(0).expect([1])
    try x.quantile(1).expect([4])
    try x.quantile(0.25).expect([1.75])
    try gradient(at: x) { $0.quantile(0.25) }.expect([0, 0.25, 0, 0.75])
    try gradient(at: Tensor<Double>([5, 1, 3])) { $0.median() }.expect([0, 0, 1])
    try Tensor<Double>([[1, nan, 0], [1, 2, 9]]).median(axis: 1).expect([nan, 2])
    try Tensor<Double>([infinity, 0, infinity]).quantile(0.75).expect([infinity])
    for failed in [x.quantile(1.5), x.quantile(-0.1), x.quantile(.nan), Tensor<Double>([]).median()] {
      #expect(throws: TensorError.self) { try failed.validated() }
    }
  }

  @Test("cumulative words: long axes, zeros, infinities, empty axes")
  func cumulative() throws {
    let x = Tensor<Double>((1...100).map(Double.init))
    try x.cumulativeSum().expect((1...100).map { Double($0 * ($0 + 1) / 2) })
    try gradient(at: Tensor<Double>([2, 0, 5, 0])) { $0.cumulativeProduct().sum() }.expect([1, 12, 0, 0])
    try gradient(at: Tensor<Double>([0, 3])) { $0.cumulativeProduct()[1..<2].sum() }.expect([3, 0])
    try Tensor<Double>([-infinity, -infinity, 0]).cumulativeLogSumExp().expect([-infinity, -infinity, 0])
    try Tensor<Double>([-0.0, 1]).cumulativeSum().expect([-0.0, 1])
    #expect(Tensor<Double>.zeros([0, 2]).cumulativeSum().shape == [0, 2])
    #expect(throws: TensorError.self) { try x.cumulativeSum(axis: 1).validated() }
  }

  @Test("norms neither overflow nor vanish, and have derivative 0 at 0")
  func norms() throws {
    try Tensor<Double>([3e200, -4e200]).norm().expect([5e200], ulps: 1)
    try Tensor<Float>([3e-30, 4e-30]).norm().expect([5e-30], ulps: 1)
    try Tensor<Double>([-infinity, 1]).norm().expect([infinity])
    try Tensor<Double>([nan, infinity]).norm().expect([nan])
    try gradient(at: Tensor<Double>([-infinity, 1])) { $0.norm() }.expect([-1, 0])
    for kind in [NormKind.absolute, .euclidean, .maximum, .order(0.5), .order(1.5), .order(3)] {
      try gradient(at: Tensor<Double>([0, 0])) { $0.norm(kind) }.expect([0, 0])
    }
    try gradient(at: Tensor<Double>([0, 4])) { $0.norm(.order(0.5)) }.expect([0, 1])
    try Tensor<Double>([3e200, -4e200]).norm(.order(3)).expect([4.4979414452754147e200], ulps: 4)
    for order in [0, -1, nan] {
      #expect(throws: TensorError.self) { try Tensor<Double>([1, 2]).norm(.order(order)).validated() }
    }
    try Tensor<Double>([]).norm().expect([0])
    try Tensor<Double>([]).norm(.order(3)).expect([0])
    try Tensor<Double>([]).norm(.absolute).expect([0])
    // A convention for the first derivative is none for the second: (‖x‖²)″ = 2 is not reported as 0.
    #expect(try hessian(at: Tensor([0.0, 0])) { square($0.norm()) }.scalars[0].isNaN)
  }

  @Test("logSumExp over several axes is that over one, of the elements in a row")
  func logSumExps() throws {
    let x = Tensor<Double>((0..<24).map { Double($0 * 7 % 11) }, shape: [2, 3, 4])
    try logSumExp(x, axes: nil).expect(logSumExp(x.reshaped(to: [24])).scalars)
    try logSumExp(x, axes: [1, 2]).expect(logSumExp(x.reshaped(to: [2, 12]), axis: 1).scalars)
    try logSumExp(x, axes: [-1]).expect(logSumExp(x, axis: 2).scalars)
    #expect(logSumExp(x, axes: [0, 2], keepingDimensions: true).shape == [1, 3, 1])
    try logSumExp(Tensor<Double>.zeros([2, 0]), axes: nil).expect([-infinity])
    #expect(throws: TensorError.self) { try logSumExp(x, axes: [0, 0]).validated() }
  }

  @Test("a variance with more correction than elements is NaN")
  func corrections() throws {
    try Tensor<Double>([1, 2, 4]).variance(correction: 1).expect([7.0 / 3], ulps: 1)
    try Tensor<Double>([5]).variance(correction: 1).expect([nan])
    try Tensor<Double>([5]).variance(correction: 3).expect([nan])
    try Tensor<Double>.zeros([2, 0]).variance(axes: [1], correction: 1).expect([nan, nan])
  }
}
