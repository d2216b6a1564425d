import Synchronization
import TapeGradCore

/// A way to check a primitive on a sample. Each gives complaints: none where all is well. (The tests show that each of them
/// rejects a primitive that is wrong in its way.)
///
///   check               a mistake that it finds
///   derivatives         a wrong formula, to any order: (x³)′ = 3x
///   transposition       a pullback that is not the transpose of the pushforward
///   linearity           x + 1 that calls itself linear
///   floatAgainstDouble  a rule that computes in one type, or a constant with the digits of another
///   shapes              a shape rule that says (3, 1) where (3) comes out
///   recorded            other numbers on a tape than off it
///   compiled            other numbers in a program
///   positions           a vectorized kernel whose tail rounds otherwise
package enum PrimitiveCheck: CaseIterable, Sendable {
  case derivatives, transposition, linearity, floatAgainstDouble, shapes, recorded, compiled, positions

  package func complaints(about sample: PrimitiveSample, seed: UInt64) -> [String] {
    var generator = SeededGenerator(seed: seed)
    let complaints: [String]
    do {
      let x = try sample.draw(using: &generator)
      complaints =
        switch self {
        case .derivatives: try derivatives(sample, x, &generator)
        case .transposition: try transposition(sample, x, &generator)
        case .linearity: try linearity(sample, x, &generator)
        case .floatAgainstDouble: try floatAgainstDouble(sample, x, &generator)
        case .shapes: try shapes(sample, x)
        case .recorded: try recorded(sample, x)
        case .compiled: try compiled(sample, x)
        case .positions: try positions(sample, Double.self, &generator) + positions(sample, Float.self, &generator)
        }
    } catch {
      complaints = ["\(error)"]
    }
    return complaints.map { "\(self) of \(sample), seed \(seed): \($0)" }
  }

  /// Order n: the automatic gradient of `⟨u, ∇ⁿ⁻¹⟨ȳ, f⟩⟩` against its difference, for random u and ȳ.
  private func derivatives(
    _ sample: PrimitiveSample, _ x: [Tensor<Double>], _ generator: inout SeededGenerator
  ) throws -> [String] {
    let cotangent = random(sample(x).shape, &generator)
    var f: ([Tensor<Double>]) throws -> Tensor<Double> = { inner(cotangent, sample($0)) }
    var complaints: [String] = []
    for order in 1..<max(sample.order + 1, 1) {
      let automatic = try gradient(at: x, of: f)
      let numerical = try differences(at: x, of: f)
      for i in x.indices {
        for (element, (a, n)) in zip(try automatic[i].scalars, numerical[i]).enumerated() {
          let scale = max(1, abs(a), abs(n.value))
          if n.error > 1e-7 * scale { complaints.append("the difference is right to \(n.error) only, order \(order)") }
          if !(abs(a - n.value) <= sample.tolerance * scale) {
            complaints.append("order \(order), operand \(i), element \(element): \(a) for \(n.value) ± \(n.error)")
          }
        }
      }
      let lower = f, directions = x.map { random($0.shape, &generator) }
      f = { x in
        zip(directions, try gradient(at: x, of: lower)).reduce(Tensor(0)) { $0 + inner($1.0, $1.1) }
      }
    }
    return complaints
  }

  /// `⟨ȳ, J·ẋ⟩ = ⟨Jᵀ·ȳ, ẋ⟩`, to rounding.
  private func transposition(
    _ sample: PrimitiveSample, _ x: [Tensor<Double>], _ generator: inout SeededGenerator
  ) throws -> [String] {
    let tangents = x.map { random($0.shape, &generator) }
    let (y, pullback) = try valueWithPullback(at: x) { sample($0) }
    let cotangent = random(y.shape, &generator)
    let forward = try pushforward(at: x, along: tangents) { sample($0) }
    guard forward.shape == y.shape else { return ["a tangent of shape \(forward.shape) for a result of \(y.shape)"] }
    let left = try inner(cotangent, forward).item
    let products = try zip(pullback(cotangent), tangents).map { try ($0 * $1).scalars }
    let right = products.joined().reduce(0, +), magnitude = products.joined().reduce(1) { $0 + abs($1) }
    return abs(left - right) <= 1e-13 * magnitude ? [] : ["<y, Jx> = \(left), <Jy, x> = \(right)"]
  }

  /// `f(a·x + b·u) = a·f(x) + b·f(u)` for a linear map, and for a bilinear one in each operand, to rounding.
  private func linearity(
    _ sample: PrimitiveSample, _ x: [Tensor<Double>], _ generator: inout SeededGenerator
  ) throws -> [String] {
    guard sample.primitive is any Linear || sample.primitive is any Bilinear else { return [] }
    let (a, b) = (1.5, -0.75)
    return try x.indices.flatMap { i -> [String] in
      var other = x, combined = x
      other[i] = random(x[i].shape, &generator)
      combined[i] = a * x[i] + b * other[i]
      let (y, z) = (sample(x), sample(other))
      let (found, expected) = try (sample(combined).scalars, (a * y + b * z).scalars)
      let magnitude = try (abs(y) + abs(z)).scalars.reduce(1) { max($0, $1) }
      let isLinear = zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-12 * magnitude }
      return isLinear ? [] : ["it is not linear in operand \(i)"]
    }
  }

  /// Values and cotangents in Float and in Double, on the same numbers.
  private func floatAgainstDouble(
    _ sample: PrimitiveSample, _ x: [Tensor<Double>], _ generator: inout SeededGenerator
  ) throws -> [String] {
    let narrow = try x.map { try $0.converted(to: Float.self) }
    let wide = try narrow.map { try $0.converted(to: Double.self) }
    let cotangent = try random(sample(x).shape, &generator).converted(to: Float.self)
    let (float, floatPullback) = try valueWithPullback(at: narrow) { sample($0) }
    let (double, doublePullback) = try valueWithPullback(at: wide) { sample($0) }
    let floats = try [float] + floatPullback(cotangent)
    let doubles = try [double] + doublePullback(cotangent.converted())
    return try zip(floats, doubles).enumerated().flatMap { position, pair in
      try zip(pair.0.scalars, pair.1.scalars).compactMap { f, d in
        Double(f).isNaN && d.isNaN || abs(Double(f) - d) <= 2e-6 * max(1, abs(d))
          ? nil : "\(position == 0 ? "value" : "cotangent \(position - 1)"): \(f) for \(d)"
      }
    }
  }

  /// The shape rule's shape, which a traced tensor has, is that of the evaluated array.
  private func shapes(_ sample: PrimitiveSample, _ x: [Tensor<Double>]) throws -> [String] {
    let traced = Mutex<(shape: Shape, isTraced: Bool)?>(nil)
    _ = try checkpoint(x) { x in
      let y = sample(x)
      traced.withLock { if $0 == nil { $0 = (y.shape, y.isTraced) } }
      return y
    }.validated()
    let evaluated = try sample(x).array
    guard let traced = traced.withLock({ $0 }), traced.isTraced else { return ["its result is not traced"] }
    return traced.shape == evaluated.shape ? [] : ["traced as \(traced.shape), evaluated as \(evaluated.shape)"]
  }

  /// On a tape, the same bits come out as without one.
  private func recorded(_ sample: PrimitiveSample, _ x: [Tensor<Double>]) throws -> [String] {
    let tape = Tape()
    let y = sample(x.map { tape.variable($0) })
    guard y.isRecorded else { return ["nothing was recorded"] }
    return try y.bits == sample(x).bits ? [] : ["\(try y.scalars) on a tape, \(try sample(x).scalars) plain"]
  }

  /// In a program, the same bits come out as outside.
  private func compiled(_ sample: PrimitiveSample, _ x: [Tensor<Double>]) throws -> [String] {
    let program = TapeGradCore.compiled { (x: [Tensor<Double>]) in sample(x) }
    let y = try program(x)
    return try y.bits == sample(x).bits ? [] : ["\(try y.scalars) in a program, \(try sample(x).scalars) outside"]
  }

  /// An element alone has the same bits as the same element in a vector of any length.
  private func positions<S: TensorScalar>(
    _ sample: PrimitiveSample, _: S.Type, _ generator: inout SeededGenerator
  ) throws -> [String] {
    guard sample.isElementwise, sample.operands[0].shape.rank == 1 else { return [] }
    var long = sample
    for i in long.operands.indices { long.operands[i].shape = [40] }
    let x = try long.draw(using: &generator).map { try $0.converted(to: S.self) }
    let alone = try (0..<40).flatMap { k in try sample(x.map { $0.sliced(k..<k + 1) }).bits }
    return try (1...40).compactMap { count in
      let start = Int.random(in: 0...40 - count, using: &generator)
      return try sample(x.map { $0.sliced(start..<start + count) }).bits == Array(alone[start..<start + count])
        ? nil : "\(S.self) elements \(start)..<\(start + count) differ from themselves alone"
    }
  }
}

private func random(_ shape: Shape, _ generator: inout SeededGenerator) -> Tensor<Double> {
  Tensor(.randomUniform(shape, in: -1...1, using: &generator))
}

/// `⟨x, y⟩`.
private func inner(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Tensor<Double> { (x * y).sum() }

/// The partial derivatives of a single number, by every element of every tensor.
private func differences(
  at x: [Tensor<Double>], of f: ([Tensor<Double>]) throws -> Tensor<Double>
) throws -> [[NumericalDerivative]] {
  try x.indices.map { i in
    let scalars = try x[i].scalars
    return try scalars.indices.map { element in
      try NumericalDerivative(at: scalars[element]) { moved in
        var scalars = scalars, operands = x
        scalars[element] = moved
        operands[i] = Tensor(scalars, shape: x[i].shape)
        return try f(operands).item
      }
    }
  }
}

extension Tensor {
  /// The elements' bits, which tell NaN from NaN and −0 from 0.
  fileprivate var bits: [UInt64] { get throws { try scalars.map { $0.doubleValue.bitPattern } } }
}
