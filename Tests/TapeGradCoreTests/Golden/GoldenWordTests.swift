import Testing

@testable import TapeGradCore

/// Functions, reductions and losses whose values and derivatives other systems computed; see `golden_functions.py` and
/// `golden_words.py`.
struct GoldenWordTests {
  typealias Unary = @Sendable (Tensor<Double>) -> Tensor<Double>
  typealias Binary = @Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double>
  typealias Graph = @Sendable ([Tensor<Double>]) throws -> Tensor<Double>

  static let unary: [String: Unary] = [
    "exp": { exp($0) }, "expm1": { expm1($0) }, "log": { log($0) }, "log1p": { log1p($0) }, "sqrt": { sqrt($0) },
    "square": { square($0) }, "abs": { abs($0) }, "sign": { sign($0) }, "sin": { sin($0) }, "cos": { cos($0) },
    "tanh": { tanh($0) }, "sigmoid": { sigmoid($0) }, "softplus": { softplus($0) }, "silu": { silu($0) },
    "elu": { elu($0) }, "relu": { relu($0) }, "leakyRelu": { leakyRelu($0, slope: 0.125) }, "cubed": { pow($0, 3) },
    "raised": { pow($0, 2.5) },
    "tan": { tan($0) }, "asin": { asin($0) }, "acos": { acos($0) }, "atan": { atan($0) }, "sinh": { sinh($0) },
    "cosh": { cosh($0) }, "asinh": { asinh($0) }, "acosh": { acosh($0) }, "atanh": { atanh($0) },
    "exp2": { exp2($0) }, "log2": { log2($0) }, "log10": { log10($0) }, "cbrt": { cbrt($0) }, "rsqrt": { rsqrt($0) },
    "reciprocal": { reciprocal($0) }, "erf": { erf($0) }, "erfc": { erfc($0) }, "lgamma": { lgamma($0) },
    "digamma": { digamma($0) }, "gelu": { gelu($0) }, "approximateGelu": { approximateGelu($0) },
    "selu": { selu($0) }, "mish": { mish($0) }, "logSigmoid": { logSigmoid($0) }, "hardSwish": { hardSwish($0) },
    "relu6": { relu6($0) }, "floor": { floor($0) }, "ceil": { ceil($0) }, "round": { round($0) },
    "trunc": { trunc($0) },
  ]

  static let binary: [String: Binary] = [
    "maximum": { maximum($0, $1) }, "minimum": { minimum($0, $1) }, "pow": { pow($0, $1) }, "fmod": { fmod($0, $1) },
    "atan2": { atan2($0, $1) }, "hypot": { hypot($0, $1) }, "logAddExp": { logAddExp($0, $1) },
    "xLogY": { xLogY($0, $1) }, "remainder": { remainder($0, $1) },
  ]

  @Test("value, first and second derivative are mpmath's, and PyTorch's", arguments: unary.keys.sorted())
  func functionOfOne(_ name: String) throws {
    let f = try #require(Self.unary[name])
    for row in try #require(GoldenFunctions.unary[name]) {
      let x = Tensor(row[0])
      let slope = { (x: Tensor<Double>) in try gradient(at: x) { f($0) } }
      let found = [try f(x).item, try slope(x).item, try gradient(at: x, of: slope).item]
      for (order, (a, b)) in zip(found, row[1...3]).enumerated() {
        #expect(isClose(a, b, 4e-14), "\(name), derivative \(order) at \(row[0]): \(a) for \(b)")
      }
      for (a, b) in zip(found, row[4...]) {
        // PyTorch's trigamma is right to nine digits.
        #expect(isClose(a, b, name == "digamma" ? 2e-9 : 1e-12), "\(name) at \(row[0]): \(a) for PyTorch's \(b)")
      }
    }
  }

  @Test("value and both derivatives are mpmath's, and PyTorch's", arguments: binary.keys.sorted())
  func functionOfTwo(_ name: String) throws {
    let f = try #require(Self.binary[name])
    for row in try #require(GoldenFunctions.binary[name]) {
      let (value, slopes) = try valueWithGradient(at: Tensor(row[0]), Tensor(row[1])) { f($0, $1) }
      let found = try [value.item, slopes.0.item, slopes.1.item]
      for (a, (b, c)) in zip(found, zip(row[2...4], row[5...])) {
        #expect(isClose(a, b, 4e-14) && isClose(a, c, 1e-12), "\(name) at \(row[0]), \(row[1]): \(a) for \(b) and \(c)")
      }
    }
  }

  private func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    abs(a - b) <= tolerance * max(abs(b), 1e-2)
  }

  private static let labels = Labels([2, 0, 1, 1]), weights = Tensor<Double>([1, 0.5, 2, 0])
  private static let classWeights = Tensor<Double>([0.5, 2, 1])

  static let graphs: [String: (shapes: [Shape], graph: Graph)] = [
    "min": ([[3, 4]], { weighed($0[0].min(axis: 1)) }), "minAll": ([[2, 4]], { $0[0].min() }),
    "normTwo": ([[3, 4]], { weighed($0[0].norm(axis: 0)) }),
    "normOne": ([[3, 4]], { weighed(($0[0] + 0.125).norm(.absolute, axis: 1)) }),
    "normThree": ([[3, 4]], { weighed($0[0].norm(.order(3), axis: 1)) }),
    "normHalf": ([[3, 4]], { weighed(($0[0] + 0.125).norm(.order(0.5), axis: 0)) }),
    "normMaximum": ([[3, 4]], { weighed(($0[0] + 0.125).norm(.maximum, axis: 1)) }),
    "cumulativeSum": ([[3, 5]], { weighed($0[0].cumulativeSum(axis: 1)) }),
    "cumulativeProduct": ([[5, 3]], { weighed($0[0].cumulativeProduct(axis: 0)) }),
    "cumulativeLogSumExp": ([[2, 6]], { weighed($0[0].cumulativeLogSumExp(axis: 1)) }),
    "variance": ([[3, 4]], { weighed($0[0].variance(axes: [1], correction: 1)) }),
    "standardDeviation": ([[3, 4]], { $0[0].standardDeviation(correction: 2) }),
    "logSumExp": ([[2, 3, 4]], { weighed(logSumExp($0[0], axes: [0, 2])) }),
    "sorted": ([[3, 5]], { weighed($0[0].sorted().values) }),
    "sortedDescending": ([[5, 3]], { weighed($0[0].sorted(axis: 0, descending: true).values) }),
    "topK": ([[3, 5]], { weighed($0[0].topK(2).values) }), "median": ([[3, 6]], { weighed($0[0].median(axis: 1)) }),
    "quantile": ([[6, 3]], { weighed($0[0].quantile(0.3, axis: 0)) }),
    "argMax": (
      [[3, 5]],
      { x in
        let isBest = Tensor<Double>([0, 1, 2, 3, 4]) .== Tensor(try x[0].argMax(axis: 1).integers.map { [Double($0)] })
        return weighed((isBest * x[0]).sum(axis: 1, keepingDimensions: true) * x[0])
      }
    ),
    "argMin": (
      [[3, 5]],
      { x in
        let isBest =
          Tensor<Double>.arange(3).expandedDimensions(axis: 1)
          .== Tensor(try x[0].argMin(axis: 0).integers.map { Double($0) })
        return weighed((isBest * x[0]).sum(axis: 0) * x[0])
      }
    ),
    "softmax": ([[3, 4]], { weighed(softmax($0[0], axis: 0) * logSoftmax($0[0], axis: 1)) }),
    "clamped": (
      [[3, 4]],
      { x in
        let inside = x[0] * x[0].clamped(to: -0.625...0.875)
        return weighed(inside + square(x[0].clamped(to: 0.125...)) + x[0].clamped(to: ...(-0.125)))
      }
    ),
    "anyAndAll": (
      [[3, 4]],
      { x in
        let rows = x[0].sum(axis: 1) * (x[0] .> 1).any(axis: 1) + 2 * x[0].product(axis: 1) * (x[0] .> -1).all(axis: 1)
        return weighed(rows + (x[0] .> 9).any() + 4 * (x[0] .< 9).all())
      }
    ),
    "isFinite": (
      [[7]],
      { x in
        let y = select(isFinite(1 / x[0]), x[0], 8 * x[0])
        return weighed(y + select(isNaN(x[0] / x[0]), 5 * x[0], x[0] * x[0]))
      }
    ),
    "stopGradient": ([[5]], { weighed($0[0].stopGradient() * $0[0] * checkpoint($0[0]) { tanh($0) }) }),
    "creations": (
      [[3, 3]],
      { x in
        let labels = Labels([2, 0, 1])
        let products = matmul(x[0], Tensor.linspace(from: -1, to: 2, count: 3))
        let chosen = matmul(Tensor.oneHot(labels, classes: 3), x[0].sum(axis: 0))
        return weighed(products + chosen + Tensor.arange(3) + Tensor(0.5).broadcast(to: [3]))
      }
    ),
    "directions": (
      [[3], [3]],
      { p in
        let forward = try valueWithPushforward(at: p[0], along: p[1]) { x in sin(x) * x[0] }.tangent
        let backward = try valueWithPullback(at: p[0]) { x in exp(x / 2) * x[1] }.pullback(p[1])
        return weighed(forward + backward + (try pushforward(at: p[0], along: p[1]) { try gradient(at: $0, of: cube) }))
      }
    ),
    "jacobians": (
      [[3], [4, 3]],
      { p in
        let columns = try forwardJacobian(at: p[0]) { x in tanh(matmul(p[1], x)) * x[0] }
        let rows = try jacobian(at: p[0]) { x in square(matmul(p[1], x)) }
        return weighed(columns * rows + (try hessianVectorProduct(at: p[0], along: Tensor([1, 0, 0]), of: cube)))
      }
    ),
    "powTwice": ([[2, 3], [2, 3]], { try squaredSlopes(at: $0) { pow($0[0] + 2, $0[1]).sum() } }),
    "maxPoolTwice": (
      [[1, 1, 3, 4]],
      { x in
        let distances = (Tensor<Double>.arange(12) / 64).reshaped(to: [1, 1, 3, 4])
        return try squaredSlopes(at: x) { pow(maxPool2D($0[0] + distances, window: (2, 2), stride: (1, 1)), 3).sum() }
      }
    ),
    "sigmoidTwice": ([[5]], { try squaredSlopes(at: $0) { (sigmoid($0[0]) * tanh($0[0])).sum() } }),
    "usedProduct": (
      [[3, 4], [4, 2]],
      { x in
        let z = matmul(x[0], x[1])
        return weighed(select(z .> 0, log(z), 0))
      }
    ),
    "meanAbsoluteError": ([[3, 4], [3, 4]], { meanAbsoluteError($0[0], $0[1]) }),
    "huber": ([[3, 4], [3, 4]], { huberLoss($0[0], $0[1], delta: 0.75) }),
    "huberSum": ([[3, 4], [3, 4]], { huberLoss($0[0], $0[1], reduction: .sum) }),
    "hinge": ([[5]], { hingeLoss($0[0], Tensor([1, -1, -1, 1, 1])) }),
    "kullbackLeibler": ([[3, 4], [3, 4]], { kullbackLeibler(softmax($0[0]), softmax($0[1])) }),
    "likelihood": ([[3, 4]], { negativeLogLikelihood(logProbabilities: logSoftmax($0[0]), labels: labels) }),
    "likelihoodByClass": (
      [[3, 4]],
      {
        negativeLogLikelihood(
          logProbabilities: logSoftmax($0[0]), labels: labels, weights: classWeights.gathered(labels))
      }
    ),
    "crossEntropyIgnoring": ([[3, 4]], { softmaxCrossEntropy(logits: $0[0], labels: labels, ignoring: 1) }),
    "crossEntropySmoothed": ([[3, 4]], { softmaxCrossEntropy(logits: $0[0], labels: labels, smoothing: 0.1) }),
    "crossEntropySmoothedIgnoring": (
      [[3, 4]], { softmaxCrossEntropy(logits: $0[0], labels: labels, ignoring: 2, smoothing: 0.2) }
    ),
    "crossEntropyByClass": (
      [[3, 4]], { softmaxCrossEntropy(logits: $0[0], labels: labels, weights: classWeights.gathered(labels)) }
    ),
    "crossEntropySum": ([[3, 4]], { softmaxCrossEntropy(logits: $0[0], labels: labels, reduction: .sum) }),
    "crossEntropyNone": ([[3, 4]], { weighed(softmaxCrossEntropy(logits: $0[0], labels: labels, reduction: .none)) }),
    "crossEntropyWeighted": ([[3, 4]], { softmaxCrossEntropy(logits: $0[0], labels: labels, weights: weights) }),
    "squaresWeighted": ([[3, 4], [3, 4]], { meanSquaredError($0[0], $0[1], weights: weights) }),
    "binarySum": (
      [[3, 4], [3, 4]], { binaryCrossEntropy(logits: $0[0], labels: sigmoid($0[1]), reduction: .sum) }
    ),
    "binaryOfProbabilities": ([[3, 4], [3, 4]], { binaryCrossEntropy($0[0] / 4 + 0.5, sigmoid($0[1])) }),
  ]

  /// A weighted sum with weights 1, 2, 3, …: every element counts differently.
  private static func weighed(_ y: Tensor<Double>) -> Tensor<Double> {
    (y * Tensor((1...y.shape.count).map(Double.init), shape: y.shape)).sum()
  }

  /// `f(x) = Σ x³·x₀`, for directions and Hessians.
  @Sendable private static func cube(_ x: Tensor<Double>) -> Tensor<Double> { pow(x, 3).sum() * x[0] }

  /// The squares of all first derivatives, added up: what is differentiated next are rules.
  private static func squaredSlopes(
    at x: [Tensor<Double>], of f: ([Tensor<Double>]) throws -> Tensor<Double>
  ) throws -> Tensor<Double> {
    try gradient(at: x, of: f).reduce(Tensor(0)) { $0 + square($1).sum() }
  }

  @Test("values and gradients of reductions and losses are PyTorch's and JAX's", arguments: graphs.keys.sorted())
  func words(_ name: String) throws {
    let (shapes, graph) = try #require(Self.graphs[name])
    let inputs = shapes.enumerated().map { position, shape in
      Tensor((0..<shape.count).map { Double((7 * $0 + 3 * position + 1) % 11 - 5) / 4 }, shape: shape)
    }
    let (value, gradients) = try valueWithGradient(at: inputs, of: graph)
    let found = try [value.item] + gradients.flatMap { try $0.scalars }
    let expected = try #require(GoldenWords.numbers[name])
    #expect(found.count == expected.count)
    for (index, (a, b)) in zip(found, expected).enumerated() {
      #expect(abs(a - b) <= 1e-12 * max(1, abs(b)), "\(name), number \(index): \(a) for \(b)")
    }
  }

  @Test("every function and graph of the scripts is here") func complete() {
    #expect(Set(Self.unary.keys) == Set(GoldenFunctions.unary.keys))
    #expect(Set(Self.binary.keys) == Set(GoldenFunctions.binary.keys))
    #expect(Set(Self.graphs.keys) == Set(GoldenWords.numbers.keys))
  }
}
