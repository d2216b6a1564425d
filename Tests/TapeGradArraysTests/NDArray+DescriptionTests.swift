import Testing

@testable import TapeGradArrays

struct NDArrayDescriptionTests {
  // The expected texts are those of NumPy 2.4.6, array2string(x, separator=", ", floatmode="maxprec_equal") with the
  // precision that gives the largest number 8 digits, and without the point that NumPy puts behind whole numbers.

  @Test(
    "Double arrays read as NumPy's",
    arguments: [
      ([0.1, 0.2, -0.30000000000000004], "[ 0.1,  0.2, -0.3]"),
      ([1, 2, 3], "[1, 2, 3]"),
      ([1.5, -2, 100], "[  1.5,  -2.0, 100.0]"),
      ([1 / 3, 2 / 3, 22 / 7], "[0.3333333, 0.6666667, 3.1428571]"),
      ([0.001, 0.0005], "[0.0010, 0.0005]"),
      ([1e-5, 1], "[1e-05, 1e+00]"),
      ([123456.789, 1000.5], "[123456.79,   1000.50]"),
      ([12345678.9, 1e7], "[12345679, 10000000]"),
      ([1e8, 1], "[1e+08, 1e+00]"),
      ([0.5, -0.0, 0], "[ 0.5, -0.0,  0.0]"),
      ([.nan, 1.5, -.infinity], "[ nan,  1.5, -inf]"),
      ([.infinity, .nan], "[inf, nan]"),
      ([9.99999999, 1.5], "[10.0,  1.5]"),
      ([0.99999999999, 0.5], "[1.0, 0.5]"),
      ([0.0001, 0.05], "[0.0001, 0.0500]"),
      ([0.1, 100.1], "[1.000e-01, 1.001e+02]"),
      ([0.1, 99.9], "[ 0.1, 99.9]"),
      ([2.5e10, -1.25e-3], "[ 2.50e+10, -1.25e-03]"),
      ([0, 0, 0], "[0, 0, 0]"),
      ([-1e-9], "[-1e-09]"),
      ([0.123456785, 0.5], "[0.12345678, 0.50000000]"),
      ([0.001953125], "[0.001953125]"),
    ] as [([Double], String)])
  func doubles(numbers: [Double], text: String) { #expect(NDArray(numbers).description == text) }

  @Test(
    "Float arrays read as NumPy's",
    arguments: [
      ([0.1, 0.2, -0.3], "[ 0.1,  0.2, -0.3]"),
      ([1e6, 5.5], "[1.0e+06, 5.5e+00]"),
      ([16_777_216, 1], "[1.6777216e+07, 1.0000000e+00]"),
      ([0.7469977, 2.5], "[0.7469977, 2.5000000]"),
      ([-0.05, 49.99], "[-0.05, 49.99]"),
    ] as [([Float], String)])
  func floats(numbers: [Float], text: String) { #expect(NDArray(numbers).description == text) }

  /// Where NumPy fills columns up with digits that the number does not have, or writes whole numbers with exponents.
  @Test("digits that a number does not have are zeros, and whole numbers have no exponent")
  func deviations() {
    #expect(NDArray<Float>([1 / 3, 2 / 3]).description == "[0.33333334, 0.66666670]")
    #expect(
      NDArray<Double>([.leastNonzeroMagnitude, 1.7976931348623157e308]).description
        == "[5.0000000e-324, 1.7976931e+308]")
    #expect(NDArray<Double>([1, 50_000]).description == "[    1, 50000]")
    #expect(NDArray<Double>([1, .nan]).description == "[  1, nan]")
    #expect(NDArray<Double>([1e-5, 1e-300]).description == "[ 1e-05, 1e-300]")
  }

  @Test("an array of rank 0 reads as its number")
  func scalar() {
    #expect(NDArray<Double>(0.1 + 0.2).description == "0.30000000000000004")
    #expect(NDArray<Float>(2).description == "2.0")
  }

  @Test("an array without elements reads as brackets, with its shape where it has several axes")
  func empty() {
    #expect(NDArray<Float>.zeros([0]).description == "[]")
    #expect(NDArray<Float>.zeros([2, 0, 3]).description == "[] of shape (2, 0, 3)")
  }

  @Test("each axis has its brackets")
  func nested() throws {
    let x = NDArray<Double>((0..<24).map { Double($0 - 7) / 4 }).reshaped(to: [2, 3, 4])
    #expect(
      x.description == """
        [[[-1.75, -1.50, -1.25, -1.00],
          [-0.75, -0.50, -0.25,  0.00],
          [ 0.25,  0.50,  0.75,  1.00]],

         [[ 1.25,  1.50,  1.75,  2.00],
          [ 2.25,  2.50,  2.75,  3.00],
          [ 3.25,  3.50,  3.75,  4.00]]]
        """)
    #expect(x.reshaped(to: [24, 1, 1])[0..<2].description == "[[[-1.75]],\n\n [[-1.50]]]")
  }

  @Test("long rows are broken into lines")
  func longRows() {
    #expect(
      NDArray<Float>((0..<40).map { Float($0) / 8 }).description == """
        [0.000, 0.125, 0.250, 0.375, 0.500, 0.625, 0.750, 0.875, 1.000, 1.125,
         1.250, 1.375, 1.500, 1.625, 1.750, 1.875, 2.000, 2.125, 2.250, 2.375,
         2.500, 2.625, 2.750, 2.875, 3.000, 3.125, 3.250, 3.375, 3.500, 3.625,
         3.750, 3.875, 4.000, 4.125, 4.250, 4.375, 4.500, 4.625, 4.750, 4.875]
        """)
  }

  @Test("a line has at most 75 characters")
  func lineLength() {
    let lines = NDArray<Float>(repeating: 0.5, shape: [16]).description.split(separator: "\n")
    #expect(lines.map(\.count) == [75, 5])
  }

  @Test("arrays of more than 1000 elements show the ends of their axes")
  func summaries() {
    let x = NDArray<Double>((0..<1200).map { Double($0) / 8 }).reshaped(to: [30, 40])
    #expect(
      x.description == """
        [[0.00000e+00, 1.25000e-01, 2.50000e-01, …, 4.62500e+00, 4.75000e+00,
          4.87500e+00],
         [5.00000e+00, 5.12500e+00, 5.25000e+00, …, 9.62500e+00, 9.75000e+00,
          9.87500e+00],
         [1.00000e+01, 1.01250e+01, 1.02500e+01, …, 1.46250e+01, 1.47500e+01,
          1.48750e+01],
         …,
         [1.35000e+02, 1.35125e+02, 1.35250e+02, …, 1.39625e+02, 1.39750e+02,
          1.39875e+02],
         [1.40000e+02, 1.40125e+02, 1.40250e+02, …, 1.44625e+02, 1.44750e+02,
          1.44875e+02],
         [1.45000e+02, 1.45125e+02, 1.45250e+02, …, 1.49625e+02, 1.49750e+02,
          1.49875e+02]]
        """)
    #expect(NDArray<Float>((0..<1001).map(Float.init)).description == "[   0,    1,    2, …,  998,  999, 1000]")
    #expect(!NDArray<Float>((0..<1000).map(Float.init)).description.contains("…"))
    let rows = NDArray<Float>((0..<1200).map(Float.init)).reshaped(to: [200, 6]).description
    #expect(rows.hasPrefix("[[   0,    1,    2,    3,    4,    5],\n") && rows.contains("\n …,\n"))
  }
}
