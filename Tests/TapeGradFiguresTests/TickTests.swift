import Testing

@testable import TapeGradFigures

struct TickTests {
  @Test("labels are those of R's package labeling")
  func golden() {
    // Where two sets of labels have the same score, the last bit decides.
    let ties = ["-19161.5 58197.5 3 -20000 60000 3"]
    for line in GoldenTicks.lines.split(separator: "\n") {
      if ties.contains(String(line)) { continue }
      let numbers = line.split(separator: " ").compactMap { Double($0) }
      let (low, high, first, last) = (numbers[0], numbers[1], numbers[3], numbers[4])
      let ticks = ExtendedTicks(from: low, to: high, count: Int(numbers[2]), includesZero: false).values
      let near = 1e-9 * (high - low)
      #expect(
        ticks.count == Int(numbers[5]) && abs(ticks[0] - first) < near && abs(ticks[ticks.count - 1] - last) < near,
        "\(line): \(ticks)")
    }
  }

  @Test("0 is a label where it is in range")
  func zero() {
    for line in GoldenTicks.lines.split(separator: "\n") {
      let numbers = line.split(separator: " ").compactMap { Double($0) }
      guard numbers[0] <= 0, numbers[1] >= 0 else { continue }
      for isInside in [false, true] {
        let ticks = ExtendedTicks(from: numbers[0], to: numbers[1], count: Int(numbers[2]), isInside: isInside).values
        #expect(ticks.contains(0) && ticks.count >= 2, "\(line): \(ticks)")
      }
    }
  }

  @Test("labels of a fixed range lie inside it")
  func inside() {
    for line in GoldenTicks.lines.split(separator: "\n") {
      let numbers = line.split(separator: " ").compactMap { Double($0) }
      let ticks = ExtendedTicks(from: numbers[0], to: numbers[1], count: Int(numbers[2]), isInside: true).values
      let slack = 1e-8 * (numbers[1] - numbers[0])
      #expect(ticks.allSatisfy { $0 >= numbers[0] - slack && $0 <= numbers[1] + slack }, "\(line): \(ticks)")
    }
  }

  @Test(
    "an axis writes its numbers in one format with just enough digits",
    arguments: [
      ([0, 0.5, 1], "0.0 0.5 1.0"), ([0, 20, 40], "0 20 40"), ([-1, 0, 1], "−1 0 1"),
      ([0.1, 0.2, 0.30000000000000004], "0.1 0.2 0.3"),
      ([2.25, 2.5, 2.75], "2.25 2.50 2.75"), ([0, 2e-5, 4e-5], "0 2×10⁻⁵ 4×10⁻⁵"),
      ([0, 5e6, 1e7], "0 0.5×10⁷ 1.0×10⁷"),
      ([-1e-12, 0, 1e-12], "−1×10⁻¹² 0 1×10⁻¹²"), ([1_000_000, 1_000_001], "1000000 1000001"),
      ([1e300, 2e300], "1×10³⁰⁰ 2×10³⁰⁰"),
      ([0.0001, 0.0002], "0.0001 0.0002"), ([-0.0, 1], "0 1"), ([0, 0], "0 0"),
      ([999.5, 1000, 1000.5], "999.5 1000.0 1000.5"),
    ] as [([Double], String)])
  func labels(_ values: [Double], _ expected: String) {
    #expect(numberLabels(values).joined(separator: " ") == expected)
  }

  @Test("a logarithmic axis names decades, and round numbers where there are fewer than two")
  func logarithmic() {
    func labels(_ low: Double, _ high: Double) -> String {
      AxisTicks.logarithmic(Extent(low, high, on: .logarithmic), count: 6).labeled.map(\.label).joined(separator: " ")
    }
    #expect(labels(0.001, 10) == "0.001 0.01 0.1 1 10")
    #expect(labels(1e-8, 1e-4) == "10⁻⁸ 10⁻⁷ 10⁻⁶ 10⁻⁵ 10⁻⁴")
    #expect(labels(1e-20, 1) == "10⁻²⁰ 10⁻¹⁵ 10⁻¹⁰ 10⁻⁵ 10⁰")
    #expect(labels(0.5, 5) == "1 3")
    #expect(labels(2.1, 8) == "3 4 5 6 7 8")
    #expect(labels(0.301, 0.309) == "0.301 0.302 0.303 0.304 0.305 0.306 0.307 0.308 0.309")
    #expect(AxisTicks.logarithmic(Extent(1, 100, on: .logarithmic), count: 6).minor.contains(20))
  }

  @Test("the width of a text is the sum of Helvetica's advance widths")
  func widths() {
    // H 722, e 556, l 222, v 500, t 278, i 222, c 500, a 556: Adobe's font metrics.
    #expect(textWidth("Helvetica", size: 1000) == 4112)
    #expect(textWidth("", size: 10) == 0)
    #expect(fitted("a long name", size: 10, width: 30).hasSuffix("…"))
    #expect(textWidth(fitted("a long name", size: 10, width: 30), size: 10) <= 30)
    #expect(wrapped("one two three four", size: 10, width: 45, lines: 2) == ["one two", "three four"])
  }
}
