import TapeGradCore

/// A Taylor remainder that shrinks too slowly, since the gradient is wrong; or none, since a number is NaN or infinite.
public struct TaylorReport: Error, Sendable, CustomStringConvertible {
  /// The order with which the remainder shrinks: 2 for a right gradient, 1 for a wrong one; NaN where there is none.
  public let order: Double

  /// `Taylor remainder: of order 1.00, where that of a right gradient is of order 2`.
  public var description: String {
    if order.isNaN { return "Taylor remainder: undecided, the function or its derivative is not finite here" }
    return "Taylor remainder: of order \(short(order, digits: 3)), where that of a right gradient is of order 2"
  }
}

/// Checks a gradient by the order of the Taylor remainder `R(t) = |f(x + t·v) − f(x) − t·⟨∇f, v⟩|`, for a random
/// direction v that is always the same: R is of order t² where the gradient is right, and of order t where it is wrong.
/// No step size has to be chosen.
///
/// The order is `log₂ R(2t)/R(t)` at the smallest t where R stands clear of rounding.
///
/// - Throws: a ``TaylorReport`` where the order is below 1.5, or value or slope are not finite; what `f` throws; the
///   `TensorError` of an operation that did not fit.
/// - Returns: the order; infinite where the remainder is nothing but rounding, as that of a linear function.
@discardableResult
public func checkTaylorRemainder<G: TensorGroup>(
  at x: G, of f: (G) throws -> Tensor<Double>
) throws -> Double where G.Scalar == Double {
  let direction = randomDirection(like: x)
  let (value, gradient) = try valueWithGradient(at: x, of: f)
  let start = try value.item
  let slope = try innerProduct(gradient, direction).item
  guard start.isFinite, slope.isFinite else { throw TaylorReport(order: .nan) }
  var (order, last) = (Double.infinity, Double.nan)
  for exponent in 5...20 {
    let t = Double(sign: .plus, exponent: -exponent, significand: 1)
    let end = try numberOrNaN { try f(x.moved(along: direction, by: t)) }
    let remainder = abs(end - start - t * slope)
    guard remainder > 1000 * .ulpOfOne * max(abs(start), abs(end), abs(t * slope)) else { break }
    if last.isFinite { order = binaryLogarithm(last / remainder) }
    last = remainder
  }
  guard order >= 1.5 else { throw TaylorReport(order: order) }
  return order
}

/// `log₂ x`, for x > 0.
private func binaryLogarithm(_ x: Double) -> Double {
  log(NDArray(x)).scalars[0] / log(NDArray(2)).scalars[0]
}
