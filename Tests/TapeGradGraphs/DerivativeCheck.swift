import TapeGradAudit
import TapeGradCore

extension GraphCheck {
  /// Reverse sweeps against pushforwards, and against finite differences.
  ///
  /// Compared is where there are numbers on both sides: outside of a domain a graph gives NaN. Differences must not be
  /// expected to know a kink's convention, nor a jump: where they deny themselves, by their own estimate, nothing is said.
  static let derivatives = GraphCheck(
    description: "the derivative along a direction, by reverse sweep, pushforward and differences", limit: 8,
    seedStride: 2_000_003
  ) { graph, seed in
    var generator = SeededGenerator(seed: seed)
    let x = graph.inputs.map { Tensor<Double>.randomNormal($0, using: &generator) }
    let line = Line(x: x, direction: x.map { Tensor<Double>.randomNormal($0.shape, using: &generator) }, graph: graph)
    let (reverse, scale) = try line.derivative(at: x)
    guard reverse.isFinite else { return .undecided }
    let forward = try pushforward(at: x, along: line.direction, of: graph.sum).item
    guard forward.isFinite else { return .undecided }
    if abs(reverse - forward) > 1e-5 * max(scale, 1e-3) {
      if try line.isNoise(reverse - forward) { return .undecided }
      return .fails("\(reverse) by reverse sweep, \(forward) by pushforward")
    }
    // What a stopped gradient hides is not hidden from differences. On a line this steep they find noise, and between the
    // teeth of a saw only its trend.
    if graph.mentions("stop") || scale > 1e8 { return .undecided }
    if scale > 100, ["fmod", "remainder", "mod"].contains(where: graph.mentions) { return .undecided }
    let numerical = try NumericalDerivative(at: 0, of: line.value)
    guard numerical.error < 1e-6 * max(scale, 1) else { return .undecided }
    if abs(reverse - numerical.value) <= 1e-5 * max(scale, 1) { return .holds }
    if try line.isNoise(reverse - numerical.value) || line.hasNearby(reverse) { return .undecided }
    return .fails("\(reverse) by reverse sweep, \(numerical.value) ± \(numerical.error) by differences")
  }
}

/// A graph along a line through its inputs.
private struct Line: Sendable {
  let x, direction: [Tensor<Double>]
  let graph: RandomGraph

  @Sendable func value(_ t: Double) throws -> Double { try graph.sum(zip(x, direction).map { $0 + t * $1 }).item }

  /// The derivative along the line, by a reverse sweep, and the sum of its terms' absolute values.
  func derivative(at x: [Tensor<Double>]) throws -> (value: Double, scale: Double) {
    let products = try zip(gradient(at: x, of: graph.sum), direction).flatMap { try ($0 * $1).scalars }
    let sum = products.reduce(0, +)
    return (sum, products.reduce(abs(sum)) { $0 + abs($1) })
  }

  /// Whether inputs that differ in their last digits make as much of a difference to the derivative, to two digits. (That of
  /// tan 10¹⁵ is noise, as is that of log(variance) of equal numbers.)
  func isNoise(_ difference: Double) throws -> Bool {
    let change = try derivative(at: x).value - derivative(at: withOtherDigits(x)).value
    return 100 * abs(change) >= abs(difference)
  }

  /// Whether differences over a way so short that they can hardly meet a jump are near this derivative. (Those of a sawtooth
  /// over a longer way know only its trend, and look exact.)
  func hasNearby(_ derivative: Double) throws -> Bool {
    let step = min(1e-3 / abs(derivative), 1e-9)
    let difference = try (value(step) - value(-step)) / (2 * step)
    return abs(difference - derivative) <= 1e-2 * abs(derivative)
  }
}

/// Numbers that differ from these in their last digits only, each in its own way.
func withOtherDigits(_ x: [Tensor<Double>]) -> [Tensor<Double>] {
  var generator = SeededGenerator(seed: 1)
  return x.map { $0 * (1 + 0x1p-48 * Tensor<Double>.randomNormal($0.shape, using: &generator)) }
}
