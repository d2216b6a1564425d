import TapeGradArrays

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// How an axis writes its numbers: all in one format, with just enough digits to tell neighbors apart.

//     0, 0.5, 1             0.0, 0.5, 1.0           one digit after the point, since 0.5 needs it
//     0, 0.25, 0.5          0.00, 0.25, 0.50
//     0, 2e-5, 4e-5         0, 2×10⁻⁵, 4×10⁻⁵       shorter than 0.00000, 0.00002, 0.00004
//     1000000, 2000000      1×10⁶, 2×10⁶            one power for all, that of the largest
//
// The smallest gap between two labels is the measure: an error of a thousandth of it cannot be seen, and what is less
// than a millionth of it is a rounding error of 0.

/// The labels of a linear axis: `0.0, 0.5, 1.0`, or `0, 2×10⁻⁵, 4×10⁻⁵` where that is shorter.
func numberLabels(_ values: [Double]) -> [String] {
  let sorted = values.sorted(), size = values.reduce(0) { max($0, $1.magnitude) }
  guard size > 0 else { return values.map { _ in "0" } }
  // The smallest distance of two labels decides how many digits are needed.
  let gap = zip(sorted.dropFirst(), sorted).map { $0 - $1 }.filter { $0 > 0 }.min() ?? size
  let fixed = decimalLabels(values, gap: gap)
  // Between these sizes a reader takes in the digits at once.
  if size >= 1e-4 && size < 1e6 { return fixed }
  let power = Decimal(size).exponent
  // Two factors, since 10³⁰⁸ is the last power that is a number.
  let scale = pow(10, -Double(power / 2)), rest = pow(10, -Double(power - power / 2))
  let mantissas = decimalLabels(values.map { $0 * scale * rest }, gap: gap * scale * rest)
  let scientific = zip(values, mantissas).map { value, mantissa in
    value.magnitude < gap * 1e-6 ? "0" : "\(mantissa)×10\(superscript(power))"
  }
  // In units of the font: both are compared at the same size.
  func longest(_ labels: [String]) -> Double { labels.map { textWidth($0, size: 1) }.max() ?? 0 }
  return longest(scientific) < longest(fixed) ? scientific : fixed
}

/// A single number in a sentence or beside a color: `0.0534`, `−2.5×10⁻⁷`.
func numberLabel(_ value: Double, digits: Int = 3) -> String {
  let parts = short(value, digits: digits).split(separator: "e")
  let mantissa = withTrueMinus(String(parts[0]))
  return parts.count == 1 ? mantissa : "\(mantissa)×10\(superscript(Int(parts[1]) ?? 0))"
}

/// `10⁻³`.
func decadeLabel(_ power: Int) -> String { "10\(superscript(power))" }

/// All numbers with as many digits after the point as the one that needs most of them.
private func decimalLabels(_ values: [Double], gap: Double) -> [String] {
  let places = (0...17).first { places in
    let unit = pow(10, Double(places))
    return values.allSatisfy { (($0 * unit).rounded() / unit - $0).magnitude <= gap * 1e-3 }
  }
  return values.map { value in
    let value = value.magnitude < gap * 1e-6 ? 0 : value
    return withTrueMinus(Decimal(value).rounded(places: places ?? 17).fixed(places: places ?? 17))
  }
}

// The minus sign is as wide as a plus and stands at its height; a hyphen is short and low.
private func withTrueMinus(_ text: String) -> String {
  text.hasPrefix("-") ? "−" + text.dropFirst() : text
}

private func superscript(_ number: Int) -> String {
  let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
  return (number < 0 ? "⁻" : "")
    + String(number.magnitude.description.compactMap(\.wholeNumberValue).map { digits[$0] })
}
