import TapeGradCore
import TapeGradFormats
import Testing

/// Numbers as a table reads them, beside the standard library's, which rounds correctly.
struct NumberSyntaxTests {
  /// Texts whose values lie near or at the middle between two numbers, or need more than 19 digits, or large powers.
  static let texts = [
    "9007199254740993", "9007199254740992.99999999999999999999", "9007199254740993.0000000000000000001",
    "0.1", "0.30000000000000004", "1e22", "1e23", "1e-23", "123456789012345678e-30", "18446744073709551615e27",
    "18446744073709551615e-27", "9999999999999999999e-27", "1.7976931348623157e308", "2.2250738585072011e-308",
    "5e-324",
    "2.4703282292062327208e-324", "1e-400", "8.10109172351e-10", "6.02214076e23", "7.2057594037927933e16",
    "16777217", "16777217.0000001", "16777216.9999999", "1.17549435e-38", "1e-45", "7.0064923216240853e-46",
    "7.0064923216240854e-46", "340282356779733661637539395458142568447", "340282356779733661637539395458142568448",
    "0.000000000000000000000000000000000000000000000123", "00000000000000000000000000001.5",
    "1.50000000000000000000000",
    "-0", "-0.0", "+.5", "5.", "1E+05", "1e-7", "4294967295", "4294967297e-5", "900719925474099.25e-1",
  ]

  @Test("hard numbers are rounded once, to the nearest Double and to the nearest Float", arguments: texts)
  func hard(_ text: String) throws { try check([text]) }

  @Test("random numbers of any length and size are rounded like the standard library rounds them")
  func random() throws {
    var generator = SeededGenerator(seed: 20)
    var texts: [String] = []
    for _ in 0..<20_000 {
      let digits = (0..<Int.random(in: 1...22, using: &generator)).map { _ in
        String(Int.random(in: 0...9, using: &generator))
      }
      var text = digits.joined()
      let point = Int.random(in: 0...digits.count, using: &generator)
      if point < digits.count { text = digits[..<point].joined() + "." + digits[point...].joined() }
      if Bool.random(using: &generator) { text += "e\(Int.random(in: -50...15, using: &generator))" }
      texts.append(text)
    }
    // Halves between two Floats, and the nearest numbers beside them.
    for _ in 0..<2_000 {
      let float = Float(bitPattern: UInt32.random(in: 0x3000_0000...0x5000_0000, using: &generator))
      let middle = (Double(float) + Double(float.nextUp)) / 2
      texts += ["\(middle)", "\(middle.nextUp)", "\(middle.nextDown)", exact(middle) + "1"]
    }
    try check(texts)
  }

  /// Checks what a table of these numbers holds.
  private func check(_ texts: [String]) throws {
    let table = try CSVTable("x\n0.5\n" + texts.joined(separator: "\n"), dialect: Dialect(header: .present))
    // Numbers beyond the range are errors, which is for other tests.
    let doubles = texts.compactMap(Double.init), floats = texts.compactMap(Float.init)
    #expect(doubles.count == texts.count)
    let columns: Tensor<Double> = try table.tensor(columns: ["x"])
    for (read, double) in zip(try columns.scalars.dropFirst(), doubles) {
      #expect(read.bitPattern == double.bitPattern)
    }
    guard floats.allSatisfy(\.isFinite) else { return }
    let column: Tensor<Float> = try table.tensor(columns: ["x"])
    for (index, (read, float)) in zip(try column.scalars.dropFirst(), floats).enumerated() {
      #expect(read.bitPattern == float.bitPattern, "\(texts[index])")
    }
  }

  /// All digits of a number between 2⁻³⁰ and 2³⁰.
  private func exact(_ number: Double) -> String {
    var whole = number.rounded(.down), rest = number - whole, text = "\(Int(whole))."
    while rest > 0 {
      rest *= 10
      whole = rest.rounded(.down)
      text += "\(Int(whole))"
      rest -= whole
    }
    return text
  }

  @Test("thousands are separated by groups of three digits only")
  func thousands() throws {
    let dialect = Dialect(delimiter: .semicolon, header: .absent, thousands: .comma)
    let texts = ["1,234", "-12,345.5", "123,456,789", "1234", "1,234e2"]
    let tensor: Tensor<Double> = try CSVTable(texts.joined(separator: "\n"), dialect: dialect).tensor(columns: ["1"])
    #expect(try tensor.scalars == [1234, -12345.5, 123_456_789, 1234, 123_400])
    for text in ["1,23", "1234,567", "1,2345", ",123", "1,,234", "1,234,56"] {
      let table = try CSVTable("1.5\n2.5\n\(text)", dialect: dialect)
      #expect(errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["1"]) } != nil, "\(text)")
    }
  }
}
