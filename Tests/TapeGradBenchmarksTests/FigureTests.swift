import Testing

@testable import TapeGradBenchmarks

struct FigureTests {
  @Test("a figure holds the fastest and the median run")
  func runs() {
    let figure = Figure(.matmul, "product", [3, 1, 2, 9, 8], rate: Figure.Rate(value: 6, unit: "GFLOP/s"))
    #expect(figure.group == "matmul")
    #expect(figure.fastestSeconds == 1 && figure.medianSeconds == 3)
    #expect(figure.rate?.value == 6, "by the fastest run")
  }

  @Test(
    "a time is shown in the unit that suits it",
    arguments: [
      (2.5e-9, "2.5 ns"), (1.23456e-9, "1.235 ns"), (1.5e-8, "15.0 ns"), (2e-6, "2.0 µs"), (1.23456e-4, "123.46 µs"),
      (0.25, "250.0 ms"), (12.346, "12.35 s"),
    ] as [(Double, String)])
  func units(seconds: Double, text: String) {
    #expect(Figure(.tape, "", [seconds]).line.split(separator: "  ").first?.drop { $0 == " " } == text[...])
  }

  @Test("columns stand under the header")
  func columns() {
    let line = Figure(.process, "process: 20 steps", [1e-3], peakBytes: 15_700_000).line
    let columns = ["fastest", "median", "rate"].map { Figure.header.ranges(of: $0)[0].lowerBound }
    #expect(zip(columns, ["1.0 ms", "1.0 ms", "15.7 MB"]).allSatisfy { line[$0...].hasPrefix($1) }, "\(line)")
  }
}
