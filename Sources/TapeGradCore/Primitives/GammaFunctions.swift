// The logarithm of the gamma function, and all its derivatives.

/// `y = ln |Γ(x)|`, with `y′ = ψ(x)`.
struct LogGamma: Elementwise, UnaryKernel {
  static let name = "lgamma", kernel = UnaryFunction.logGamma
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { digamma(x) }
}

/// `y = ψₙ(x)`, the derivative of `ln Γ` of order n + 1, with `y′ = ψₙ₊₁(x)`.
struct Polygamma: Elementwise, UnaryKernel, CustomStringConvertible {
  static let name = "polygamma", kernel = UnaryFunction.polygamma
  let order: Int
  var number: Double { Double(order) }

  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    x.applying(Polygamma(order: order + 1))
  }

  /// `digamma`; of higher orders with the order.
  var description: String { order == 0 ? "digamma" : "\(Self.name)[order \(order)]" }
}

/// `ln |Γ(x)|`, where `Γ(n) = (n − 1)!`. Derivative ``digamma(_:)``. ∞ at 0, −1, −2, … and at ±∞.
///
/// By the C library, on any thread.
public func lgamma<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(LogGamma()) }

/// `ψ(x)`, the derivative of `ln Γ(x)`; its own derivatives are those of order 2, 3, … (trigamma and so on).
///
/// ∓∞ at ±0, NaN at the other poles −1, −2, …, where its limits from both sides differ, and at −∞. By recurrence,
/// asymptotic series and reflection, and around its zero at 1.4616 by its Taylor series.
public func digamma<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Polygamma(order: 0)) }
