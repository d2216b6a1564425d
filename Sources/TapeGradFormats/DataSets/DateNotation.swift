// Dates as people write them, and what they are as numbers:
//
//     2024-01-31             day 8796 since 2000-01-01: year first, the order of ISO 8601
//     2024-01-31T12:00:00Z   8796.5
//     31.01.2024             day first, as dates with points are everywhere
//     31/01/2024             day first, since there is no month 31
//     03/04/2024             day first or month first: nobody can tell, and so neither is assumed
//
// The calendar is the Gregorian one, also where it was not yet in use, and days have 24 hours.

/// The order in which a column of dates has year, month and day.
public enum DateNotation: String, Hashable, Sendable, CaseIterable {
  /// `2024-01-31`, ISO 8601, with or without a time such as `T12:00:00Z`.
  case yearFirst = "year-first"
  /// `31/01/2024` or `31.01.2024`.
  case dayFirst = "day-first"
  /// `01/31/2024`.
  case monthFirst = "month-first"

  /// The days from 2000-01-01 to a date, with the time of the day as a fraction; nil for a text that is no date in this
  /// notation.
  public func days(_ text: String) -> Double? {
    let parts = text.trimmed.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
    guard let date = parts.first, let day = day(date) else { return nil }
    guard parts.count == 2 else { return Double(day) }
    return Self.fractionOfDay(parts[1]).map { Double(day) + $0 }
  }

  /// A date as a message shows it: the last day of January of 2024.
  var example: String {
    switch self {
    case .yearFirst: "2024-01-31"
    case .dayFirst: "31/01/2024"
    case .monthFirst: "01/31/2024"
    }
  }

  private func day(_ text: Substring) -> Int? {
    guard let separator = text.first(where: { !$0.isASCII || !$0.isNumber }), "-/.".contains(separator) else {
      return nil
    }
    let fields = text.split(separator: separator, omittingEmptySubsequences: false)
    guard fields.count == 3 else { return nil }
    // Only the year has four digits, and it never has two: 24-01-31 could be any order.
    let order = self == .yearFirst ? (0, 1, 2) : self == .dayFirst ? (2, 1, 0) : (2, 0, 1)
    guard let year = Self.number(fields[order.0], 4...4), let month = Self.number(fields[order.1], 1...2),
      let day = Self.number(fields[order.2], 1...2), year >= 1, (1...12).contains(month),
      case let next = Self.dayNumber(month == 12 ? year + 1 : year, month % 12 + 1, 1),
      case let result = Self.dayNumber(year, month, day), day >= 1, result < next
    else { return nil }
    return result
  }

  /// The number that a text of digits is, so many of them.
  private static func number(_ text: Substring, _ count: ClosedRange<Int>) -> Int? {
    count.contains(text.utf8.count) && text.utf8.allSatisfy { $0 &- 0x30 < 10 } ? Int(text) : nil
  }

  /// The days from 2000-01-01 to a date.
  private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    // Years are counted from March: then a leap day is the last day of its year, and (153 m + 2) / 5 days lie before
    // month m, since 31, 30, 31, 30, 31 come again and again.
    let years = month < 3 ? year - 1 : year, months = (month + 9) % 12
    return 365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day - 1 - 730_425
  }

  /// `12:30`, `12:30:15`, `12:30:15.25`, with `Z` or `+02:00` behind it, as a part of a day: of UTC where the zone is given.
  private static func fractionOfDay(_ text: Substring) -> Double? {
    var text = text, zone = 0
    if text.last == "Z" {
      text.removeLast()
    } else if let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      let digits = text[text.index(after: sign)...].filter { $0 != ":" }
      guard let hours = number(Substring(digits.prefix(2)), 2...2),
        let minutes = digits.count == 2 ? 0 : number(Substring(digits.dropFirst(2)), 2...2), hours < 24, minutes < 60
      else { return nil }
      zone = (text[sign] == "+" ? 60 : -60) * (60 * hours + minutes)
      text = text[..<sign]
    }
    let seconds = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fields = seconds[0].split(separator: ":", omittingEmptySubsequences: false).map { number($0, 2...2) ?? 99 }
    guard (2...3).contains(fields.count), fields[0] < 24, fields[1] < 60, fields.last ?? 0 < 60 else { return nil }
    var fraction = 0.0
    if seconds.count == 2 {
      guard fields.count == 3, let digits = number(seconds[1], 1...9) else { return nil }
      fraction = Double(digits)
      for _ in seconds[1] { fraction /= 10 }
    }
    let whole = 3600 * fields[0] + 60 * fields[1] + (fields.count == 3 ? fields[2] : 0) - zone
    return (Double(whole) + fraction) / 86_400
  }

  /// The date of a number of days since 2000-01-01, year first, without the time.
  package static func date(ofDay days: Double) -> String {
    // Within the years that four digits say.
    let day = Int(min(max(days.rounded(.down), Double(dayNumber(1, 1, 1))), Double(dayNumber(9999, 12, 31))))
    var year = 2000 + Int((Double(day) / 365.2425).rounded(.down))
    while dayNumber(year, 1, 1) > day { year -= 1 }
    while dayNumber(year + 1, 1, 1) <= day { year += 1 }
    let month = (1...12).last { dayNumber(year, $0, 1) <= day } ?? 1
    func padded(_ number: Int, _ count: Int) -> String {
      let text = "\(number)"
      return String(repeating: "0", count: count - text.count) + text
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day - dayNumber(year, month, 1) + 1, 2))"
  }
}
