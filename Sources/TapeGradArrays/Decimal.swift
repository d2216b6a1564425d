// Numbers are rounded for printing from their shortest digits, as people do it on paper, and not from their binary value:
//
//   0.15 has the digits 1 5, exponent −1; to one place it is a tie, which goes to the even digit: 0.2
//   (0.15 in binary is a little below 0.15, and C's "%.1f" prints 0.1)

/// A finite number in decimal, `±d₀.d₁d₂… · 10^exponent`, with the fewest digits that tell it from its neighbors.
package struct Decimal: Equatable {
  let isNegative: Bool
  /// From the first digit that is not 0 to the last that is not 0; none for zero.
  let digits: [Int]
  package let exponent: Int

  /// `digits` may begin and end with zeros; the exponent is that of the first of them.
  private init(isNegative: Bool, digits: [Int], exponent: Int) {
    self.isNegative = isNegative
    let start = digits.firstIndex { $0 != 0 }, end = digits.lastIndex { $0 != 0 }
    guard let start, let end else {
      self.digits = []
      self.exponent = 0
      return
    }
    self.digits = Array(digits[start...end])
    self.exponent = exponent - start
  }

  /// The digits of Swift's own description, such as `12.5` or `1.25e-07`.
  package init(_ number: some TensorScalar) {
    // "12.5" has two digits before the point, so the first one counts tens: exponent 2 − 1 + 0.
    let parts = number.magnitude.description.split(separator: "e")
    let mantissa = parts[0].split(separator: "."), power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    self.init(
      isNegative: number.sign == .minus, digits: mantissa.joined().compactMap(\.wholeNumberValue),
      exponent: mantissa[0].count - 1 + power)
  }

  /// How many digits follow the point, written without an exponent and with one.
  package var fixedPlaces: Int { max(0, digits.count - 1 - exponent) }
  package var scientificPlaces: Int { max(0, digits.count - 1) }

  /// The nearest decimal with at most `places` digits after the point; the even one, where two are as near.
  package func rounded(places: Int) -> Decimal {
    // How many digits are kept; 0 where the first dropped digit is the first of all, as for 0.07 to one place.
    let count = exponent + 1 + places
    if count >= digits.count { return self }
    if count < 0 { return Decimal(isNegative: isNegative, digits: [], exponent: 0) }
    var kept = [0] + digits[..<count]  // the 0 takes a carry
    let rest = Array(digits[count...])
    if [5].lexicographicallyPrecedes(rest) || rest == [5] && !kept[count].isMultiple(of: 2) {
      // 9 and a carry is 0 and a carry: 9.96 to one place is 10.0.
      var last = count
      while kept[last] == 9 {
        kept[last] = 0
        last -= 1
      }
      kept[last] += 1
    }
    return Decimal(isNegative: isNegative, digits: kept, exponent: exponent + 1)
  }

  /// `12.50`, with `places` digits after the point.
  package func fixed(places: Int) -> String {
    sign + text(from: max(exponent, 0), count: max(exponent, 0) + 1) + fraction(from: -1, places)
  }

  /// `1.25e+01`, with `places` digits after the point.
  package func scientific(places: Int) -> String {
    let power = exponent.magnitude
    return sign + text(from: exponent, count: 1) + fraction(from: exponent - 1, places)
      + (exponent < 0 ? "e-" : "e+") + (power < 10 ? "0\(power)" : "\(power)")
  }

  private var sign: String { isNegative ? "-" : "" }

  private func fraction(from power: Int, _ places: Int) -> String {
    places == 0 ? "" : "." + text(from: power, count: places)
  }

  /// `count` digits, the first of which has the weight `10^power`.
  private func text(from power: Int, count: Int) -> String {
    let start = exponent - power
    return (start..<start + count).map { digits.indices.contains($0) ? "\(digits[$0])" : "0" }.joined()
  }
}
