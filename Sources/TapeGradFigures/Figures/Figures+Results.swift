// Figures of what training, metrics and audits give, in one call each. The functions from arrays of numbers, which they
// call, stand beside them in files of their own.
//
//   Plot.lossCurves(history)             a TrainingHistory
//   Plot.learningRates(search)           a LearningRateSearch
//   Plot.confusionMatrix(matrix)         a ConfusionMatrix
//   Plot.rocCurve(curve)                 a ROCCurve
//   Plot.precisionRecallCurve(curve)     a PrecisionRecallCurve
//   Plot.calibration(curve)              a CalibrationCurve
//   Plot.residuals(network(x), labels: y)
//   Plot.weights(network.layers[0].weight)
//   PlotGrid.gradientComparison(audit)   an Audit, or the GradientReport of checkGradient

import TapeGradAudit
import TapeGradCore
import TapeGradNetworks

extension Plot {
  /// The losses of a training by epoch, and where it was best.
  ///
  /// The training loss of an epoch is the mean of its steps, that of validation stands at its end.
  public static func lossCurves(_ history: TrainingHistory, symbol: String = "J") -> Plot {
    // Where only some epochs were validated, the others are gaps.
    let validation = history.records.map { $0.validationLoss ?? .nan }
    let isValidated = !history.validationLosses.isEmpty
    return lossCurves(
      training: history.losses, validation: isValidated ? validation : [],
      best: isValidated ? history.best?.epoch : nil, symbol: symbol)
  }

  /// The losses at growing learning rates, and the rate that is suggested.
  public static func learningRates(_ search: LearningRateSearch, symbol: String = "J") -> Plot {
    learningRates(
      search.rates, losses: search.losses, chosen: search.rates.isEmpty ? nil : search.suggestion, symbol: symbol)
  }

  /// How often each class was predicted as each.
  ///
  /// - Parameters:
  ///   - matrix: the counts.
  ///   - classes: the names of the classes; their numbers where none are given.
  public static func confusionMatrix(_ matrix: ConfusionMatrix, classes: [String] = []) -> Plot {
    confusionMatrix(matrix.counts, classes: classes.isEmpty ? matrix.counts.indices.map { "\($0)" } : classes)
  }

  /// True positive rate by false positive rate; the area under the curve stands in its name.
  public static func rocCurve(_ curve: ROCCurve, named name: String? = nil) -> Plot {
    rocCurves([ThresholdCurve(curve, named: name)])
  }

  /// Precision by recall, with the precision of chance.
  public static func precisionRecallCurve(_ curve: PrecisionRecallCurve, named name: String? = nil) -> Plot {
    // At the lowest threshold all examples count as yes: their precision is the share of positive ones.
    precisionRecallCurves([ThresholdCurve(curve, named: name)], positives: curve.precisions.last)
  }

  /// Whether predicted probabilities are frequencies.
  public static func calibration(_ curve: CalibrationCurve) -> Plot {
    calibration(predicted: curve.probabilities, observed: curve.shares, counts: curve.counts)
  }

  /// What a regression got wrong: label − prediction, by prediction.
  ///
  /// - Parameters:
  ///   - predictions: what a network gives, (m) or (1, m).
  ///   - labels: what it should have been, in the same shape.
  ///   - name: of what is predicted.
  ///   - unit: the unit of the labels.
  /// - Throws: `TensorError` where the shapes differ or a tensor has no numbers.
  public static func residuals<S>(
    _ predictions: Tensor<S>, labels: Tensor<S>, of name: String = "", unit: String = ""
  ) throws(TensorError) -> Plot {
    let (p, t) = (try predictions.scalars, try labels.scalars)
    guard predictions.shape == labels.shape else {
      throw TensorError("no residuals of predictions \(predictions.shape) for labels \(labels.shape)")
    }
    return residuals(predicted: p, labels: t, of: name, unit: unit)
  }

  /// A weight matrix, or its gradient, as a heat map about 0: a row for each unit of the layer, a column for each input.
  ///
  /// - Throws: `TensorError` where the tensor has no numbers.
  public static func weights<S>(
    _ weights: Tensor<S>, named name: String = "W", inputs: [String] = []
  ) throws(TensorError) -> Plot { self.weights(try weights.array, named: name, inputs: inputs) }

  /// Which class a model predicts where, with examples.
  ///
  /// ```swift
  /// let plot = try Plot.decisionBoundary(x, labels: y, classes: ["benign", "malignant"]) { network($0) }
  /// ```
  /// - Parameters:
  ///   - x: features, (n_x, m), n_x at least 2. Of more than two, the plane of the principal components is shown.
  ///   - labels: the class of each example, m numbers from 0.
  ///   - classes: the names of the classes.
  ///   - names: the names of the features.
  ///   - outputs: the model: probabilities or scores of the classes, (K, m), or of class 1 of two, (1, m).
  /// - Throws: what `outputs` throws; `TensorError` where a tensor has no numbers, or is not a matrix of two rows or more.
  public static func decisionBoundary<S>(
    _ x: Tensor<S>, labels: Tensor<S>, classes: [String], names: [String] = [],
    outputs: (Tensor<S>) throws -> Tensor<S>
  ) throws -> Plot {
    guard x.shape.rank == 2, x.shape[0] > 1 else {
      throw TensorError("no decision boundary of features \(x.shape), expected a matrix of two rows or more")
    }
    let numbers = try labels.scalars.map { Int(exactly: $0) ?? -1 }
    return try decisionBoundary(features: rows(of: x), labels: numbers, classes: classes, names: names) { grid in
      try rows(of: outputs(Tensor(grid.flatMap { $0 }, shape: [grid.count, grid.first?.count ?? 0])))
    }
  }

  private static func rows<S>(of matrix: Tensor<S>) throws(TensorError) -> [[S]] {
    let scalars = try matrix.scalars, width = matrix.shape[matrix.shape.rank - 1]
    return stride(from: 0, to: scalars.count, by: max(width, 1)).map { Array(scalars[$0..<$0 + width]) }
  }
}

extension Plot.ThresholdCurve {
  /// A curve of the receiver operating characteristic.
  public init(_ curve: ROCCurve, named name: String? = nil) {
    self.init(x: curve.falsePositiveRates, y: curve.truePositiveRates, named: name)
  }

  /// A curve of precision by recall.
  public init(_ curve: PrecisionRecallCurve, named name: String? = nil) {
    self.init(x: curve.recalls, y: curve.precisions, named: name)
  }
}

extension PlotGrid {
  /// The gradients of an audit, automatic against numerical, with the errors that the numerical ones may have.
  ///
  /// - Parameters:
  ///   - audit: what `tape.audit(J)` gave.
  ///   - name: the node to show; by default all of them.
  public static func gradientComparison(_ audit: Audit, of name: String? = nil) -> PlotGrid {
    let rows = audit.rows.filter { name == nil || $0.name == name }
    let title = rows.count == 1 ? "∂\(audit.result)/∂\(rows[0].name)" : "of \(audit.result) by \(rows.count) nodes"
    return gradientComparison(rows.compactMap(\.numerical), of: title)
  }

  /// The gradients of a check, automatic against numerical, with the errors that the numerical ones may have.
  public static func gradientComparison(_ report: GradientReport) -> PlotGrid {
    let checks = report.checks.map(\.check)
    let (shown, all) = (checks.reduce(0) { $0 + $1.elements.count }, checks.reduce(0) { $0 + $1.count })
    let count = shown == all ? "all \(all)" : "\(shown) of \(all)"
    return gradientComparison(checks, of: "of \(count) parameters")
  }

  private static func gradientComparison(_ checks: [NumericalCheck], of name: String) -> PlotGrid {
    let elements = checks.flatMap(\.elements)
    return gradientComparison(
      automatic: elements.map(\.automatic), numerical: elements.map(\.numerical.value),
      bounds: elements.map(\.numerical.error), of: name)
  }
}
