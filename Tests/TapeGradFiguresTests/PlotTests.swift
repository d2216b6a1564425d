import TapeGradArrays
import Testing

@testable import TapeGradFigures

struct PlotTests {
  private let epochs = (0..<50).map(Double.init)

  @Test("names stand at the ends of their lines, and in a legend where they would touch")
  func names() {
    func drawing(_ difference: Double) -> ParsedSVG {
      ParsedSVG(
        Plot(title: "") {
          line(epochs, epochs.map { $0 + difference }, named: "upper")
          line(epochs, epochs, named: "lower")
        }.svg)
    }
    let far = drawing(20).texts.filter { ["upper", "lower"].contains($0.content) }
    #expect(far.count == 2 && far.allSatisfy { $0.x > 500 } && far[0].y < far[1].y - 14)
    let near = drawing(1).texts.filter { ["upper", "lower"].contains($0.content) }
    #expect(near.count == 2 && near[0].y == near[1].y && near[0].y < 60)
  }

  @Test("series have a color and a dash of their own, and those beyond the sixth are gray")
  func series() {
    let plot = Plot(title: "") {
      for index in 0..<8 { line(epochs, epochs.map { $0 * Double(index) }, named: "\(index)") }
    }
    let strokes = plot.svg.text.split(separator: "\n").filter { $0.hasPrefix("<path") && $0.contains("fill=\"none\"") }
    #expect(strokes.count == 8)
    let styles = Set(
      strokes.map { stroke in
        stroke.split(separator: " ").filter { $0.hasPrefix("stroke=") || $0.hasPrefix("stroke-dash") }
      })
    #expect(styles.count == 7)
  }

  @Test("only presentation attributes are used, and nothing needs a name")
  func attributes() throws {
    for (name, svg) in try Gallery.plainFigures() {
      let drawing = ParsedSVG(svg)
      #expect(drawing.isWellFormed, "\(name)")
      #expect(
        drawing.elements.isSubset(of: ["svg", "title", "desc", "rect", "text", "tspan", "path", "circle", "line"]),
        "\(name)")
      #expect(drawing.attributes.isDisjoint(with: ["style", "class", "id", "href", "onload"]), "\(name)")
      #expect(drawing.texts.allSatisfy { $0.size >= 11 }, "\(name)")
      #expect(drawing.collision == nil, "\(name)")
      #expect(!svg.text.contains("nan") && !svg.text.contains("inf\""), "\(name)")
    }
  }

  @Test("the same input gives the same bytes")
  func bytes() throws {
    let first = try Gallery.plainFigures(), second = try Gallery.plainFigures()
    #expect(zip(first, second).allSatisfy { $0.svg == $1.svg })
  }

  @Test("names that are markup, and characters that XML does not have, stay text")
  func escaping() {
    let name = "</text><script>alert(\"1\")</script> & 'x' \u{0}\u{1B}\u{FFFF}"
    var plot = Plot(title: name, x: Axis(name), y: Axis(name)) { points(epochs, epochs, named: name) }
    plot.subtitle = name
    let drawing = ParsedSVG(plot.svg)
    #expect(drawing.isWellFormed && !drawing.elements.contains("script"))
    #expect(drawing.title == "</text><script>alert(\"1\")</script> & 'x' \u{FFFD}\u{FFFD}\u{FFFD}")
  }

  @Test("numbers that are not finite are gaps, and the figure says how many")
  func gaps() {
    let plot = Plot(title: "", y: Axis(scale: .logarithmic)) { line([1, 2, .nan, 4, .infinity, 6, 7, -1, 0]) }
    let drawing = ParsedSVG(plot.svg)
    #expect(drawing.texts.contains { $0.content == "2 of 9 not finite, left out; 2 of 9 not on this scale, left out" })
    #expect(drawing.words.contains("2 of 9 not finite"))
    // Two runs of at least two points, and a point alone.
    #expect(plot.svg.text.split(separator: "\n").filter { $0.contains("<circle") }.count == 1)
    #expect(
      plot.svg.text.split(separator: "\n").filter { $0.hasPrefix("<path d=\"M") && $0.split(separator: "M").count == 3 }
        .count == 1)
  }

  @Test("a figure says in words what it shows")
  func words() {
    let plot = Plot(title: "", x: Axis("epoch"), y: Axis("J")) { line([0.69, 0.2, 0.02, 0.05]) }
    #expect(
      ParsedSVG(plot.svg).words == "J falls from 0.69 to 0.05 while epoch goes from 0 to 3, with its least, 0.02, at 2."
    )
    let curves = Plot.lossCurves(training: [0.69, 0.3, 0.05], validation: [0.7, 0.2, 0.4], from: 0)
    #expect(
      ParsedSVG(curves.svg).words
        == "J falls from 0.69 to 0.05 in 2 epochs. On validation data it ends at 0.4. The best was epoch 1, where validation had 0.2."
    )
  }

  @Test("a line of 200,000 points keeps its extremes and little else")
  func longLine() {
    var y = (0..<200_000).map { Double(($0 * 7919) % 1000) }
    y[123_456] = 2000
    let text = Plot(title: "") { line(y) }.svg.text
    #expect(text.utf8.count < 100_000)
    // The grid's uppermost line is that of 2000, where one point of the line lies.
    let top = text.split(separator: "\n").filter { $0.hasPrefix("<line") }.compactMap {
      $0.split(separator: "\"").dropFirst(3).first
    }
    .compactMap { Double($0) }.min()
    let path = text.split(separator: "\n").first { $0.hasPrefix("<path") } ?? ""
    let heights = path.split(separator: "L").compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
    #expect(top != nil && heights.min() == top)
  }

  @Test("marks may be written under if and for")
  func builder() {
    let isShown = true
    let plot = Plot(title: "") {
      if isShown { line([1.0, 2]) } else { points([1.0], [2]) }
      for height in [1.0, 2] { rule(y: height) }
      if !isShown { rule(x: 0) }
      [line([3.0, 4])]
    }
    #expect(plot.marks.count == 4)
  }

  @Test("colors are told apart from the page, and maps are even to the eye")
  func colors() {
    for index in 0..<7 {
      #expect(1.05 / (luminance(SeriesStyle.number(index).ink) + 0.05) >= 4.5, "series \(index)")
    }
    let steps = (0...8).map { lightness(hexadecimal(ColorMap.sequential.color(at: Double($0) / 8))) }
    #expect(zip(steps, steps.dropFirst()).allSatisfy { abs($0 - $1 - 0.084) < 0.012 }, "\(steps)")
    for share in [0.0, 0.1, 0.25, 0.4] {
      let low = lightness(hexadecimal(ColorMap.diverging.color(at: share)))
      let high = lightness(hexadecimal(ColorMap.diverging.color(at: 1 - share)))
      #expect(abs(low - high) < 0.02, "\(share)")
    }
    #expect(ColorMap.diverging.share(of: 0, low: -1, high: 3) == 0.5)
    #expect(ColorMap.diverging.share(of: -1, low: -1, high: 3) == 0.5 - 0.5 / 3)
  }

  /// Red, green and blue as light: IEC 61966-2-1.
  private func light(_ color: String) -> [Double] {
    let number = Int(color.dropFirst(), radix: 16) ?? 0
    return [number >> 16, number >> 8 & 255, number & 255].map { part in
      let share = Double(part) / 255
      return share <= 0.04045 ? share / 12.92 : powerOf(base: (share + 0.055) / 1.055, 2.4)
    }
  }

  private func luminance(_ color: String) -> Double {
    let parts = light(color)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  /// The lightness of OKLab (B. Ottosson, 2020).
  private func lightness(_ color: String) -> Double {
    let c = light(color)
    let l = powerOf(base: 0.4122214708 * c[0] + 0.5363325363 * c[1] + 0.0514459929 * c[2], 1 / 3)
    let m = powerOf(base: 0.2119034982 * c[0] + 0.6806995451 * c[1] + 0.1073969566 * c[2], 1 / 3)
    let s = powerOf(base: 0.0883024619 * c[0] + 0.2817188376 * c[1] + 0.6299787005 * c[2], 1 / 3)
    return 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
  }
}
