// A field alone often leaves open how its file writes numbers: 2,500 is two and a half in Berlin, and two thousand
// five hundred in Boston. So each field is classified, and all fields together decide:
//
//     2,500 and 1,25       1,25 can only have a decimal comma, and decides for 2,500 too
//     2,500 and 1,234.5    the last separator is the decimal one: commas separate thousands
//     2,500 alone          undecided: the decimal separator stays a point, and 2,500 is a slip where its column is used

/// What the characters of a field say about how its file writes numbers.
enum NumberNotation {
  /// `12`, `-3e5`
  case plain
  /// `2.5`
  case point
  /// `2,5`
  case comma
  /// `2,500`: two and a half, or thousands.
  case commaOrThousands
  /// `2,500.0`, `1,234,567`
  case thousandsByComma
  /// `2.500,0`, `1.234.567`
  case thousandsByPoint
  /// No number.
  case none

  /// Whether the text is a number in some notation.
  var isNumber: Bool {
    if case .none = self { return false }
    return true
  }

  /// The notation of a text.
  init(_ text: String) {
    let utf8 = text.utf8
    // Most fields are not numbers by their first characters.
    guard utf8.count <= 64, let first = utf8.first(where: { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "+") }),
      (0x30...0x39).contains(first) || first == UInt8(ascii: ".") || first == UInt8(ascii: ",")
    else {
      self = NumberSyntax().number(text) == nil ? .none : .plain
      return
    }
    // Whether the text is a number for these separators. `NumberSyntax` knows where a separator may stand: 1,23 has no
    // group of three, and commas do not separate its thousands.
    func reads(_ decimal: Dialect.DecimalSeparator, _ thousands: Dialect.ThousandsSeparator) -> Bool {
      Dialect(decimal: decimal, thousands: thousands).numberSyntax.number(text) != nil
    }
    let commas = utf8.count { $0 == UInt8(ascii: ",") }, points = utf8.count { $0 == UInt8(ascii: ".") }
    switch (commas, points) {
    case (0, 0): self = reads(.point, .none) ? .plain : .none
    case (0, 1): self = reads(.point, .none) ? .point : .none
    case (0, _): self = reads(.comma, .point) ? .thousandsByPoint : .none
    case (1, 0):
      // 0,500 is a half: nobody groups the thousands of a number that begins with 0.
      let isGrouped = reads(.point, .comma) && first != 0x30
      self = reads(.comma, .none) ? (isGrouped ? .commaOrThousands : .comma) : .none
    case (_, 0): self = reads(.point, .comma) ? .thousandsByComma : .none
    default: self = reads(.point, .comma) ? .thousandsByComma : reads(.comma, .point) ? .thousandsByPoint : .none
    }
  }

  /// The separators that the numbers of a sample show, where they leave no doubt; the decimal point otherwise.
  static func found(
    in sample: CSVSample, given: Dialect
  ) -> (Dialect.DecimalSeparator, Dialect.ThousandsSeparator) {
    var comma = 0, point = 0, byComma = 0, byPoint = 0
    for field in sample.records.joined() {
      switch NumberNotation(field.text) {
      case .comma: comma += 1
      case .point: point += 1
      case .thousandsByComma: byComma += 1
      case .thousandsByPoint: byPoint += 1
      case .plain, .commaOrThousands, .none: break
      }
    }
    // A comma is decimal where some number needs it and none contradicts.
    let isComma = given.decimal.map { $0 == .comma } ?? (byComma == 0 && point == 0 && comma + byPoint > 0)
    let decimal: Dialect.DecimalSeparator = isComma ? .comma : .point
    if let thousands = given.thousands { return (decimal, thousands) }
    if isComma { return (decimal, byPoint > 0 && byComma == 0 ? .point : .none) }
    return (decimal, byComma > 0 && byPoint == 0 && comma == 0 ? .comma : .none)
  }
}
