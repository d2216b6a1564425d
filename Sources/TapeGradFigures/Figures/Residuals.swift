import TapeGradArrays

extension Plot {
  /// What a regression got wrong: label − prediction, by prediction. Around 0 without a pattern, where the model is right.
  ///
  /// - Parameters:
  ///   - predicted: The predictions.
  ///   - labels: What they should have been.
  ///   - name: Of what is predicted.
  ///   - unit: The unit of the labels.
  public static func residuals<S: TensorScalar>(
    predicted: [S], labels: [S], of name: String = "", unit: String = ""
  ) -> Plot {
    // label − prediction: positive where the model said too little.
    let predicted = doubles(predicted), residuals = zip(doubles(labels), predicted).map { $0 - $1 }
    let unit = unit.isEmpty ? "" : " (\(unit))"
    let finite = residuals.filter(\.isFinite)
    // √(Σr²/n), in the unit of the labels.
    let error = finite.isEmpty ? 0 : (finite.reduce(0) { $0 + $1 * $1 } / Double(finite.count)).squareRoot()
    var plot = Plot(
      title: "Residuals\(name.isEmpty ? "" : " of \(name)")", x: Axis("predicted\(unit)"),
      y: Axis("label − prediction\(unit)")
    ) {
      points(predicted, residuals)
      if !finite.isEmpty { rule(y: 0) }
    }
    guard !finite.isEmpty else { return plot }
    plot.subtitle = "root mean square: \(numberLabel(error))"
    let low = numberLabel(finite.min() ?? 0), high = numberLabel(finite.max() ?? 0)
    plot.description = "\(finite.count) residuals from \(low) to \(high), \(plot.subtitle)\(unit)."
    return plot
  }
}
