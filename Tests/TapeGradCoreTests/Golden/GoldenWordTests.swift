import Testing

@testable import TapeGradCore

/// Functions, reductions and losses whose values and derivatives other systems computed; see `golden_functions.py` and
/// `golden_words.py`.
struct GoldenWordTests {
  private typealias Unary = @Sendable (Tensor<Double>) -> Tensor<Double>
  private typealias Binary = @Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double>
  private typealias Graph = @Sendable ([Tensor<Double>]) throws -> Tensor<Double>

  private static let unary: [String: Unary] = [
    "tan": { tan($0) }, "asin": { asin($0) }, "acos": { acos($0) }, "atan": { atan($0) }, "sinh": { sinh($0) },
    "cosh": { cosh($0) }, "asinh": { asinh($0) }, "acosh": { acosh($0) }, "atanh": { atanh($0) },
    "exp2": { exp2($0) }, "log2": { log2($0) }, "log10": { log10($0) }, "cbrt": { cbrt($0) }, "rsqrt": { rsqrt($0) },
    "reciprocal": { reciprocal($0) }, "erf": { erf($0) }, "erfc": { erfc($0) }, "lgamma": { lgamma($0) },
    "digamma": { digamma($0) }, "gelu": { gelu($0) }, "approximateGelu": { approximateGelu($0) },
    "selu": { selu($0) }, "mish": { mish($0) }, "logSigmoid": { logSigmoid($0) }, "hardSwish": { hardSwish($0) },
    "relu6": { relu6($0) }, "floor": { floor($0) }, "ceil": { ceil($0) }, "round": { round($0) },
    "trunc": { trunc($0) },
  ]

  private static let binary: [String: Binary] = [
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

  private static let graphs: [String: (shapes: [Shape], graph: Graph)] = [
    "min": ([[3, 4]], { weighed($0[0].min(axis: 1)) }), "minAll": ([[2, 4]], { $0[0].min() }),
    "normTwo": ([[3, 4]], { weighed($0[0].norm(axis: 0)) }),
    "normOne": ([[3, 4]], { weighed($0[0].norm(.absolute, axis: 1)) }),
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
  ]

  /// A weighted sum with weights 1, 2, 3, …: every element counts differently.
  private static func weighed(_ y: Tensor<Double>) -> Tensor<Double> {
    (y * Tensor((1...y.shape.count).map(Double.init), shape: y.shape)).sum()
  }

  @Test("values and gradients of reductions and losses are PyTorch's", arguments: graphs.keys.sorted())
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
