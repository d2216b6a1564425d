// Integers beside tensors, as formulas are written: `(A2 - Y) / m`, `2 * x`, `p[0]`.
//
// These overloads are what makes such formulas quick for the compiler too: `-(1 / m) * (y * log(x) + …).sum()` takes it
// 33 ms with them, and longer than it is willing to try without. It reads `1 / m` as a quotient of integers, which is 0:
// so a product with an integer 0 is an error, and no clean wrong number.

extension Tensor {
  /// `x + n`.
  public static func + (x: Tensor, n: Int) -> Tensor { x + Scalar(n) }
  /// `n + x`.
  public static func + (n: Int, x: Tensor) -> Tensor { Scalar(n) + x }
  /// `x − n`.
  public static func - (x: Tensor, n: Int) -> Tensor { x - Scalar(n) }
  /// `n − x`.
  public static func - (n: Int, x: Tensor) -> Tensor { Scalar(n) - x }
  /// `n·x`. A failed tensor for `n = 0`, which the quotient `1 / m` of two integers is: write `1 / Double(m)` or `x / m`.
  public static func * (n: Int, x: Tensor) -> Tensor { n == 0 ? x.timesZero : Scalar(n) * x }
  /// `n·x`. A failed tensor for `n = 0`, which the quotient `1 / m` of two integers is: write `1 / Double(m)` or `x / m`.
  public static func * (x: Tensor, n: Int) -> Tensor { n == 0 ? x.timesZero : x * Scalar(n) }
  /// `x / n`.
  public static func / (x: Tensor, n: Int) -> Tensor { x / Scalar(n) }
  /// `n / x`.
  public static func / (n: Int, x: Tensor) -> Tensor { Scalar(n) / x }

  private var timesZero: Tensor {
    Tensor(
      failing: TensorError(
        "the integer 0 times a tensor: a quotient of integers such as 1 / m drops its fraction",
        suggestion: "1 / \(Scalar.scalarType)(m), or 0.0 where zeros are meant, would do"), Scale(factor: 0), [self])
  }
}

/// A number where the mask is not 0, another one elsewhere.
public func select<S>(_ mask: Tensor<S>, _ x: S, _ y: S) -> Tensor<S> { select(mask, Tensor(x), Tensor(y)) }
