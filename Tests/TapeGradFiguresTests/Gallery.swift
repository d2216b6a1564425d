import Foundation
import TapeGrad

/// One figure of each kind, from networks that are trained here: what the README shows, and what CI renders.
enum Gallery {
  /// All figures by the names of their files.
  static func figures() throws -> [(name: String, svg: SVG)] {
    try cancerFigures() + moonsFigures() + plainFigures() + tapeFigures()
  }

  /// The names of those that the documentation shows.
  static let shown = [
    "loss-curves", "decision-boundary", "activations", "weights", "confusion-matrix", "gradient-comparison", "tape",
  ]

  /// The breast cancer data: 30 features, two classes.
  private static func cancerFigures() throws -> [(name: String, svg: SVG)] {
    let (training, validation) = try cancerData()
    var generator = SeededGenerator(seed: 3)
    var network = TwoLayerNetwork<Double>(inputs: 30, hidden: 12, hiddenActivation: .tanh, using: &generator)
    var losses: [Double] = [], validationLosses: [Double] = [], best = (network: network, loss: Double.infinity)
    for _ in 0...200 {
      let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(training.features, labels: training.labels) }
      losses.append(try loss.item)
      validationLosses.append(try network.loss(validation.features, labels: validation.labels).item)
      if let last = validationLosses.last, last < best.loss { best = (network, last) }
      network.move(along: gradient, by: -1)
    }
    let probabilities = best.network(validation.features), labels = validation.labels
    let classes = training.classNames
    let tape = Tape()
    let onTape = tape.variables(of: best.network)
    let layers = onTape.forward(training.features)
    let gradients = try tape.gradients(of: binaryCrossEntropy(layers.A2, training.labels))
    return [
      ("loss-curves", Plot.lossCurves(training: losses, validation: validationLosses, from: 0).svg),
      (
        "decision-boundary-30",
        try Plot.decisionBoundary(training.features, labels: training.labels, classes: classes) {
          best.network($0)
        }.svg
      ),
      (
        "weights",
        try Plot.weights(best.network.W1, named: "W1 of 12 tanh units").svg
      ),
      (
        "confusion-matrix",
        try Plot.confusionMatrix(ConfusionMatrix(probabilities, labels: labels), classes: classes).svg
      ),
      (
        "thresholds",
        PlotGrid(
          title: "ROC, precision and recall on validation data",
          plots: [
            try .rocCurve(ROCCurve(probabilities, labels: labels), named: classes[1]),
            try .precisionRecallCurve(PrecisionRecallCurve(probabilities, labels: labels), named: classes[1]),
          ]
        ).svg
      ),
      (
        "calibration",
        try Plot.calibration(CalibrationCurve(probabilities, labels: labels, bins: 5)).svg
      ),
      (
        "activation-histograms",
        PlotGrid.activationHistograms([
          ("Z1", try layers.Z1.scalars), ("A1 = tanh Z1", try layers.A1.scalars), ("Z2", try layers.Z2.scalars),
          ("A2 = σ(Z2)", try layers.A2.scalars),
        ]).svg
      ),
      (
        "gradient-histograms",
        PlotGrid.gradientHistograms([
          ("∂J/∂W1", try gradients[onTape.W1].scalars), ("∂J/∂b1", try gradients[onTape.b1].scalars),
          ("∂J/∂W2", try gradients[onTape.W2].scalars), ("∂J/∂A1", try gradients[layers.A1].scalars),
        ]).svg
      ),
      ("learning-rates", try learningRates(training)),
    ]
  }

  private static func cancerData() throws -> (DataSet<Double>, DataSet<Double>) {
    try DataSet<Double>.breastCancer().standardized().dataSet.split(test: 0.3, seed: 1)
  }

  /// The loss after 20 steps at each of 40 rates.
  private static func learningRates(_ data: DataSet<Double>) throws -> SVG {
    let rates = (0..<40).map { 1e-3 * Foundation.pow(10, Double($0) / 8) }
    let losses = try rates.map { rate in
      var generator = SeededGenerator(seed: 3)
      var network = TwoLayerNetwork<Double>(inputs: 30, hidden: 12, hiddenActivation: .relu, using: &generator)
      for _ in 0..<20 {
        network.move(along: try gradient(at: network) { $0.loss(data.features, labels: data.labels) }, by: -rate)
      }
      return try network.loss(data.features, labels: data.labels).item
    }
    return Plot.learningRates(rates, losses: losses, chosen: 0.5).svg
  }
}
