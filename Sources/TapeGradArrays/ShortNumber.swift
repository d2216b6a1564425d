// How numbers are written in tables, formulas and sentences. Arrays print themselves in
// NDArray+Description.swift, by the same decimals.

/// A number with at most `digits` significant digits: `0.434191`, `2.5e-13`, `nan`.
///
/// Numbers below 10⁻⁴ and from 10⁶ on are written with an exponent. Zeros at the end are left out.
package func short(_ number: some TensorScalar, digits: Int = 6) -> String {
  guard number.isFinite else { return number.isNaN ? "nan" : number.description }
  let exact = Decimal(number)
  let decimal = exact.rounded(places: digits - 1 - exact.exponent)
  let isScientific = number != 0 && (abs(number) < 1e-4 || abs(number) >= 1e6)
  return isScientific
    ? decimal.scientific(places: decimal.scientificPlaces) : decimal.fixed(places: decimal.fixedPlaces)
}

/// A number with at most `places` digits after the point, and at least one: `0.6931`, `12.0`, `inf`.
package func short(_ number: Double, places: Int) -> String {
  guard number.isFinite else { return number.isNaN ? "nan" : number.description }
  let decimal = Decimal(number).rounded(places: places)
  return decimal.fixed(places: max(1, decimal.fixedPlaces))
}

/// A number of things, with the thing in the plural where it has one: `1 step`, `2 steps`.
package func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
