import TapeGradArrays
import Testing

/// The expected texts are those of Python 3.11's `f"{x:.{digits}g}"` and `round(x, places)`.
struct ShortNumberTests {
  @Test(
    "a number is rounded to significant digits, as Python writes it",
    arguments: [
      (0.4341914, 6, "0.434191"), (2.49e-13, 2, "2.5e-13"), (1e-4, 6, "0.0001"), (0.00009999, 6, "9.999e-05"),
      (999_999, 6, "999999"), (1e6, 6, "1e+06"), (1_234_567, 6, "1.23457e+06"), (-0.5, 1, "-0.5"), (0, 6, "0"),
      (12.0, 6, "12"), (.nan, 6, "nan"), (-.infinity, 6, "-inf"),
    ] as [(Double, Int, String)])
  func significant(number: Double, digits: Int, text: String) {
    #expect(short(number, digits: digits) == text)
  }

  @Test(
    "a number is rounded to places after the point, as Python writes it",
    arguments: [
      (0.69314718, 4, "0.6931"), (0.5, 4, "0.5"), (12, 2, "12.0"), (99.996, 2, "100.0"), (1e7, 1, "10000000.0"),
      (-0.25, 1, "-0.2"), (0.00004, 4, "0.0"), (.infinity, 2, "inf"), (.nan, 2, "nan"),
    ] as [(Double, Int, String)])
  func places(number: Double, places: Int, text: String) {
    #expect(short(number, places: places) == text)
  }
}
