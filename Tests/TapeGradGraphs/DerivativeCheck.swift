import TapeGradAudit
import TapeGradCore

extension GraphCheck {
  /// Reverse sweeps against pushforwards, and against finite differences.
  static let derivatives = GraphCheck(
    description: "the derivative along a direction, by reverse sweep, pushforward and differences", limit: 8,
    seedStride: 2_000_003
  ) { graph, seed in
    var generator = SeededGenerator(seed: seed)
    let x = graph.inputs.map { Tensor<Double>.randomNormal($0, using: &generator) }
    let u = x.map { Tensor<Double>.randomNormal($0.shape, using: &generator) }
    let claim = Claim(at: x) { x in try product(gradient(at: x, of: graph.sum), u) }
    return try claim.verdict(
      on: graph, tolerance: 1e-8, other: { try pushforward(at: x, along: u, of: graph.sum).item },
      line: { t in try graph.sum(moved(x, t, u)).item })
  }

  /// Products of the Hessian: that it is symmetric, and against finite differences of gradients.
  static let secondDerivatives = GraphCheck(
    description: "w·H·u, as u·H·w, and by differences of gradients", limit: 6, seedStride: 3_000_017
  ) { graph, seed in
    var generator = SeededGenerator(seed: seed)
    let x = graph.inputs.map { Tensor<Double>.randomNormal($0, using: &generator) }
    let u = x.map { Tensor<Double>.randomNormal($0.shape, using: &generator) }
    let w = x.map { Tensor<Double>.randomNormal($0.shape, using: &generator) }
    let claim = Claim(at: x) { x in try product(hessianVectorProduct(at: x, along: u, of: graph.sum), w) }
    return try claim.verdict(
      on: graph, tolerance: 1e-5, other: { try product(hessianVectorProduct(at: x, along: w, of: graph.sum), u).value },
      line: { t in try product(gradient(at: moved(x, t, u), of: graph.sum), w).value })
  }
}

/// A number, and the sum of the absolute values of its terms.
private typealias Sum = (value: Double, scale: Double)

private func product(_ a: [Tensor<Double>], _ b: [Tensor<Double>]) throws -> Sum {
  let products = try zip(a, b).flatMap { try ($0 * $1).scalars }, sum = products.reduce(0, +)
  return (sum, products.reduce(abs(sum)) { $0 + abs($1) })
}

private func moved(_ x: [Tensor<Double>], _ t: Double, _ u: [Tensor<Double>]) -> [Tensor<Double>] {
  zip(x, u).map { $0 + t * $1 }
}

/// Numbers that differ from these in their last digits only, each in its own way.
func withOtherDigits(_ x: [Tensor<Double>]) -> [Tensor<Double>] {
  var generator = SeededGenerator(seed: 1)
  return x.map { $0 * (1 + 0x1p-48 * Tensor<Double>.randomNormal($0.shape, using: &generator)) }
}

/// A derivative along a line, as one way of computing it has it.
///
/// Compared is where there are numbers on both sides: outside of a domain a graph gives NaN. Differences must not be
/// expected to know a kink's convention, nor a jump: where they deny themselves, by their own estimate, nothing is said.
private struct Claim {
  let x: [Tensor<Double>]
  let derivative: ([Tensor<Double>]) throws -> Sum

  init(at x: [Tensor<Double>], _ derivative: @escaping ([Tensor<Double>]) throws -> Sum) {
    (self.x, self.derivative) = (x, derivative)
  }

  /// Compares with another way, and with differences of the function on the line.
  func verdict(
    on graph: RandomGraph, tolerance: Double, other: () throws -> Double, line: @escaping (Double) throws -> Double
  ) throws -> GraphCheck.Verdict {
    let (value, scale) = try derivative(x)
    guard value.isFinite else { return .undecided }
    let second = try other()
    guard second.isFinite else { return .undecided }
    if abs(value - second) > tolerance * max(scale, 1e-3) {
      return try isNoise(value - second) ? .undecided : .fails("\(value) one way, \(second) another")
    }
    // What a stopped gradient hides is not hidden from differences. On a line this steep they find noise, and between the
    // teeth of a saw only its trend.
    if graph.mentions("stop") || scale > 1e8 { return .undecided }
    if scale > 100, graph.hasTeeth { return .undecided }
    let numerical = try NumericalDerivative(at: 0, of: line)
    guard numerical.error < 1e-6 * max(scale, 1) else { return .undecided }
    if abs(value - numerical.value) <= 1e-5 * max(scale, 1) { return .holds }
    if try isNoise(value - numerical.value) || isNear(line) { return .undecided }
    return .fails("\(value), \(numerical.value) ± \(numerical.error) by differences")
  }

  /// Whether inputs that differ in their last digits make as much of a difference, to two digits. (The derivative of tan 10¹⁵
  /// is noise, as is that of log(variance) of equal numbers.)
  private func isNoise(_ difference: Double) throws -> Bool {
    let change = try derivative(x).value - derivative(withOtherDigits(x)).value
    return !(100 * abs(change) < abs(difference))
  }

  /// Whether differences over a way so short that they can hardly meet a jump are near. (Those of a sawtooth over a longer way
  /// know only its trend, and look exact.)
  private func isNear(_ line: (Double) throws -> Double) throws -> Bool {
    let value = try derivative(x).value, step = min(1e-3 / abs(value), 1e-9)
    let difference = try (line(step) - line(-step)) / (2 * step)
    return abs(difference - value) <= 1e-2 * abs(value)
  }
}
