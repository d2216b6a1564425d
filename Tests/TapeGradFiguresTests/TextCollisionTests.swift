import TapeGradArrays
import Testing

@testable import TapeGradFigures

struct TextCollisionTests {
  @Test("no two texts touch and none leaves the canvas, over 1,000 random plots")
  func randomPlots() {
    for seed in 0..<1000 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let drawing = ParsedSVG(randomPlot(using: &generator).svg)
      #expect(
        drawing.isWellFormed && drawing.texts.count > 3 && drawing.collision == nil,
        "seed \(seed): \(drawing.collision ?? "no text")")
    }
  }

  @Test("no two texts touch and none leaves the canvas, over 60 random grids of plots")
  func randomGrids() {
    for seed in 0..<60 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let plots = (0..<Int.random(in: 0...13, using: &generator)).map { _ in randomPlot(using: &generator) }
      var grid = PlotGrid(title: randomText(using: &generator), plots: plots)
      grid.subtitle = randomText(using: &generator)
      let drawing = ParsedSVG(grid.svg)
      #expect(drawing.isWellFormed && drawing.collision == nil, "seed \(seed): \(drawing.collision ?? "")")
    }
  }

  @Test("at least two numbers stand on each axis of a plot of different numbers")
  func twoNumbers() {
    for seed in 0..<1000 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let scale: ScaleKind = .random(using: &generator), range = randomRange(scale, using: &generator)
      let plot = Plot(title: "", x: Axis(scale: scale), y: Axis(scale: scale)) {
        line([range.lowerBound, range.upperBound], [range.lowerBound, range.upperBound])
      }
      #expect(ParsedSVG(plot.svg).texts.count >= 4, "\(scale) \(range)")
    }
  }

  private func randomPlot(using generator: inout SeededGenerator) -> Plot {
    let scales: (x: ScaleKind, y: ScaleKind) = (.random(using: &generator), .random(using: &generator))
    let ranges = (x: randomRange(scales.x, using: &generator), y: randomRange(scales.y, using: &generator))
    let isFixed = Int.random(in: 0..<6, using: &generator) == 0
    let kind = Int.random(in: 0..<6, using: &generator)
    var marks: [Mark] = []
    for _ in 0..<Int.random(in: 1...8, using: &generator) {
      let xs = (0..<Int.random(in: 1...30, using: &generator)).map { _ in Double.random(in: ranges.x, using: &generator)
      }
      let ys = xs.map { _ in Double.random(in: ranges.y, using: &generator) }
      let name = Bool.random(using: &generator) ? randomText(using: &generator) : nil
      switch kind {
      case 0: marks.append(points(xs, ys, named: name))
      case 1: marks.append(bars(ys, of: xs.map { _ in randomText(using: &generator) }, named: name))
      case 2: marks.append(band(xs.sorted(), from: ys, to: ys.map { $0 * 1.5 }, named: name))
      default:
        // Lines that end at the right have their names there.
        marks.append(line(xs.sorted() + [ranges.x.upperBound], ys + ys.suffix(1), named: name))
      }
      if Int.random(in: 0..<4, using: &generator) == 0 {
        marks.append(rule(x: xs[0], named: randomText(using: &generator)))
        marks.append(rule(y: ys[0], named: randomText(using: &generator)))
      }
    }
    if kind == 5 {
      let rows = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
        (0..<12).map { _ in Double.random(in: ranges.y, using: &generator) }
      }
      let names = rows.map { _ in randomText(using: &generator) }
      marks = [heatMap(rows, rows: names, columns: names, showsNumbers: true)]
    }
    var plot = Plot(
      title: randomText(using: &generator),
      x: Axis(randomText(using: &generator), scale: scales.x, range: isFixed ? ranges.x : nil),
      y: Axis(randomText(using: &generator), scale: scales.y, range: isFixed ? ranges.y : nil)
    ) { marks }
    plot.subtitle = randomText(using: &generator)
    plot.isSquare = Int.random(in: 0..<4, using: &generator) == 0
    return plot
  }

  /// Numbers of any size, near 0 or far from it.
  private func randomRange(_ scale: ScaleKind, using generator: inout SeededGenerator) -> ClosedRange<Double> {
    let size = power(of: Double.random(in: -12...12, using: &generator))
    if scale == .logarithmic { return size...size * power(of: Double.random(in: 0.01...20, using: &generator)) }
    let offset = Double.random(in: -1...1, using: &generator) * power(of: Double.random(in: -2...6, using: &generator))
    return size * offset...size * (offset + 1)
  }

  private func power(of exponent: Double) -> Double {
    Scale(kind: .logarithmic, low: 1, high: 10, start: 0, end: 1).value(at: exponent)
  }

  private func randomText(using generator: inout SeededGenerator) -> String {
    let words = [
      "J", "training loss", "∂J/∂W1", "validation", "épreuve", "年", "σ", "W", "iiii", "(k$)", "& <b>", "10⁻³", "",
    ]
    return (0..<Int.random(in: 0...6, using: &generator)).map { _ in words.randomElement(using: &generator) ?? "" }
      .joined(separator: Bool.random(using: &generator) ? " " : "")
  }
}

extension ScaleKind {
  fileprivate static func random(using generator: inout SeededGenerator) -> ScaleKind {
    Int.random(in: 0..<3, using: &generator) == 0 ? .logarithmic : .linear
  }
}
