import TapeGradArrays

extension Plot {
  /// Whether predicted probabilities are frequencies: of the examples with probability 0.8, do 80 % belong to the class?
  ///
  /// - Parameters:
  ///   - predicted: The mean probability of each bin.
  ///   - observed: The share of the bin that belongs to the class.
  ///   - counts: The number of examples in each bin, which gives the error of its share; or none.
  public static func calibration<S: TensorScalar>(predicted: [S], observed: [S], counts: [Int] = []) -> Plot {
    let predicted = doubles(predicted), observed = doubles(observed)
    // √(p(1 − p)/n) with one success and one failure more, so that it is not 0 at the ends.
    // All of 8 examples belong to the class: p = 9/10 and the error is √(0.9·0.1/10) = 0.095. With p = 8/8 it would be
    // 0, as if eight examples could prove a certainty.
    let errors = zip(observed, counts).map { share, count in
      let p = (share * Double(count) + 1) / (Double(count) + 2)
      return (p * (1 - p) / (Double(count) + 2)).squareRoot()
    }
    var plot = Plot(
      title: "Calibration", x: Axis("predicted probability", range: 0...1), y: Axis("observed share", range: 0...1)
    ) {
      guide([0, 1], [0, 1], named: "perfect")
      line(predicted, observed, named: "model")
      points(predicted, observed, errors: errors, named: "model")
    }
    plot.isSquare = true
    if !errors.isEmpty { plot.subtitle = "bars: one standard error" }
    let gaps = zip(predicted, observed).map { ($0 - $1).magnitude }.filter(\.isFinite)
    if let gap = gaps.max() {
      plot.description =
        "Predicted probability and observed share differ by at most \(numberLabel(gap)) in \(gaps.count) bins."
    }
    return plot
  }
}
