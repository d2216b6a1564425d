import TapeGradCore

/// Which way a derivative is computed.
enum Mode {
  case forward, reverse

  /// The gradient of a function of a vector: by one sweep back, or by one run along each direction.
  func gradient(at x: Tensor<Double>, of function: (Tensor<Double>) throws -> Tensor<Double>) throws -> Tensor<Double> {
    switch self {
    case .reverse: return try TapeGradCore.gradient(at: x, of: function)
    case .forward:
      let n = x.shape[0]
      return concatenate(
        try (0..<n).map { i in
          let direction = Tensor((0..<n).map { $0 == i ? 1.0 : 0 })
          return try pushforward(at: x, along: direction, of: function).reshaped(to: [1])
        })
    }
  }
}

/// The point at which a function is smallest, by gradient descent as the benchmark's authors have it: the step grows after
/// ten steps that went well, and shrinks after one that did not.
///
/// Which steps are taken depends on numbers; what is returned is computed from the arguments, and may be differentiated.
func argmin(
  from start: Tensor<Double>, mode: Mode, of function: (Tensor<Double>) throws -> Tensor<Double>
) throws -> Tensor<Double> {
  var x = start, value = try function(x), slope = try mode.gradient(at: x, of: function)
  var rate = 1e-5, successes = 0
  while true {
    if try length(slope) <= 1e-5 { return x }
    if successes == 10 { (rate, successes) = (2 * rate, 0) }
    let next = x - rate * slope
    if try length(next - x) <= 1e-5 { return x }
    let nextValue = try function(next)
    if try nextValue.item < value.item {
      (x, value, slope) = (next, nextValue, try mode.gradient(at: next, of: function))
      successes += 1
    } else {
      (rate, successes) = (rate / 2, 0)
    }
  }
}

private func length(_ x: Tensor<Double>) throws -> Double {
  try x.scalars.map { $0 * $0 }.reduce(0, +).squareRoot()
}

/// A function for each pair of modes: the first is that of the outer problem, the second that of the inner one.
func forModes<Input: Decodable & SendableMetatype>(
  _ solve: @escaping @Sendable (Input, _ outer: Mode, _ inner: Mode) throws -> Tensor<Double>,
  report: @escaping @Sendable (Tensor<Double>) throws -> some Encodable & SendableMetatype
) -> [String: Function] {
  let modes: [(String, Mode)] = [("f", .forward), ("r", .reverse)]
  var functions: [String: Function] = [:]
  for outer in modes {
    for inner in modes {
      functions[outer.0 + inner.0] = Function(
        prepare: { (input: Input) in { try solve(input, outer.1, inner.1) } }, report: report)
    }
  }
  return functions
}
