import Testing

@testable import TapeGradArrays

struct DecimalTests {
  @Test(
    "a number has the fewest digits that mean it",
    arguments: [
      (0.1, "1e-01"), (12.5, "1.25e+01"), (-3, "-3e+00"), (0, "0e+00"), (-0.0, "-0e+00"), (1e300, "1e+300"),
      (.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"), (100, "1e+02"),
      (0.00123, "1.23e-03"),
      (9_007_199_254_740_992, "9.007199254740992e+15"), (1.5e-7, "1.5e-07"), (123456.789, "1.23456789e+05"),
    ] as [(Double, String)])
  func shortest(number: Double, text: String) {
    let decimal = Decimal(number)
    #expect(decimal.scientific(places: decimal.scientificPlaces) == text)
  }

  @Test("sign, digits and exponent are those of the number")
  func parts() {
    let decimal = Decimal(Float(-0.05))
    #expect(decimal.isNegative)
    #expect(decimal.digits == [5])
    #expect(decimal.exponent == -2)
    #expect(decimal.fixedPlaces == 2)
    #expect(Decimal(0.0).digits == [])
    #expect(Decimal(120.0).fixedPlaces == 0)
  }

  /// Whatever the number, its digits mean the number.
  @Test("whatever the number, its digits read back as that number", arguments: UInt64(0)..<20)
  func readBack(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let x = Double(bitPattern: generator.next()), y = Float(bitPattern: UInt32(generator.next() >> 32))
      if x.isFinite { #expect(Double(Decimal(x).scientific(places: 16)) == x) }
      if y.isFinite { #expect(Float(Decimal(y).scientific(places: 8)) == y) }
      if abs(x) < 1e20, abs(x) > 1e-20 { #expect(Double(Decimal(x).fixed(places: 40)) == x) }
    }
  }

  @Test(
    "rounding is to the nearest, and ties go to the even digit",
    arguments: [
      (0.125, 2, "0.12"), (0.375, 2, "0.38"), (0.1251, 2, "0.13"), (9.996, 2, "10.00"), (0.999, 0, "1"),
      (0.5, 0, "0"), (1.5, 0, "2"), (0.04, 1, "0.0"), (0.06, 1, "0.1"), (-0.004, 2, "-0.00"),
      (1234.5678, 3, "1234.568"), (1e-9, 3, "0.000"), (99.95, 1, "100.0"), (2, 3, "2.000"),
    ] as [(Double, Int, String)])
  func rounding(number: Double, places: Int, text: String) {
    #expect(Decimal(number).rounded(places: places).fixed(places: places) == text)
  }

  @Test("rounding up may raise the exponent")
  func carry() {
    let decimal = Decimal(9.9996e-5).rounded(places: 8)
    #expect(decimal.scientific(places: 2) == "1.00e-04")
    #expect(Decimal(1e120).fixed(places: 1) == "1" + String(repeating: "0", count: 120) + ".0")
  }
}
