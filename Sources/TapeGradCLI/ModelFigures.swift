// What can be drawn of a model, by its task:
//
//   any task     loss, activations, weights-1, weights-2, …, of the model alone
//                activation-histograms, gradient-histograms, gradient-comparison, of the model on rows
//   binary       decision-boundary, confusion-matrix, roc, precision-recall, calibration
//   classes      decision-boundary, confusion-matrix
//   multiLabel   roc, with a curve for each label
//   regression   residuals, residuals-2, … one for each label
//
// `tapegrad figures` draws them all. A training and `evaluate --figures DIR` draw the loss and what is judged
// (`plots`). Curves of the threshold need both classes among the rows, a boundary two features.

import TapeGrad

/// A figure with the name of its file, and what it shows.
struct ModelFigure {
  let name: String, svg: SVG, meaning: String
}

/// The figures of a model, and of what it makes of a data set.
enum ModelFigures {
  /// How many examples are drawn one by one, or evaluated again and again.
  private static let limit = 2000

  /// How the loss fell.
  static func loss(_ history: TrainingHistory) -> Plot {
    .lossCurves(training: history.losses, validation: history.validationLosses, best: history.best?.epoch)
  }

  /// What a model shows without any rows.
  static func figures(of model: Model<Double>) throws -> [ModelFigure] {
    var figures: [ModelFigure] = []
    if !model.history.records.isEmpty {
      figures.append(
        ModelFigure(name: "loss", svg: loss(model.history).svg, meaning: "the loss by epoch, and where it was best"))
    }
    var activations: [Activation] = []
    for layer in model.network.layers.dropLast() where !activations.contains(layer.activation) {
      activations.append(layer.activation)
    }
    if !activations.isEmpty {
      figures.append(
        ModelFigure(
          name: "activations", svg: PlotGrid.activations(activations).svg,
          meaning: "what hidden layers apply, and its derivative"))
    }
    for (l, layer) in model.network.layers.enumerated() {
      let names = l == 0 ? model.preparation.encoding.featureNames : []
      figures.append(
        ModelFigure(
          name: "weights-\(l + 1)", svg: Plot.weights(try layer.weight.array, named: "W\(l + 1)", inputs: names).svg,
          meaning: "the weights of layer \(l + 1)"))
    }
    return figures
  }

  /// What a model makes of rows, and how its gradients are there.
  static func figures(of model: Model<Double>, on data: DataSet<Double>) throws -> [ModelFigure] {
    var figures = try plots(of: model, on: data).map {
      ModelFigure(name: $0.name, svg: $0.plot.svg, meaning: $0.meaning)
    }
    let few = data.count > limit ? try data.examples(0..<limit) : data
    if let boundary = try boundary(of: model, on: few) {
      figures.insert(
        ModelFigure(name: "decision-boundary", svg: boundary.svg, meaning: "which class is predicted where"), at: 0)
    }
    let examples = try model.examples(of: few), network = model.network
    func loss(_ network: MultilayerNetwork<Double>) -> Tensor<Double> {
      network.loss(examples.features, labels: examples.labels)
    }
    let gradients = try gradient(at: network, of: loss).tensors.map { ($0.name, try $0.tensor.scalars) }
    return figures + [
      ModelFigure(
        name: "activation-histograms",
        svg: PlotGrid.activationHistograms(try layers(of: network, examples.features)).svg,
        meaning: "how Z and A of each layer are distributed"),
      ModelFigure(
        name: "gradient-histograms",
        svg: PlotGrid.gradientHistograms(gradients.map { (name: "∂J/∂\(symbol($0.0))", values: $0.1) }).svg,
        meaning: "how large the gradients of each layer are"),
      ModelFigure(
        name: "gradient-comparison", svg: try comparison(network, loss).svg,
        meaning: "automatic and numerical derivatives, with error bars"),
    ]
  }

  /// `W1` for `layers.0.weight`; other names as they are.
  private static func symbol(_ name: String) -> String {
    let parts = name.split(separator: ".").map(String.init)
    guard parts.count == 3, parts[0] == "layers", let layer = Int(parts[1]) else { return name }
    return (parts[2] == "weight" ? "W" : "b") + "\(layer + 1)"
  }

  /// Z and A of each layer.
  private static func layers(
    of network: MultilayerNetwork<Double>, _ x: Tensor<Double>
  ) throws -> [(name: String, values: [Double])] {
    var a = x, layers: [(name: String, values: [Double])] = []
    for (l, layer) in network.layers.enumerated() {
      let isLast = l == network.layers.count - 1
      var z = layer.logits(a)
      if !isLast, l < network.normalizations.count { z = network.normalizations[l](z) }
      a = isLast ? network.task.outputs(of: z) : layer.activation(z)
      layers += [("Z\(l + 1)", try z.scalars), ("A\(l + 1)", try a.scalars)]
    }
    return layers
  }

  /// Automatic and numerical derivatives of the loss by some elements of each parameter.
  private static func comparison(
    _ network: MultilayerNetwork<Double>, _ loss: (MultilayerNetwork<Double>) -> Tensor<Double>
  ) throws -> PlotGrid {
    let report: GradientReport
    // A gradient that is wrong is thrown: it is what this figure is to show.
    do { report = try checkGradient(at: network, limit: 40, of: loss) } catch let wrong as GradientReport {
      report = wrong
    }
    let elements = report.checks.flatMap(\.check.elements)
    return .gradientComparison(
      automatic: elements.map(\.automatic), numerical: elements.map(\.numerical.value),
      bounds: elements.map(\.numerical.error), of: "of J")
  }

  /// Where which class is predicted: by the two features in their units, or by the principal components of more of them,
  /// scaled as the network sees them. Nil for a single feature, and where no classes are predicted.
  private static func boundary(of model: Model<Double>, on data: DataSet<Double>) throws -> Plot? {
    guard !model.classNames.isEmpty, data.featureNames.count > 1, data.count > 0 else { return nil }
    let isPlane = data.featureNames.count == 2, scaling = model.preparation.featureScaling
    let features = isPlane ? data.features : scaling.applied(to: data.features)
    return try Plot.decisionBoundary(
      features: try features.rows, labels: try data.classIndices(), classes: model.classNames, names: data.featureNames
    ) { rows in
      let x = Tensor(rows.flatMap(\.self), shape: [rows.count, rows[0].count])
      return try model.network(isPlane ? scaling.applied(to: x) : x).rows
    }
  }

  /// What a model is judged by: of classes the confusion matrix, of two classes also the curves of the threshold, of
  /// numbers the residuals.
  static func plots<Scalar>(
    of model: Model<Scalar>, on data: DataSet<Scalar>
  ) throws -> [(name: String, plot: Plot, meaning: String)] {
    let outputs = try model.predict(data)
    let labels = data.labels
    switch model.task {
    case .regression:
      return try model.preparation.encoding.labelNames.enumerated().map { row, name in
        (
          row == 0 ? "residuals" : "residuals-\(row + 1)",
          Plot.residuals(
            predicted: try outputs.gathered([row], axis: 0).scalars,
            labels: try labels.gathered([row], axis: 0).scalars, of: name),
          "the errors of \(name)"
        )
      }
    case .multiLabel:
      let curves = try model.preparation.encoding.labelNames.enumerated().map { row, name in
        let curve = try ROCCurve(
          outputs.gathered([row], axis: 0), labels: labels.gathered([row], axis: 0))
        return Plot.ThresholdCurve(x: curve.falsePositiveRates, y: curve.truePositiveRates, named: name)
      }
      return [("roc", .rocCurves(curves), "true by false positive rate at every threshold")]
    case .binary, .classes:
      let confusion = try ConfusionMatrix(outputs, labels: labels)
      let matrix = Plot.confusionMatrix(confusion.counts, classes: model.classNames)
      let plots = [(name: "confusion-matrix", plot: matrix, meaning: "what each class was taken for")]
      let roc = model.task == .binary ? try ROCCurve(outputs, labels: labels) : nil
      // With one class only, there is no curve.
      guard let roc, roc.area.isFinite else { return plots }
      let precision = try PrecisionRecallCurve(outputs, labels: labels)
      let calibration = try CalibrationCurve(outputs, labels: labels)
      let positives = try labels.scalars.reduce(0) { $0 + $1.doubleValue } / Double(data.count)
      return plots + [
        (
          "roc", .rocCurves([.init(x: roc.falsePositiveRates, y: roc.truePositiveRates)]),
          "true by false positive rate at every threshold"
        ),
        (
          "precision-recall",
          .precisionRecallCurves([.init(x: precision.recalls, y: precision.precisions)], positives: positives),
          "precision by recall at every threshold"
        ),
        (
          "calibration",
          .calibration(
            predicted: calibration.probabilities, observed: calibration.shares, counts: calibration.counts),
          "how often what is predicted with a probability is so"
        ),
      ]
    }
  }
}

extension Tensor {
  /// The rows of a matrix.
  fileprivate var rows: [[Scalar]] {
    get throws {
      let scalars = try scalars, width = shape[1]
      return (0..<shape[0]).map { Array(scalars[$0 * width..<($0 + 1) * width]) }
    }
  }
}
