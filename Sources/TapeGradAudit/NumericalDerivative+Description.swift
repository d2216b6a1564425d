import TapeGradCore

extension NumericalDerivative: CustomStringConvertible {
  /// The value and the bound of its error, `0.434191 ± 2e-13`; `none` where nothing can be said.
  public var description: String { error.isFinite ? "\(short(value)) ± \(short(error, digits: 1))" : "none" }
}
