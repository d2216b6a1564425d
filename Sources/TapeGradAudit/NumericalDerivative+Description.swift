import TapeGradCore

extension NumericalDerivative: CustomStringConvertible {
  /// The value and the bound of its error, `0.434191 ± 2e-13`; `none` where nothing can be said.
  public var description: String { text(digits: 6) }

  /// The same, the value with `digits` significant digits.
  func text(digits: Int) -> String {
    error.isFinite ? "\(short(value, digits: digits)) ± \(short(error, digits: 1))" : "none"
  }
}
