import TapeGradArrays
import TapeGradNetworks
import Testing

@testable import TapeGradFigures

struct FigureTests {
  private static let inputs: [(name: String, values: [Double])] = [
    ("nothing", []), ("one number", [0.5]), ("equal numbers", [2, 2, 2, 2]), ("zeros", [0, 0, 0]),
    ("NaN", [.nan, .nan]),
    ("infinities", [.infinity, -.infinity, .infinity]), ("some not finite", [1, .nan, 3, .infinity, 2]),
    ("the largest numbers", [1.7e308, -1.7e308, 1e300, -1e300]),
    ("the least numbers", [.leastNonzeroMagnitude, .leastNormalMagnitude, 1e-300, 3e-300]),
    ("near numbers", [1e15, 1e15 + 0.125, 1e15 + 0.25]), ("a wide range", [1e-300, 1, 1e300]), ("two", [0, 1]),
    ("negative numbers", [-3, -2, -1, -0.5]),
  ]

  @Test("every figure of every input is well-formed, and no two of its texts touch", arguments: inputs.indices)
  func hardInputs(_ index: Int) throws {
    let (name, values) = Self.inputs[index]
    // With itself, and with two others.
    for (other, others) in [0, 1, 5].map({ Self.inputs[(index + $0) % Self.inputs.count] }) {
      for (figure, svg) in try figures(values, others) {
        let drawing = ParsedSVG(svg)
        #expect(drawing.isWellFormed && !drawing.words.isEmpty, "\(figure) of \(name), \(other)")
        #expect(drawing.collision == nil, "\(figure) of \(name), \(other): \(drawing.collision ?? "")")
      }
    }
  }

  private func figures(_ x: [Double], _ y: [Double]) throws -> [(String, SVG)] {
    let labels = x.indices.map { $0 % 2 }, classes = ["first", "second"]
    let matrix = NDArray(x)
    return [
      ("line", Plot(title: "") { line(x, y, markers: true, named: "a") }.svg),
      ("points", Plot(title: "", x: Axis(scale: .logarithmic)) { points(x, y, errors: y) }.svg),
      ("bars", Plot(title: "", y: Axis(scale: .logarithmic)) { bars(edges: x, heights: y) }.svg),
      ("named bars", Plot(title: "") { bars(x, of: ["a", "b"]) }.svg),
      ("area", Plot(title: "") { area(x, y, named: "a") }.svg),
      ("band", Plot(title: "") { band(x, from: x, to: y) }.svg),
      ("heat map", Plot(title: "") { heatMap([x, y], showsNumbers: true) }.svg),
      ("rules", Plot(title: "") { for place in x { rule(x: place, named: "here") } }.svg),
      ("range", Plot(title: "", y: Axis(range: 1...1)) { line(x) }.svg),
      ("loss", Plot.lossCurves(training: x, validation: y).svg),
      ("rates", Plot.learningRates(x, losses: y, chosen: x.first).svg),
      ("roc", Plot.rocCurves([.init(x: x, y: y)]).svg),
      ("precision", Plot.precisionRecallCurves([.init(x: x, y: y)], positives: x.first).svg),
      ("calibration", Plot.calibration(predicted: x, observed: y, counts: [1, 0, 5]).svg),
      ("residuals", Plot.residuals(predicted: x, labels: y).svg),
      ("weights", Plot.weights(matrix).svg),
      ("activations", PlotGrid.activationHistograms([("A", x), ("B", y)]).svg),
      ("gradients", PlotGrid.gradientHistograms([("A", x), ("B", y)]).svg),
      ("comparison", PlotGrid.gradientComparison(automatic: x, numerical: y, bounds: x).svg),
      (
        "boundary",
        Plot.decisionBoundary(features: [x, y], labels: labels, classes: classes) { rows in [rows[0]] }.svg
      ),
      (
        "boundary in three",
        Plot.decisionBoundary(features: [x, y, x], labels: labels, classes: classes) { rows in [rows[0], rows[1]] }.svg
      ),
    ]
  }

  @Test("where nothing can be shown, the figure says so")
  func empty() {
    func texts(_ values: [Double]) -> [String] {
      ParsedSVG(Plot(title: "Loss") { line(values) }.svg).texts.map(\.content)
    }
    #expect(texts([]) == ["Loss", "no data"])
    #expect(texts([.nan, .infinity]) == ["Loss", "2 of 2 not finite, left out", "no number that could be shown"])
    #expect(ParsedSVG(Plot.confusionMatrix([], classes: []).svg).texts.contains { $0.content == "no data" })
    #expect(ParsedSVG(PlotGrid(title: "None", plots: []).svg).isWellFormed)
  }

  @Test("training that diverged is said to have diverged, and since when")
  func divergence() {
    let drawing = ParsedSVG(Plot.lossCurves(training: [1, 3, 9, .infinity, .nan]).svg)
    #expect(drawing.texts.contains { $0.content == "not finite from epoch 4 on" })
    #expect(
      drawing.words == "J rises from 1 to 9 in 3 epochs. It is not finite from epoch 4 on. 2 of 5 not finite, left out."
    )
  }

  @Test("a confusion matrix says how many were right, and shows every count")
  func confusion() {
    let drawing = ParsedSVG(Plot.confusionMatrix([[50, 3], [2, 45]], classes: ["cat", "dog"]).svg)
    let texts = drawing.texts.map(\.content)
    #expect(["50", "3", "2", "45", "cat", "dog", "95 of 100 right, 95 %"].allSatisfy(texts.contains))
    #expect(drawing.words.contains("Of dog: 2 as cat, 45 as dog."))
  }

  @Test("the area under a ROC curve stands in its name")
  func areaUnderCurve() {
    let curve = Plot.ThresholdCurve(x: [0, 0.0, 0.5, 1], y: [0, 0.5, 1, 1], named: "cat")
    #expect(ParsedSVG(Plot.rocCurves([curve]).svg).texts.contains { $0.content == "cat: 0.875" })
  }

  @Test("the area under the steps of precision and recall is the average precision, in either order")
  func averagePrecision() {
    // scikit-learn's example: scores 0.1, 0.4, 0.35, 0.8 of the labels 0, 0, 1, 1 have the average precision 0.8333….
    let recalls = [0, 0.5, 0.5, 1, 1], precisions = [1, 1, 0.5, 2.0 / 3, 0.5]
    for isReversed in [false, true] {
      let curve = Plot.ThresholdCurve(
        x: isReversed ? recalls.reversed() : recalls, y: isReversed ? precisions.reversed() : precisions)
      let (x, y) = curve.steps
      #expect(abs(abs(Plot.ThresholdCurve(x: x, y: y).area) - 5.0 / 6) < 1e-12)
    }
  }

  @Test("gradients beyond their bounds are a series of their own, and undecided ones are counted")
  func comparison() {
    let grid = PlotGrid.gradientComparison(
      automatic: [1, 2, 3, .nan], numerical: [1.0001, 2.5, 3, 4], bounds: [1e-3, 1e-3, 1e-3, 1e-3], of: "∂J/∂b1")
    let drawing = ParsedSVG(grid.svg)
    #expect(
      drawing.words
        == "2 of 4 automatic derivatives are within the bounds of the numerical ones, 1 are not, 1 are undecided.")
    #expect(drawing.texts.contains { $0.content == "beyond the bound" })
  }

  @Test("the boundary of a linear classifier is its line")
  func boundary() throws {
    let plot = Plot.decisionBoundary(features: [[-1.0, 1], [-1, 1]], labels: [0, 1], classes: ["a", "b"]) { rows in
      [zip(rows[0], rows[1]).map { u, v in 0.5 + u - 2 * v + 0.3 }]
    }
    guard case .regions(let regions) = plot.marks[0].shape else { throw Missing() }
    #expect(regions.borders.count > 100)
    #expect(regions.borders.allSatisfy { abs($0.x1 - 2 * $0.y1 + 0.3) < 1e-9 && abs($0.x2 - 2 * $0.y2 + 0.3) < 1e-9 })
  }

  @Test("where a model gives NaN, no class is shown")
  func undecided() throws {
    let plot = Plot.decisionBoundary(features: [[-1.0, 1], [-1, 1]], labels: [0, 1], classes: ["a", "b"]) { rows in
      [rows[0].map { $0 < 0 ? 1 : .nan }]
    }
    guard case .regions(let regions) = plot.marks[0].shape else { throw Missing() }
    #expect(Set(regions.cells.joined()) == [-1, 1] && regions.borders.isEmpty)
    #expect(ParsedSVG(plot.svg).isWellFormed)
  }

  private struct Missing: Error {}

  @Test("a decision boundary passes on what the model throws")
  func throwing() {
    #expect(throws: Missing.self) {
      try Plot.decisionBoundary(features: [[1.0, 2], [1, 2]], labels: [0, 1], classes: ["a", "b"]) { _ in
        throw Missing()
      }
    }
  }

  @Test("weights are joined in blocks by their largest magnitude")
  func blocks() {
    let values = (0..<130 * 4).map { $0 == 5 ? -9.0 : 1 }
    let plot = Plot.weights(NDArray(values).reshaped(to: [130, 4]), named: "W1")
    #expect(plot.subtitle == "130 × 4; each cell is the number of largest magnitude of 3 × 1")
    #expect(ParsedSVG(plot.svg).texts.contains { $0.content == "−9" })
  }
}
