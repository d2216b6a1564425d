import TapeGradArrays

// Precision 1, 0.8, 0.6 at the recall 0, 0.5, 1 is drawn in steps, since no threshold gives what lies between:
//
//     1.0 ┐
//     0.8 └─────┐            The area below the steps is the average precision, 0.5·0.8 + 0.5·0.6 = 0.7. Straight
//     0.6       └─────       lines between the points would have the area 0.8.
//         0    0.5    1

extension Plot {
  /// A curve of a classifier whose threshold goes from high to low.
  public struct ThresholdCurve: Sendable {
    let x: [Double]
    let y: [Double]
    let name: String?

    /// A curve through the points (x, y).
    ///
    /// - Parameters:
    ///   - x: False positive rates for a ROC curve, recalls for a precision–recall curve.
    ///   - y: True positive rates, or precisions.
    ///   - name: Of the class, or of the model.
    public init<S: TensorScalar>(x: [S], y: [S], named name: String? = nil) {
      self.x = doubles(x)
      self.y = doubles(y)
      self.name = name
    }

    /// Steps between the points. No threshold lies between two neighbors: up to the larger recall its own precision holds,
    /// as in the average precision `Σ (R₁ − R₀)·P₁`.
    var steps: (x: [Double], y: [Double]) {
      let points = Array(zip(x, y))
      var steps = (x: Array(x.prefix(1)), y: Array(y.prefix(1)))
      for (from, to) in zip(points, points.dropFirst()) {
        let corner = to.0 >= from.0 ? (from.0, to.1) : (to.0, from.1)
        steps.x += [corner.0, to.0]
        steps.y += [corner.1, to.1]
      }
      return steps
    }

    /// `Σ (x₁ − x₀)·(y₀ + y₁)/2`.
    var area: Double {
      var sum = 0.0
      for i in 1..<max(min(x.count, y.count), 1) { sum += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2 }
      return sum
    }
  }

  /// True positive rate by false positive rate, for one class or several. The area under a curve stands in its name.
  public static func rocCurves(_ curves: [ThresholdCurve]) -> Plot {
    var plot = Plot(
      title: "ROC", x: Axis("false positive rate", range: 0...1), y: Axis("true positive rate", range: 0...1)
    ) {
      guide([0, 1], [0, 1], named: "chance: 0.5")
      for curve in curves {
        line(curve.x, curve.y, named: "\(curve.name ?? "area"): \(numberLabel(curve.area))")
      }
    }
    plot.isSquare = true
    plot.description =
      "Area under the curve: "
      + curves.map { curve in
        (curve.name.map { "\($0) " } ?? "") + numberLabel(curve.area)
      }.joined(separator: ", ") + ". Chance has 0.5."
    return plot
  }

  /// Precision by recall, for one class or several.
  ///
  /// - Parameters:
  ///   - curves: A curve for each class or model.
  ///   - positives: The share of positive examples, which is the precision of chance.
  public static func precisionRecallCurves(_ curves: [ThresholdCurve], positives: Double? = nil) -> Plot {
    var plot = Plot(
      title: "Precision and recall", x: Axis("recall", range: 0...1), y: Axis("precision", range: 0...1)
    ) {
      if let positives { guide([0, 1], [positives, positives], named: "chance: \(numberLabel(positives))") }
      for curve in curves {
        let (x, y) = curve.steps
        line(x, y, named: curve.name ?? "model")
      }
    }
    plot.isSquare = true
    return plot
  }
}
