import Testing

@testable import TapeGradCore

/// The two kinds of zero of a cotangent. The truths are derived by hand.
struct StructuralZerosTests {
  typealias Function = @Sendable (Tensor<Double>) throws -> Tensor<Double>

  /// A function of a tensor, whose sum is differentiated at a point.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let x: Tensor<Double>
    let truth: [Double]
    let f: Function

    init(_ name: String, _ x: Tensor<Double>, _ truth: [Double], _ f: @escaping Function) {
      (testDescription, self.x, self.truth, self.f) = (name, x, truth, f)
    }

    /// The gradient on all the ways there are: at once, in a program, behind a checkpoint, within an outer gradient, and
    /// of a function that is used twice.
    func gradients() throws -> [(way: String, slope: [Double])] {
      let f = f, plain = try gradient(at: x) { try f($0).sum() }
      let program = compiled { x in try gradient(at: x) { try f($0).sum() } }
      let kept = try gradient(at: x) { x in checkpoint(x) { try f($0).sum() } }
      // The inner gradient is linear in t, so its derivative by t at any t is the gradient again, summed.
      let nested = try jacobian(at: Tensor(2.0)) { t in try gradient(at: x) { try (t * f($0)).sum() } }
      let twice = try gradient(at: x) { x in 0.5 * (try f(x).sum() + f(x).sum()) }
      return [
        ("eager", try plain.scalars), ("compiled", try program(x).scalars), ("checkpoint", try kept.scalars),
        ("nested", try nested.scalars), ("twice", try twice.scalars),
      ]
    }
  }

  private static let inf = Double.infinity, nan = Double.nan
  private static let edge = Tensor([0, 4.0])
  private static let data = Tensor<Double>([[1, nan, 3], [4, nan, 6]])
  private static let keep = Tensor<Double>([[1, 0, 1]])

  private static let unused: [Case] = [
    Case("select", edge, [0, 0.25]) { select($0 .> 0, log($0), 0) },
    Case("select, the other branch", edge, [0, 0.25]) { select($0 .== 0, 0, log($0)) },
    Case("a mask that is computed", edge, [1, 1]) { select(sqrt($0), $0, $0) },
    Case("slice", edge, [0, 0.25]) { sqrt($0)[1..<2] },
    Case("gather", edge, [0, 0.5]) { sqrt($0).gathered([1, 1]) },
    Case("slice of a join", edge, [0, 1]) { concatenate([log($0), $0])[3..<4] },
    Case("select of a reshaped", edge, [0, 0.25]) { x in
      let y = sqrt(x).reshaped(to: [2, 1]).transposed
      return select(Tensor([[0, 1]]), y, 0)
    },
    Case("select of a broadcast", edge, [0, 0.75]) { x in
      select(Tensor([[0, 1]]), sqrt(x).broadcast(to: [3, 2]), 0)
    },
    Case("select before several rules", edge, [0, -0.25]) { x in
      select(Tensor([0, 1]), 1 / exp(log(sqrt(x))), 0) * 4
    },
    Case("difference of unused", edge, [0, -0.5]) { x in
      let y = sqrt(x)
      return select(Tensor([0, 1]), y, 0) - select(Tensor([0, 1]), 3 * y, 0)
    },
    Case("quotient", edge, [0, -1.0 / 16]) { select(Tensor([0, 1]), 1 / $0, 0) },
    Case("quotient of tensors", edge, [0, 0]) { select(Tensor([0, 1]), $0 / $0, 0) },
    Case("a factor of ∞", edge, [1, 1]) { select(Tensor([1, 1]), $0, .infinity * $0) },
    Case("a factor of NaN", edge, [1, 1]) { select(Tensor([1, 1]), $0, .nan * $0) },
    Case("a divisor of 0", edge, [1, 1]) { select(Tensor([1, 1]), $0, $0 / 0) },
    Case("power", edge, [0, 0.25]) { select(Tensor([0, 1]), pow($0, 0.5), 0) },
    Case("power of tensors", edge, [0, 0.25]) { select(Tensor([0, 1]), pow($0, Tensor([0.5, 0.5])), 0) },
    Case("mean of columns", Tensor([[0, 4.0], [0, 16]]), [0, 0.125, 0, 0.0625]) {
      select(Tensor([0, 1]), sqrt($0).mean(axis: 0), 0)
    },
    Case("maximum of columns", Tensor([[nan, 4.0], [nan, 16]]), [0, 0, 0, 1]) {
      select(Tensor([0, 1]), $0.max(axis: 0), 0)
    },
    Case("product of columns", Tensor([[nan, 4.0], [inf, 16]]), [0, 16, 0, 4]) {
      select(Tensor([0, 1]), $0.product(axis: 0), 0)
    },
    Case("a product of columns, matrix on the left", Tensor([[0.5, 2]]), [4, 10]) { W in
      select(keep, matmul(W, data), 0)
    },
    Case("a product of rows, matrix on the right", Tensor([[0.5], [2]]), [4, 10]) { W in
      select(keep.transposed, matmul(data.transposed, W), 0)
    },
    Case("a layer, its bias and its activation", Tensor([[0.0, 0, 0]]), [8.0 / 4, 20.0 / 4, 4.0 / 4]) { p in
      let z = matmul(p.sliced(0..<2, axis: 1), data) + p.sliced(2..<3, axis: 1)
      return select(keep, 2 * sigmoid(z), 0)
    },
    Case("data behind a product", Tensor([[0, 4.0]]), [0, 0.5]) { x in
      select(Tensor([[0, 1]]), matmul(Tensor([[1.0], [1]]), sqrt(x)), 0)
    },
    Case("a batch of products", Tensor([[[1.0, 1]], [[1, 1]]]), [0, 0, 3, 5]) { W in
      let X = Tensor<Double>([[[nan, nan], [nan, inf]], [[1, 2], [2, 3]]])
      return select(Tensor<Double>([[[0]], [[1]]]), matmul(W, X), 0)
    },
    Case("softmax", Tensor([[-inf, 0], [-inf, 0]]), [0, 0.25, 0, -0.25]) {
      select(Tensor<Double>([[0, 1], [0, 0]]), softmax($0), 0)
    },
    Case("logSoftmax", Tensor([[-inf, 0], [-inf, 0]]), [0, 0.5, 0, -0.5]) {
      select(Tensor<Double>([[0, 1], [0, 0]]), logSoftmax($0), 0)
    },
    Case("logSumExp", Tensor([[nan, 0], [nan, 0]]), [0, 0.5, 0, 0.5]) { select(Tensor([0, 1]), logSumExp($0), 0) },
    Case(
      "softmax cross-entropy with a column of targets that are 0", Tensor([[nan, 0], [nan, 0]]), [0, -0.25, 0, 0.25]
    ) {
      softmaxCrossEntropy(logits: $0, targets: Tensor<Double>([[0, 1], [0, 0]]))
    },
    Case("standard deviation", Tensor([[nan, 1], [nan, 3]]), [0, -0.5, 0, 0.5]) {
      select(Tensor([0, 1]), $0.standardDeviation(axes: [0]), 0)
    },
    Case("elu of NaN", Tensor([nan, 1]), [0, 1]) { select(Tensor([0, 1]), elu($0), 0) },
    Case("a pushforward inside", edge, [0, -1.0 / 32]) { x in
      try pushforward(at: x, along: .ones([2])) { select(Tensor([0, 1]), sqrt($0), 0) }
    },
  ]

  @Test("what nothing used silences what lies behind it", arguments: unused)
  func structural(_ row: Case) throws {
    for (way, slope) in try row.gradients() {
      let error = zip(slope, row.truth).map { abs($0 - $1) }.max() ?? .infinity
      #expect(slope.count == row.truth.count && error < 1e-15, "\(way): \(slope)")
    }
  }

  private static let computed: [Case] = [
    Case("(√x)² at 0", Tensor([0.0]), [1]) { square(sqrt($0)) },
    Case("exp Σ log x", Tensor([0.0, 2, 3]), [6, 0, 0]) { exp(log($0).sum()) },
    Case("exp log x at 0", Tensor([0.0]), [1]) { exp(log($0)) },
    Case("log(exp x + 1) where exp x overflows", Tensor([800.0]), [1]) { log(exp($0) + 1) },
    Case("1/(1/x) at 0", Tensor([0.0]), [1]) { 1 / (1 / $0) },
    Case("σ(log x) at 0", Tensor([0.0]), [1]) { sigmoid(log($0)) },
    Case("√(x⁴) at 0", Tensor([0.0]), [0]) { sqrt(square(square($0))) },
    Case("√x·√x at 0", Tensor([0.0]), [1]) { sqrt($0) * sqrt($0) },
    Case("Π √x", Tensor([0.0, 0]), [nan, nan]) { sqrt($0).product() },
    Case("0·log x, a weight that is computed", Tensor([0.0]), [-inf]) { $0 * log($0) },
    Case("relu(√x − 1) at 0", Tensor([0.0]), [0]) { relu(sqrt($0) - 1) },
    Case("max(√x, 1) at 0", Tensor([0.0]), [0]) { maximum(sqrt($0), Tensor([1])) },
    Case("NaN data times a derivative of 0", Tensor([[0.0]]), [nan]) { W in
      matmul(relu(W), Tensor([[nan, 1.0]]))
    },
    Case("half of a column used", Tensor([[1.0, 1]]), [nan, nan]) { W in
      select(Tensor<Double>([[0, 1]]), matmul(W, Tensor([[nan, 2], [nan, 3]])), 0)
        + matmul(W, data)[0..<1]
        .sliced(1..<3, axis: 1)
    },
    Case("used by one of two", edge, [inf, 0.5]) { x in
      let y = sqrt(x)
      return select(Tensor([0, 1]), y, 0) + y
    },
  ]

  @Test("a zero that was computed never hides an infinite or undefined derivative", arguments: computed)
  func numeric(_ row: Case) throws {
    for (way, slope) in try row.gradients() {
      #expect(slope.count == row.truth.count)
      for (found, truth) in zip(slope, row.truth) {
        #expect(found.isNaN || found == truth, "\(way): \(slope)")
      }
    }
  }

  @Test("the Hessian of (√Σx²)² at 0 is 2·I or NaN, and that of what select leaves out is 0")
  func second() throws {
    let h = try hessian(at: Tensor([0.0, 0])) { x in square(sqrt(square(x).sum())) }.scalars
    #expect(zip(h, [2.0, 0, 0, 2]).allSatisfy { $0.isNaN || $0 == $1 }, "\(h)")
    let root = try hessian(at: Self.edge) { x in select(x .> 0, x * sqrt(x), 0).sum() }.scalars
    #expect(root == [0, 0, 0, 0.375])
    let third = try jacobian(at: Self.edge) { x in
      try hessian(at: x) { x in select(x .> 0, square(x) * sqrt(x), 0).sum() }
    }.scalars
    #expect(third == [0, 0, 0, 0, 0, 0, 0, 0.9375])
  }

  @Test("a weight of 0 that is varied itself is a number: the third derivatives that mix weight and term")
  func variedWeight() throws {
    // ∂/∂p ∂²/∂x² xᵖ = (2p − 1)·xᵖ⁻² + p(p − 1)·xᵖ⁻²·ln x, which is −x⁻² at p = 0.
    let slope = { @Sendable (p: Tensor<Double>) in
      try gradient(at: p) { p in
        try gradient(at: Tensor(2.0)) { x in try gradient(at: x) { pow($0, p) } }
      }
    }
    try slope(Tensor(0)).expect([-0.25], ulps: 4)
    try compiled(slope)(Tensor(0)).expect([-0.25], ulps: 4)
    // l = −Σ tᵢ·ln pᵢ; its Hessian is Σt·(diag p − p·pᵀ), and that matrix its derivative by each t, at 0 too.
    let z = Tensor([0.3, -0.2]), p = try softmax(z).scalars
    let J = try jacobian(at: Tensor([0.0, 1])) { t in try hessian(at: z) { softmaxCrossEntropy(logits: $0, targets: t) }
    }
    let truth = p[0] * p[1]
    try J.expect([truth, truth, -truth, -truth, -truth, -truth, truth, truth], ulps: 64)
  }

  @Test("a weight of 0 that nobody varies drops its term, in second derivatives too")
  func constantWeight() throws {
    let power = { @Sendable (x: Tensor<Double>) in
      try hessian(at: x) { pow($0, Tensor([0, 3])).sum() }
    }
    let entropy = { @Sendable (a: Tensor<Double>) in
      try hessian(at: a) { 2 * binaryCrossEntropy($0, Tensor([0, 1])) }
    }
    #expect(try power(Tensor([0, 2])).scalars == [0, 0, 0, 12])
    #expect(try compiled(power)(Tensor([0, 2])).scalars == [0, 0, 0, 12])
    #expect(try entropy(Tensor([0, 1])).scalars == [1, 0, 0, 1])
    #expect(try compiled(entropy)(Tensor([0, 1])).scalars == [1, 0, 0, 1])
  }

  @Test("each row of a Jacobian uses one element of the result")
  func rows() throws {
    let J = try jacobian(at: Self.edge) { sqrt($0) }.scalars
    #expect(J == [.infinity, 0, 0, 0.25])
    #expect(try compiled { x in try jacobian(at: x) { sqrt($0) } }(Self.edge).scalars == J)
  }

  @Test("what indices that are an argument do not choose is not used")
  func indices() throws {
    let slope = compiled { (x: Tensor<Double>, indices: Indices) in
      try gradient(at: x) { log(sqrt($0)).gathered(indices).sum() }
    }
    #expect(try slope(Self.edge, Indices([1, 1])).scalars == [0, 0.25])
    #expect(try slope(Self.edge, Indices([0, 1])).scalars == [.infinity, 0.125])
  }

  @Test("in Float, log(exp(x) + 1) at 100 has derivative 1 or NaN")
  func overflow() throws {
    let slope = try gradient(at: Tensor<Float>(100)) { log(exp($0) + 1) }.item
    #expect(slope.isNaN || slope == 1)
  }

  @Test("a gradient, a tape's gradients and a pullback come back without masks")
  func resultsAreBare() throws {
    let x = Self.edge, f: (Tensor<Double>) -> Tensor<Double> = { sqrt($0)[1..<2] }
    let tape = Tape(), v = tape.variable(x)
    let results = [
      try gradient(at: x) { f($0).sum() }, try tape.gradients(of: f(v).sum())[v],
      try valueWithPullback(at: x, of: f).pullback(Tensor([1])),
      try pushforward(at: x, along: x, of: f),
    ]
    for result in results { #expect(result.mask == nil) }
  }

  @Test("a mask that is 0 nowhere is not carried, and computations without choices carry none")
  func nothingToCarry() {
    let x = Tensor([1.0, 2])
    #expect(x.value.masked(by: x.value).mask == nil)
    #expect(x.chained(with: x).mask == nil && (x + x).mask == nil)
    #expect(x.whereUsed(Tensor([0, 1])).mask != nil && (x.whereUsed(Tensor([0, 1])) + x).mask == nil)
  }
}
