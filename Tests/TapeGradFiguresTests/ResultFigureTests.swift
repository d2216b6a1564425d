import TapeGrad
import Testing

/// Figures of results are the figures of the numbers in them.
struct ResultFigureTests {
  private static let scores = Tensor<Double>([0.1, 0.4, 0.35, 0.8, 0.6]), labels = Tensor<Double>([0, 0, 1, 1, 1])

  @Test("a history gives its losses, and where the validation loss was least")
  func losses() throws {
    var generator = SeededGenerator(seed: 1)
    let x = Tensor<Double>.randomNormal([2, 40], using: &generator)
    var network = MultilayerNetwork<Double>(inputs: 2, hidden: [8], using: &generator)
    let noise = Tensor<Double>.randomUniform([1, 40], using: &generator) .> 0.5
    let history = try network.fit(
      x, labels: noise, optimizer: .adam(rate: 0.1), epochs: 30, validation: .share(0.5))
    let best = try #require(history.best?.epoch)
    #expect(best < 30)
    let plot = Plot.lossCurves(history)
    #expect(
      plot.svg.text
        == Plot.lossCurves(training: history.losses, validation: history.validationLosses, best: best).svg.text)
    #expect(plot.svg.text.contains("best: epoch \(best)"))
    let plain = try network.fit(x, labels: noise, epochs: 3)
    #expect(Plot.lossCurves(plain).svg.text == Plot.lossCurves(training: plain.losses).svg.text)
    #expect(Plot.lossCurves(TrainingHistory()).svg.text.contains("no data"))
  }

  @Test("curves of the threshold, calibration and confusion are those of their numbers")
  func classification() throws {
    let roc = try ROCCurve(Self.scores, labels: Self.labels)
    #expect(
      Plot.rocCurve(roc, named: "cat").svg.text
        == Plot.rocCurves([.init(x: roc.falsePositiveRates, y: roc.truePositiveRates, named: "cat")]).svg.text)
    #expect(Plot.rocCurve(roc, named: "cat").svg.text.contains("cat: 0.833"))
    let precision = try PrecisionRecallCurve(Self.scores, labels: Self.labels)
    #expect(
      Plot.precisionRecallCurve(precision).svg.text
        == Plot.precisionRecallCurves([.init(x: precision.recalls, y: precision.precisions)], positives: 3 / 5.0).svg
        .text)
    let calibration = try CalibrationCurve(Self.scores, labels: Self.labels, bins: 2)
    #expect(
      Plot.calibration(calibration).svg.text
        == Plot.calibration(
          predicted: calibration.probabilities, observed: calibration.shares, counts: calibration.counts
        )
        .svg.text)
    let matrix = try ConfusionMatrix(Self.scores, labels: Self.labels)
    #expect(
      Plot.confusionMatrix(matrix).svg.text == Plot.confusionMatrix([[2, 0], [1, 2]], classes: ["0", "1"]).svg.text)
    #expect(
      Plot.confusionMatrix(matrix, classes: ["a", "b"]).svg.text
        == Plot.confusionMatrix([[2, 0], [1, 2]], classes: ["a", "b"]).svg.text)
  }

  @Test("residuals, weights and boundaries are those of the tensors' numbers, and shapes that do not fit are errors")
  func tensors() throws {
    #expect(
      try Plot.residuals(Self.scores, labels: Self.labels, of: "x").svg.text
        == Plot.residuals(predicted: Self.scores.scalars, labels: Self.labels.scalars, of: "x").svg.text)
    #expect(throws: TensorError.self) { try Plot.residuals(Self.scores, labels: Tensor([1])) }
    let W = Tensor<Double>([[1, -2], [3, 4]])
    #expect(try Plot.weights(W, named: "W1").svg.text == Plot.weights(W.array, named: "W1").svg.text)
    let x = Tensor<Double>([[1, 2, 3, 4], [4, 2, 1, 1]]), y = Tensor<Double>([[0, 0, 1, 1]])
    let boundary = try Plot.decisionBoundary(x, labels: y, classes: ["a", "b"]) { sigmoid($0[0..<1] - $0[1..<2]) }
    let expected = Plot.decisionBoundary(
      features: [[1.0, 2, 3, 4], [4, 2, 1, 1]], labels: [0, 0, 1, 1], classes: ["a", "b"]
    ) { rows in
      [zip(rows[0], rows[1]).map { u, v in (try? sigmoid(Tensor(u - v)).item) ?? .nan }]
    }
    #expect(boundary.svg.text == expected.svg.text)
    #expect(throws: TensorError.self) {
      try Plot.decisionBoundary(x[0..<1], labels: y, classes: ["a", "b"]) { $0 }
    }
  }

  @Test("a search of the learning rate shows what it suggests")
  func rates() throws {
    var generator = SeededGenerator(seed: 1)
    let x = Tensor<Double>.randomNormal([2, 40], using: &generator)
    let network = MultilayerNetwork<Double>(inputs: 2, hidden: [4], using: &generator)
    let search = try network.learningRates(x, labels: x[0..<1] .> 0)
    #expect(
      Plot.learningRates(search).svg.text
        == Plot.learningRates(search.rates, losses: search.losses, chosen: search.suggestion).svg.text)
  }

  @Test("an audit and a gradient check show each element within its bound, of all nodes or one")
  func gradients() throws {
    let w = Tensor<Double>([0.5, -1.25, 2]), tape = Tape()
    let W = tape.variable(w, named: "W"), A = tanh(W).named("A"), J = square(A).sum().named("J")
    let audit = try tape.audit(J)
    let all = PlotGrid.gradientComparison(audit).svg.text
    #expect(all.contains("6 of 6 automatic derivatives are within the bounds") && all.contains("of J by 2 nodes"))
    let one = PlotGrid.gradientComparison(audit, of: "W").svg.text
    #expect(one.contains("3 of 3 automatic derivatives") && one.contains("∂J/∂W"))
    let report = try checkGradient(at: w) { square(tanh($0)).sum() }
    #expect(PlotGrid.gradientComparison(report).svg.text.contains("3 of 3 automatic derivatives"))
  }
}
