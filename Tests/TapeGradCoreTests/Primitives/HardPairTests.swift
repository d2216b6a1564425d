import Testing

@testable import TapeGradCore

/// Two numbers that tell good code from bad, and what comes out: value, and both first derivatives where promised.
private struct HardPair: CustomTestStringConvertible, Sendable {
  typealias Function = @Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double>
  let testDescription: String
  let operands: (Double, Double)
  let value: Double
  let first: (Double?, Double?)
  /// By the first operand twice.
  let second: Double?
  let ulps: Double
  let function: Function

  init(
    _ name: String, _ function: @escaping Function, _ x: Double, _ y: Double, _ value: Double,
    _ first: (Double?, Double?) = (nil, nil), second: Double? = nil, ulps: Double = 0
  ) {
    testDescription = "\(name) of \(x) and \(y)"
    (self.function, operands, self.value, self.first) = (function, (x, y), value, first)
    (self.second, self.ulps) = (second, ulps)
  }

  static let all =
    powers + quotients + choices + crossEntropies
}

private let infinity = Double.infinity, nan = Double.nan

extension HardPair {
  private static let powers = [
    HardPair("pow", { pow($0, $1) }, 0, 0, 1, (0, 0)),
    HardPair("pow", { pow($0, $1) }, 0, 1, 0, (1, 0)),
    HardPair("pow", { pow($0, $1) }, 0, 2, 0, (0, 0), second: 2),
    HardPair("pow", { pow($0, $1) }, 0, 0.5, 0, (infinity, 0)),
    HardPair("pow", { pow($0, $1) }, -2, 3, -8, (12, nan)),
    HardPair("pow", { pow($0, $1) }, -2, 0.5, nan, (nan, nan)),
    HardPair("pow", { pow($0, $1) }, nan, 0, 1),
    HardPair("pow", { pow($0, $1) }, 1, nan, 1),
  ]

  private static let quotients = [
    HardPair("divide", { $0 / $1 }, 1, 0, infinity, (infinity, -infinity)),
    HardPair("divide", { $0 / $1 }, 0, 0, nan),
    HardPair("divide", { $0 / $1 }, 1, -0.0, -infinity, (-infinity, -infinity)),
    HardPair("divide", { $0 / $1 }, 1, infinity, 0, (0, 0)),
    HardPair("multiply", { $0 * $1 }, 0, infinity, nan, (infinity, 0)),
  ]

  private static let choices = [
    HardPair("maximum", { maximum($0, $1) }, 2, 2, 2, (0.5, 0.5)),
    HardPair("minimum", { minimum($0, $1) }, 2, 2, 2, (0.5, 0.5)),
    HardPair("maximum", { maximum($0, $1) }, infinity, infinity, infinity, (0.5, 0.5)),
    HardPair("minimum", { minimum($0, $1) }, -infinity, 1, -infinity, (1, 0)),
    HardPair("maximum", { maximum($0, $1) }, nan, 1, nan, (nan, nan)),
    HardPair("minimum", { minimum($0, $1) }, 1, nan, nan, (nan, nan)),
    HardPair("less", { $0 .< $1 }, nan, 1, 0, (0, 0)),
    HardPair("equal", { $0 .== $1 }, 0, -0.0, 1, (0, 0)),
  ]

  /// Logarithms of probabilities are clamped to -100; on logits nothing needs to be.
  private static let crossEntropies =
    [
      HardPair("on probabilities", { binaryCrossEntropy($0, $1) }, 0, 1, 100),
      HardPair("on probabilities", { binaryCrossEntropy($0, $1) }, 1, 0, 100),
      HardPair("on probabilities", { binaryCrossEntropy($0, $1) }, 0, 0.5, 50),
      HardPair("on probabilities", { binaryCrossEntropy($0, $1) }, 1, 0.5, 50),
      HardPair("on probabilities", { binaryCrossEntropy($0, $1) }, 0, 0, 0),
      HardPair("on probabilities", { binaryCrossEntropy($0, $1) }, 1, 1, 0),
    ]
    + [ofLogits, ofSigmoid].flatMap { (name: String, function: @escaping Function) in
      [
        HardPair(name, function, 0, 1, 0.693147180559945309, (-0.5, 0), second: 0.25),
        HardPair(name, function, 0, 0.25, 0.693147180559945309, (0.25, 0), second: 0.25),
        HardPair(name, function, 1000, 1, 0, (0, -1000)),
        HardPair(name, function, 1000, 0, 1000, (1, -1000), second: 0),
        HardPair(name, function, -50, 1, 50, (-1, 50), ulps: 1),
        HardPair(name, function, 20, 1, 2.0611536203143807e-9, (-2.06115361819020358e-9, -20), ulps: 4),
        HardPair(name, function, infinity, 1, 0, (0, nil)),
        HardPair(name, function, -infinity, 0, 0, (0, nil)),
        HardPair(name, function, infinity, 0, infinity, (1, nil)),
        HardPair(name, function, nan, 0, nan, (nan, nil)),
      ]
    }

  private static let ofLogits: (String, Function) = ("on logits", { binaryCrossEntropy(logits: $0, labels: $1) })
  private static let ofSigmoid: (String, Function) = ("of a sigmoid", { binaryCrossEntropy(sigmoid($0), $1) })
}

/// Section 5 of the numerical promises, functions of two numbers.
struct HardPairTests {
  @Test("hard pairs give value and derivatives", arguments: HardPair.all)
  private func row(_ row: HardPair) throws {
    let x = Tensor(row.operands.0), y = Tensor(row.operands.1)
    let (value, (dx, dy)) = try valueWithGradient(at: x, y, of: row.function)
    #expect(try value.item.isClose(to: row.value, ulps: row.ulps), "\(value) for \(row.value)")
    for (found, expected) in [(dx, row.first.0), (dy, row.first.1)] {
      guard let expected else { continue }
      #expect(try (found.item + 0).isClose(to: expected, ulps: row.ulps), "\(found) for \(expected)")
    }
    if let second = row.second {
      let found = try gradient(at: x) { x in try gradient(at: x) { row.function($0, y) } }
      #expect(try (found.item + 0).isClose(to: second, ulps: row.ulps), "\(found) for \(second)")
    }
  }

  @Test("a probability outside [0, 1], or NaN, is an error", arguments: [-0.1, 1.1, nan, infinity])
  func noProbability(_ a: Double) {
    let error = failure { try binaryCrossEntropy(Tensor(a), Tensor(1)).validated() }
    #expect(error?.message == "\(a) is not a probability")
    #expect(error?.suggestion == "pass logits to binaryCrossEntropy(logits:labels:)")
  }
}
