import Foundation
import TapeGradAudit
import Testing

@testable import TapeGradCore

/// Values and derivatives where a formula, computed as it stands, loses what its function has: limits, ties, small
/// differences. The truths are closed forms.
struct LimitTests {
  typealias Function = @Sendable (Tensor<Double>) -> Tensor<Double>

  /// A function at a point: value and derivative.
  struct Point: Sendable, CustomTestStringConvertible {
    let name: String
    let f: Function
    let x, value, slope: Double

    init(_ name: String, _ f: @escaping Function, _ x: Double, _ value: Double, _ slope: Double) {
      (self.name, self.f, self.x, self.value, self.slope) = (name, f, x, value, slope)
    }

    var testDescription: String { "\(name) at \(x)" }
  }

  private static let infinity = Double.infinity
  private static let points: [Point] = [
    Point("elu", { elu($0) }, 0, 0, 1), Point("elu", { elu($0, alpha: 2) }, 0, 0, 2),
    Point("elu", { elu($0) }, -infinity, -1, 0), Point("elu", { elu($0) }, infinity, infinity, 1),
    Point("elu", { elu($0) }, 1000, 1000, 1), Point("elu", { elu($0) }, -1e-300, -1e-300, 1),
    Point("silu", { silu($0) }, -infinity, 0, 0), Point("silu", { silu($0) }, infinity, infinity, 1),
    Point("silu", { silu($0) }, 0, 0, 0.5), Point("silu", { silu($0) }, -2000, 0, 0),
    Point("silu", { silu($0) }, 2000, 2000, 1), Point("silu", { silu($0) }, .nan, .nan, .nan),
    Point("gelu", { gelu($0) }, -infinity, 0, 0), Point("gelu", { gelu($0) }, infinity, infinity, 1),
    Point("gelu", { gelu($0) }, 0, 0, 0.5), Point("gelu", { gelu($0) }, -1e200, 0, 0),
    Point("gelu", { gelu($0) }, 1e200, 1e200, 1), Point("gelu", { gelu($0) }, .nan, .nan, .nan),
    // Where the formula ends and the limit begins.
    Point("silu", { silu($0) }, 1000, 1000, 1), Point("silu", { silu($0) }, 999.5, 999.5, 1),
    Point("gelu", { gelu($0) }, 100, 100, 1), Point("gelu", { gelu($0) }, 99.5, 99.5, 1),
    Point("gelu", { gelu($0) }, -100, 0, 0),
  ]

  @Test("an activation has the limits of its function", arguments: points)
  func limits(_ point: Point) throws {
    let (y, slope) = try valueWithGradient(at: Tensor(point.x)) { point.f($0) }
    let found = try (y.item, slope.item)
    #expect(same(found.0, point.value) && same(found.1, point.slope), "\(found)")
  }

  /// Smooth functions, whose guards tie or change at the points where they are checked.
  private static let smooth: [(function: Function, points: [Double])] = [
    ({ elu($0) }, [0, 1e-9, -1e-9, 1e-300]), ({ silu($0) }, [0, -0.0, 1e-12]), ({ gelu($0) }, [0, 1e-12, -1e-12]),
    ({ softplus($0) }, [0, 1e-12, 40]), ({ silu($0 * 100) }, [9.99, 10.01, 1e-5]),
    ({ gelu($0 * 10) }, [9.99, 10.01, 1e-5]), ({ sigmoid($0) }, [0, 1e-12, -1e-12]),
  ]

  @Test("a smooth function passes the check of gradients at its guards", arguments: smooth.indices)
  func guards(_ row: Int) throws {
    let (function, points) = Self.smooth[row]
    let report = try checkGradient(at: Tensor(points)) { function($0).sum() }
    #expect(report.checks[0].check.count(.right) == points.count, "\(report)")
  }

  private func same(_ a: Double, _ b: Double) -> Bool { a == b || a.isNaN && b.isNaN }

  @Test(
    "a standard deviation of equal elements is 0, and so is its derivative", arguments: [[3.0], [2, 2, 2], [0, 0]])
  func equalElements(_ x: [Double]) throws {
    let (y, slope) = try valueWithGradient(at: Tensor(x)) { $0.standardDeviation() }
    #expect(try y.item == 0)
    #expect(try slope.scalars.allSatisfy { $0 == 0 })
  }

  @Test("a standard deviation that is 0 in one column leaves the others their derivative")
  func oneEqualColumn() throws {
    let x = Tensor<Double>([[1, 5], [3, 5]])
    let slope = try gradient(at: x) { $0.standardDeviation(axes: [0]).sum() }
    #expect(try slope.scalars == [-0.5, 0, 0.5, 0])
  }

  private static let sums: [(x: [Double], slope: [Double])] = [
    ([1, infinity, 3], [0, 1, 0]), ([infinity, infinity, 0], [0.5, 0.5, 0]), ([-infinity, -infinity], [0.5, 0.5]),
    ([-infinity, 2], [0, 1]), ([1000, 1000, -1000], [0.5, 0.5, 0]),
  ]

  @Test("the derivative of logSumExp at an infinite value is split over the elements that are", arguments: sums.indices)
  func infiniteSums(_ row: Int) throws {
    let (x, expected) = Self.sums[row]
    #expect(try gradient(at: Tensor(x)) { logSumExp($0) }.scalars == expected)
  }

  @Test("logSumExp over no element is −∞")
  func emptySum() throws {
    #expect(try logSumExp(Tensor<Double>.zeros([0])).item == -.infinity)
    #expect(try logSumExp(Tensor<Float>.zeros([2, 0]), axis: 1).scalars == [-.infinity, -.infinity])
    #expect(
      try compiled { (x: Tensor<Double>) in logSumExp(x, axis: 0) }(.zeros([0, 2])).scalars == [-.infinity, -.infinity])
    #expect(try gradient(at: Tensor<Double>.zeros([0, 3])) { logSumExp($0, axis: 1).sum() }.shape == [0, 3])
  }

  private static let unequal: [(Shape, Shape)] = [
    ([3, 1], [3]), ([1, 3], [3]), ([], [1]), ([2, 3], [3, 2]), ([1], [4]),
  ]

  @Test("a loss wants equal shapes", arguments: unequal.indices)
  func lossShapes(_ row: Int) {
    let (a, b) = Self.unequal[row]
    let x = Tensor<Double>.ones(a), y = Tensor<Double>.ones(b)
    let losses = [
      meanSquaredError(x, y), binaryCrossEntropy(x, y), binaryCrossEntropy(sigmoid(x), y),
      binaryCrossEntropy(logits: x, labels: y), softmaxCrossEntropy(logits: x, targets: y),
    ]
    for loss in losses { #expect(throws: TensorError.self) { try loss.validated() } }
  }

  @Test("a label outside [0, 1] makes a cross-entropy and its gradient NaN", arguments: [-0.5, 1.5, 2, -1e-9, .nan])
  func labels(_ label: Double) throws {
    let label = Tensor(label)
    for loss: Function in [
      { binaryCrossEntropy(logits: $0, labels: label) }, { binaryCrossEntropy(sigmoid($0), label) },
    ] {
      for z in [-3.0, 0, 3] {
        let (value, slope) = try valueWithGradient(at: Tensor(z), of: loss)
        #expect(try [value.item, slope.item].allSatisfy(\.isNaN))
      }
    }
  }

  /// Changes of shape of a vector of one element, of which the cross-entropy is taken.
  private static let rearrangements: [Function] = [
    { $0.reshaped(to: [1, 1]) }, { $0.reshaped(to: []) }, { $0.reshaped(to: [1, 1]).transposed },
    { $0.broadcast(to: [3, 1]) }, { $0.gathered([0, 0]) }, { $0[0..<1] },
    { $0.reshaped(to: [1, 1]).permuted([1, 0])[0..<1] },
  ]

  @Test("a sigmoid goes on remembering its logits through changes of shape", arguments: rearrangements.indices)
  func logitsThroughShapes(_ row: Int) throws {
    let change = Self.rearrangements[row]
    let f: Function = { z in
      let a = change(sigmoid(z))
      return binaryCrossEntropy(a, .zeros(a.shape))
    }
    let (value, slope) = try valueWithGradient(at: Tensor([40.0]), of: f)
    #expect(try [value.item, slope.item] == [40, 1])
    #expect(try compiled { (z: Tensor<Double>) in f(z) }(Tensor([40.0])).item == 40)
    let tape = Tape()
    let z = tape.variable(Tensor([40.0])), a = sigmoid(z), changed = change(a)
    let gradients = try tape.gradients(of: binaryCrossEntropy(changed, .zeros(changed.shape)))
    // ∂J/∂a = 1/(1 − a), and 1 − σ(40) is σ(−40).
    #expect(try abs(gradients[a].item / (1 / 4.248354255291589e-18) - 1) < 1e-14)
  }

  @Test("the gradient of softmax cross-entropy does not cancel", arguments: [5.0, 10, 15, 20, 30, 36])
  func residual(_ z: Double) throws {
    // Of [z, 0] with class 0: p₀ − 1 = −1/(1 + eᶻ).
    let slope = try gradient(at: Tensor<Float>([Float(z), 0])) { softmaxCrossEntropy(logits: $0, labels: [0]) }
    let truth = -1 / (1 + exp(z))
    #expect(try abs(Double(slope.scalars[0]) / truth - 1) < 1e-6)
    #expect(try abs(Double(slope.scalars[1]) / -truth - 1) < 1e-6)
  }

  @Test("the gradient of binary cross-entropy does not cancel", arguments: [5.0, 10, 15, 20, 30, 80])
  func binaryResidual(_ z: Double) throws {
    let truth = -1 / (1 + exp(z))
    for slope in [
      try gradient(at: Tensor(Float(z))) { binaryCrossEntropy(logits: $0, labels: Tensor(1)) },
      try gradient(at: Tensor(Float(z))) { binaryCrossEntropy(sigmoid($0), Tensor(1)) },
    ] { #expect(try abs(Double(slope.item) / truth - 1) < 1e-6) }
  }

  @Test("the gradient of softmax cross-entropy among many classes does not cancel", arguments: [0, 1, 2, 3, 4])
  func residuals(_ label: Int) throws {
    let logits: [Float] = [0, 3, -20, 18, 1]
    let slope = try gradient(at: Tensor(logits)) { softmaxCrossEntropy(logits: $0, labels: [label]) }.scalars
    let e = logits.map { exp(Double($0)) }, sum = e.reduce(0, +)
    for k in e.indices {
      let others = sum - e[k]  // 1 − p as a sum of the others, without cancellation but for the largest
      let rest = k == 3 ? e[0] + e[1] + e[2] + e[4] : others
      let truth = k == label ? -rest / sum : e[k] / sum
      #expect(abs(Double(slope[k]) / truth - 1) < 2e-6, "\(k): \(slope[k]) for \(truth)")
    }
  }

  @Test("targets of a softmax cross-entropy outside [0, 1] are not taken", arguments: [-0.5, -1e-9, 1.5, 2, .nan])
  func targets(_ target: Double) throws {
    let logits = Tensor([[1.0, 2], [3, -1]])
    let (value, slope) = try valueWithGradient(at: logits) {
      softmaxCrossEntropy(logits: $0, targets: Tensor([[target, 1], [0, 0]]))
    }
    #expect(try value.item.isNaN, "\(value)")
    // The other example has a derivative of its own.
    #expect(try slope.scalars.map(\.isNaN) == [true, false, true, false], "\(slope)")
  }

  @Test("an axis that is named twice, or is not there, is an error; one from the end counts")
  func axes() throws {
    let x = Tensor<Double>([[1, 2, 3], [4, 5, 6]])
    #expect(throws: TensorError.self) { try x.sum(axes: [0, 0]).validated() }
    #expect(throws: TensorError.self) { try x.mean(axes: [1, -1]).validated() }
    #expect(throws: TensorError.self) { try x.max(axes: [0, 2]).validated() }
    #expect(throws: TensorError.self) { try Tensor(1.0).sum(axis: 0).validated() }
    #expect(try x.permuted([-1, 0]).scalars == x.transposed.scalars)
    #expect(try x.product(axes: [-1]).scalars == [6, 120])
  }

  typealias FloatFunction = @Sendable (Tensor<Float>) -> Tensor<Float>

  /// Quotients whose slope 1/x overflows, and whose cotangent is small: function, point, and the quotient of the two.
  private static let steep: [(f: FloatFunction, x: Float, slope: Float)] = [
    ({ 0x1p-20 * ($0 / Tensor(0x1p-130)) }, 0x1p-130, 0x1p110),
    ({ 0x1p-20 * (Tensor(0x1p-130) / $0) }, 0x1p-130, -0x1p110),
    ({ 0x1p-20 * (Tensor(-0x1p-129) / $0) }, 0x1p-130, 0x1p111), ({ 0x1p-64 * (0x1p-129 / $0) }, 0x1p-130, -0x1p67),
    ({ 0x1p-40 * (1 / $0) }, 0x1p-70, -0x1p100), ({ ($0 / Tensor(0x1p-132)) / 0x1p20 }, 0x1p-130, 0x1p112),
    ({ 0x1p-100 * ($0 / Tensor(0x1p-133)).sum() }, 0, 0x1p33),
  ]

  @Test("a small cotangent is divided before a slope overflows", arguments: steep.indices)
  func quotients(_ row: Int) throws {
    let (f, x, expected) = Self.steep[row]
    let slope = try gradient(at: Tensor(x), of: f).item
    #expect(slope == expected)
    #expect(try compiled { (x: Tensor<Float>) in try gradient(at: x, of: f) }(Tensor(x)).item == slope)
  }
}
