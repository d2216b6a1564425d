// How a decimal is rounded once. The bytes `-12.50e1` are read as a sign, the integer 1250 and a power of ten: two
// places behind the point and an exponent of 1 give 1250 · 10^(−2 + 1). What is left is to find the nearest
// `Double`, and each inexact step on the way there would round a second time. There are three ways, the fastest
// first.
//
// 1. The integer is at most 2^53 and the power at most 22: both are exact doubles, and the processor's division
//    1250 / 10 rounds once. This covers nearly all numbers of real files; 0.1 is 1 / 10.
//
// 2. Up to 19 digits and a power within ±27: integer arithmetic in 128 bits. 12345678901234567.8 is
//    w = 123456789012345678 with q = −1, and w / 10 = (w · 2^9 / 5) · 2^−10. The quotient is
//
//        12641975194864197427, remainder not 0: 64 bits, of which a double keeps 53
//
//    The last 11 bits are compared with one half (2^10); a remainder breaks a tie upward, and no remainder breaks
//    it to even.
//
// 3. All other numbers go to the standard library, which rounds once whatever their length.
//
// A `Float` needs care too. 1.00000005960464477539062500001 is a little more than half-way from 1 to the next
// `Float`. Its nearest `Double` is the half-way point itself, 1 + 2^−24, which would then be rounded to even: 1.
// Rounded once, the result is 1 + 2^−23. Such numbers are rare, and recognized by the last 29 bits of the `Double`:
// 1 followed by zeros. Those below the normal floats, which have fewer bits, are read again as well.

/// How the numbers of a file are written: which byte is the decimal separator, and which may separate thousands.
struct NumberSyntax {
  /// The byte between the whole part and the fraction.
  var decimal: UInt8 = UInt8(ascii: ".")
  /// The byte between groups of three digits; 0 where there is none.
  var thousands: UInt8 = 0
}

/// A number that begins at some byte, and where it ends.
struct ReadNumber {
  /// The nearest `Double`; infinite where the number is beyond the range of the type or is the word `inf`.
  var value: Double
  /// The nearest `Float`, where that differs from `Float(value)`, which rounds a second time.
  var float: Float?
  /// The first byte behind the number.
  var end: Int
}

extension NumberSyntax {
  /// The number at `start`, as many bytes as belong to it; nil where there is none.
  ///
  /// Written as `±digits.digits e±digits`, where either digits may be missing but not both. Rounded once, to the nearest
  /// `Double`: by one multiplication or division of two exact doubles where that can be done (William D. Clinger: How to
  /// read floating point numbers accurately, 1990), in 128 bits up to 19 digits and a power of ten within ±27, and by the
  /// standard library otherwise.
  @inline(__always)
  func number(_ bytes: UnsafePointer<UInt8>, from start: Int, to limit: Int) -> ReadNumber? {
    var i = start
    var isNegative = false
    if i < limit, bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+") {
      isNegative = bytes[i] == UInt8(ascii: "-")
      i += 1
    }
    let firstDigit = i
    var significand: UInt64 = 0, power = 0
    while i < limit {
      let digit = bytes[i] &- 0x30
      if digit < 10 {
        significand = significand &* 10 &+ UInt64(digit)
      } else if thousands == 0 || bytes[i] != thousands || !isGroupEnd(bytes, i, firstDigit, limit) {
        break
      }
      i += 1
    }
    var digitCount = i - firstDigit
    if i < limit, bytes[i] == decimal {
      i += 1
      let firstPlace = i
      while i < limit {
        let digit = bytes[i] &- 0x30
        guard digit < 10 else { break }
        significand = significand &* 10 &+ UInt64(digit)
        i += 1
      }
      power = firstPlace - i
      digitCount += i - firstPlace
    }
    if digitCount == 0 { return word(bytes, from: firstDigit, to: limit, isNegative: isNegative) }
    if i < limit, bytes[i] | 0x20 == UInt8(ascii: "e") {
      guard let exponent = exponent(bytes, &i, limit) else { return nil }
      power += exponent
    }
    // With at most 19 digits the significand has not overflowed. More are often zeros in front.
    var value: Double
    if digitCount <= 19, let exact = Self.nearest(significand, power) {
      value = isNegative ? -exact : exact
    } else {
      value = Double(text(bytes, start, i)) ?? .nan
    }
    // The nearest Double may lie half-way between two Floats, or be a Float below the normal ones: there a second
    // rounding can differ from a single one.
    var float: Float?
    if value.bitPattern & 0x1FFF_FFFF == 0x1000_0000 || (value.magnitude < 0x1p-126 && value != 0) {
      float = Float(text(bytes, start, i))
      if float == Float(value) { float = nil }
    }
    return ReadNumber(value: value, float: float, end: i)
  }

  /// Whether three digits and no fourth follow the separator at `i`, and at most three stand before it.
  ///
  /// `1,234,567` is a number and `12,34` is not: a comma in a wrong place is more often a decimal comma than a slip of
  /// grouping, and dropping it would make 2,50 a number a hundred times too large.
  private func isGroupEnd(_ bytes: UnsafePointer<UInt8>, _ i: Int, _ firstDigit: Int, _ limit: Int) -> Bool {
    func isDigit(_ k: Int) -> Bool { k < limit && bytes[k] &- 0x30 < 10 }
    var before = 0
    while i - 1 - before >= firstDigit, isDigit(i - 1 - before) { before += 1 }
    let isFirst = i - before == firstDigit
    return (isFirst ? (1...3).contains(before) : before == 3)
      && isDigit(i + 1) && isDigit(i + 2) && isDigit(i + 3) && !isDigit(i + 4)
  }

  /// The exponent behind an `e` at `i`; nil where no digit follows.
  private func exponent(_ bytes: UnsafePointer<UInt8>, _ i: inout Int, _ limit: Int) -> Int? {
    i += 1
    var isNegative = false
    if i < limit, bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+") {
      isNegative = bytes[i] == UInt8(ascii: "-")
      i += 1
    }
    let first = i
    var exponent = 0
    while i < limit, bytes[i] &- 0x30 < 10 {
      // Beyond this no significand that fits into memory makes a finite number that is not 0.
      if exponent < 1 << 40 { exponent = exponent * 10 + Int(bytes[i] &- 0x30) }
      i += 1
    }
    return i == first ? nil : isNegative ? -exponent : exponent
  }

  /// `inf` or `infinity`, in any case.
  private func word(_ bytes: UnsafePointer<UInt8>, from start: Int, to limit: Int, isNegative: Bool) -> ReadNumber? {
    for word: StaticString in ["infinity", "inf"] {
      let count = word.utf8CodeUnitCount
      guard limit - start >= count, (0..<count).allSatisfy({ bytes[start + $0] | 0x20 == word.utf8Start[$0] }) else {
        continue
      }
      return ReadNumber(value: isNegative ? -.infinity : .infinity, end: start + count)
    }
    return nil
  }

  /// The number as Swift writes it, without separators of thousands.
  private func text(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> String {
    var ascii: [UInt8] = []
    for i in start..<end where bytes[i] != thousands || thousands == 0 {
      ascii.append(bytes[i] == decimal ? UInt8(ascii: ".") : bytes[i])
    }
    return String(decoding: ascii, as: UTF8.self)
  }
}

extension NumberSyntax {
  /// The number that a whole text is, without spaces around it; nil where it is none.
  func number(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { utf8 in
      guard let base = utf8.baseAddress, let read = number(base, from: 0, to: utf8.count), read.end == utf8.count else {
        return nil
      }
      return read.value
    }
  }
}

extension NumberSyntax {
  /// Powers of ten that a Double holds exactly. (Literals, which the compiler lays down in the program: computed ones are
  /// checked at each use for having been computed.)
  private static let tens: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]
  /// Powers of five that 64 bits hold.
  private static let fives: [UInt64] = [
    1, 5, 25, 125, 625, 3_125, 15_625, 78_125, 390_625, 1_953_125, 9_765_625, 48_828_125, 244_140_625,
    1_220_703_125, 6_103_515_625, 30_517_578_125, 152_587_890_625, 762_939_453_125, 3_814_697_265_625,
    19_073_486_328_125, 95_367_431_640_625, 476_837_158_203_125, 2_384_185_791_015_625, 11_920_928_955_078_125,
    59_604_644_775_390_625, 298_023_223_876_953_125, 1_490_116_119_384_765_625, 7_450_580_596_923_828_125,
  ]

  /// The Double nearest to `significand · 10^power`, ties to even; nil where neither short way is exact.
  @inline(__always)
  static func nearest(_ significand: UInt64, _ power: Int) -> Double? {
    if significand <= 1 << 53 {
      if power == 0 || significand == 0 { return Double(significand) }
      // Both factors are exact, so that the processor's one rounding is the only one.
      if power < 0, power >= -22 { return Double(significand) / tens[-power] }
      if power > 0, power <= 22 { return Double(significand) * tens[power] }
    }
    return wide(significand, power)
  }

  /// The same in 128 bits: `w · 10^q = w · 5^q · 2^q`, where `5^|q|` fits into 64.
  private static func wide(_ w: UInt64, _ q: Int) -> Double? {
    guard abs(q) <= 27 else { return nil }
    if q >= 0 {
      let product = w.multipliedFullWidth(by: fives[q])
      if product.high == 0 { return rounded(UInt64(product.low), more: false, power: q) }
      let shift = product.high.leadingZeroBitCount
      let high = shift == 0 ? product.high : product.high << shift | UInt64(product.low) >> (64 - shift)
      return rounded(high, more: UInt64(product.low) << shift != 0, power: q + 64 - shift)
    }
    // w·2^a and 5^-q·2^b have their highest bits set, so the quotient w·2^(a+63) / (5^-q·2^b) has 63 bits or 64.
    let a = w.leadingZeroBitCount, b = fives[-q].leadingZeroBitCount
    let numerator = w << a
    let (quotient, remainder) = (fives[-q] << b).dividingFullWidth((numerator >> 1, numerator << 63))
    return rounded(quotient, more: remainder != 0, power: q + b - a - 63)
  }

  /// The Double nearest to `(bits + ε) · 2^power` with `0 < ε < 1` where there is `more`, and `ε = 0` otherwise.
  ///
  /// The result is a normal number: neither of the ways here leaves the range from 1e-27 to 1e47.
  private static func rounded(_ bits: UInt64, more: Bool, power: Int) -> Double {
    let excess = 64 - bits.leadingZeroBitCount - 53
    if excess <= 0 { return Double(bits) * powerOfTwo(power) }
    var kept = bits >> UInt64(excess)
    let rest = bits & (1 << UInt64(excess) - 1), half: UInt64 = 1 << UInt64(excess - 1)
    if rest > half || (rest == half && (more || kept & 1 == 1)) { kept += 1 }
    return Double(kept) * powerOfTwo(power + excess)
  }

  private static func powerOfTwo(_ power: Int) -> Double { Double(bitPattern: UInt64(1023 + power) << 52) }
}
