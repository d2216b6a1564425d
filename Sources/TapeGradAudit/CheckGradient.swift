import TapeGradCore

/// Compares a gradient with finite differences of the function's values, and throws where they disagree.
///
/// ```swift
/// try checkGradient(at: w) { w in tanh(w).sum() }
/// ```
/// Only Double is checked so: in Float, differences are right to three digits at best. Elements where differences do not
/// settle (on a kink, at the border of the domain, with NaN) are counted in the report as undecided. They do not fail,
/// unless all are: then nothing was checked.
///
/// - Parameters:
///   - x: where: a tensor or a group of tensors.
///   - order: of the derivative. For order n > 1 the gradient of `∂ⁿ⁻¹f/∂vⁿ⁻¹`, found by the tape, is checked, along a
///     random direction v that is always the same.
///   - tolerance: how far an element may be from its numerical value, relative to the larger of the two and beyond the
///     differences' own error.
///   - limit: how many elements of a tensor are checked; where it has more, a sample that is always the same.
///   - f: gives a single number.
/// - Throws: a ``GradientReport`` that names the element, both values and the error estimate, where one is wrong or all are
///   undecided; what `f` throws at x; the `TensorError` of an operation that did not fit.
/// - Returns: the report of a right gradient.
@discardableResult
public func checkGradient<G: TensorGroup>(
  at x: G, order: Int = 1, tolerance: Double = 1e-7, limit: Int = 1000, of f: (G) throws -> Tensor<Double>
) throws -> GradientReport where G.Scalar == Double {
  if order < 1 { throw TensorError("there is no derivative of order \(order): the first is of order 1") }
  let direction = randomDirection(like: x)
  func lowered(_ x: G) throws -> Tensor<Double> { try derivative(order - 1, of: f, along: direction, at: x) }
  let gradients = try gradient(at: x, of: lowered).tensors
  let rounding = try roundingBound(of: lowered, at: x)
  var checks: [(name: String, check: NumericalCheck)] = []
  for (i, (name, tensor)) in x.tensors.enumerated() {
    let check = try NumericalCheck(
      gradients[i].tensor.array, at: tensor.array, elements: try sampled(tensor.shape.count, limit: limit),
      tolerance: tolerance, rounding: rounding
    ) { numbers in
      var next = -1
      let moved = x.mapTensors { tensor in
        next += 1
        return next == i ? Tensor(numbers) : tensor
      }
      return try numberOrNaN { try lowered(moved) }
    }
    checks.append((name, check))
  }
  let report = GradientReport(checks: checks, order: order)
  if !report.isRight { throw report }
  return report
}

/// A number; NaN where an operation has none there, since the point is outside its domain.
func numberOrNaN(_ f: () throws -> Tensor<Double>) throws -> Double {
  do { return try f().item } catch is TensorError { return .nan }
}

/// How far rounding may put a function's value off; 0 where it depends on nothing.
private func roundingBound<G: TensorGroup>(of f: (G) throws -> Tensor<Double>, at x: G) throws -> Double {
  let tape = Tape()
  let y = try f(tape.variables(of: x))
  _ = try y.item  // where a function is traced there are no numbers to bound
  guard y.isRecorded, let snapshot = try? Snapshot(of: y, on: tape) else { return 0 }
  return RoundingBounds(snapshot).ofResult
}

/// Numbers from the normal distribution in a group's structure, always the same.
func randomDirection<G: TensorGroup>(like x: G, seed: UInt64 = 1) -> G {
  var generator = SeededGenerator(seed: seed)
  return x.mapTensors { .randomNormal($0.shape, using: &generator) }
}

/// `Σ a ⊙ b`, over all elements of all tensors.
func innerProduct<G: TensorGroup>(_ a: G, _ b: G) -> Tensor<G.Scalar> {
  zip(a.tensors, b.tensors).reduce(Tensor(0)) { sum, pair in sum + (pair.0.tensor * pair.1.tensor).sum() }
}

/// `∂ⁿf/∂vⁿ`, the directional derivative of order n, by the tape.
private func derivative<G: TensorGroup>(
  _ order: Int, of f: (G) throws -> Tensor<G.Scalar>, along v: G, at x: G
) throws -> Tensor<G.Scalar> {
  if order <= 0 { return try f(x) }
  let (_, slope) = try valueWithGradient(at: x) { try derivative(order - 1, of: f, along: v, at: $0) }
  return innerProduct(slope, v)
}
