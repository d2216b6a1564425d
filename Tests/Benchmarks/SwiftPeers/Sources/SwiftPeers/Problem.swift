import Foundation

/// `Float` or `Double`, with the functions that the C library has for it.
protocol Number: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  static func exp(_ x: Self) -> Self
  static func log1p(_ x: Self) -> Self
  static func tanh(_ x: Self) -> Self
}

extension Float: Number {
  static func exp(_ x: Float) -> Float { Foundation.exp(x) }
  static func log1p(_ x: Float) -> Float { Foundation.log1p(x) }
  static func tanh(_ x: Float) -> Float { Foundation.tanh(x) }
}

extension Double: Number {
  static func exp(_ x: Double) -> Double { Foundation.exp(x) }
  static func log1p(_ x: Double) -> Double { Foundation.log1p(x) }
  static func tanh(_ x: Double) -> Double { Foundation.tanh(x) }
}

/// The hidden layer's activation.
enum Activation: String, Decodable {
  case tanh, relu
}

/// What everybody trains, as `problem.py` makes it.
struct Problem<S: Number> {
  let inputs, hidden, examples: Int
  let activation: Activation

  /// The learning rate.
  static var rate: S { 0.5 }

  /// Features (n_x, m), row by row, uniform in −1...1.
  var features: [S] { Self.uniform(inputs * examples, 1, seed: 1) }
  /// Labels (1, m): whether the first feature is positive.
  var labels: [S] { features.prefix(examples).map { $0 > 0 ? 1 : 0 } }
  /// W1 (n_1, n_x) and W2 (1, n_1), uniform in ±1/√n_in. Biases begin at 0.
  var W1: [S] { Self.uniform(hidden * inputs, 1 / Double(inputs).squareRoot(), seed: 2) }
  var W2: [S] { Self.uniform(hidden, 1 / Double(hidden).squareRoot(), seed: 3) }

  /// SplitMix64, the upper 53 bits of each output.
  private static func uniform(_ count: Int, _ bound: Double, seed: UInt64) -> [S] {
    var state = seed
    return (0..<count).map { _ in
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      z ^= z >> 31
      return S(-bound + 2 * bound * (Double(z >> 11) * 0x1p-53))
    }
  }
}

/// A way to train the network.
protocol Peer {
  associatedtype S: Number
  init(_ problem: Problem<S>)
  /// Takes steps, and gives the loss that the last one computes.
  mutating func run(_ steps: Int) -> S
}
