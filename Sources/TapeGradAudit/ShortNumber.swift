import TapeGradArrays

/// A number in a few digits: `0.434191`, `2.5e-13`.
func short(_ number: Double, digits: Int = 6) -> String {
  guard number.isFinite else { return number.isNaN ? "nan" : number.description }
  let exact = Decimal(number)
  let decimal = exact.rounded(places: digits - 1 - exact.exponent)
  let isScientific = number != 0 && (abs(number) < 1e-4 || abs(number) >= 1e6)
  return isScientific
    ? decimal.scientific(places: decimal.scientificPlaces) : decimal.fixed(places: decimal.fixedPlaces)
}

extension NumericalDerivative: CustomStringConvertible {
  /// `0.434191 ± 2e-13`.
  public var description: String { "\(short(value)) ± \(short(error, digits: 1))" }
}
