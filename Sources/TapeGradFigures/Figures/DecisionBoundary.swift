import TapeGradArrays

// The way from a model to the figure: the two features, or coordinates in the plane of the principal components, are
// widened by a twentieth on each side; 141 × 91 points of that rectangle go to the model in one call; `ScoreField`
// turns their scores into 140 × 90 cells with a class each, and the lines between the classes; the examples are drawn
// above both.

extension Plot {
  /// Which class a model predicts where, with the examples that it learnt from.
  ///
  /// Two features are the axes. Of more, the plane of the two ``PrincipalComponents`` is shown, and the figure says so: it
  /// is the cut of the boundary with this plane, onto which the examples are projected.
  ///
  /// ```swift
  /// let plot = try Plot.decisionBoundary(features: rows, labels: labels, classes: ["benign", "malignant"]) { x in
  ///   let probability = try network(Tensor(NDArray(x))).scalars
  ///   return [probability]
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - features: Features as rows, examples as columns; at least two rows.
  ///   - labels: The class of each example: 0, 1, …
  ///   - classes: The names of the classes.
  ///   - names: The names of the features.
  ///   - scores: For features of any number of examples, a score of each class as a row, the predicted class having the
  ///     greatest; or a single row with the probability of class 1.
  /// - Throws: What `scores` throws.
  public static func decisionBoundary<S: TensorScalar, Failure: Error>(
    features: [[S]], labels: [Int], classes: [String], names: [String] = [],
    scores: (_ features: [[S]]) throws(Failure) -> [[S]]
  ) throws(Failure) -> Plot {
    let isPlane = features.count != 2
    let plane = isPlane ? PrincipalComponents(features) : nil
    let (us, vs) = plane?.coordinates(of: features) ?? (doubles(features[0]), doubles(features[1]))
    let title = "Decision boundary"
    guard let u = Extent(of: us, on: .linear)?.widened, let v = Extent(of: vs, on: .linear)?.widened else {
      return Plot(title: title) {}
    }
    let width = 140, height = 90
    let grid = (0...height).flatMap { row in
      (0...width).map { column in (u.at(Double(column) / Double(width)), v.at(Double(row) / Double(height))) }
    }
    let (gridU, gridV) = (grid.map(\.0), grid.map(\.1))
    let points2 = plane?.features(u: gridU, v: gridV) ?? [gridU, gridV]
    var rows = try scores(points2.map { $0.map { S($0) } }).map(doubles)
    // One probability p is a score of class 1, and 1 − p that of class 0: equal at 0.5, where the border is.
    if rows.count == 1 { rows.insert(rows[0].map { 1 - $0 }, at: 0) }
    let field = ScoreField(scores: rows, width: width, height: height)
    let regions = Mark.Regions(
      x: u.low...u.high, y: v.low...v.high, cells: field.cells(),
      borders: field.borders().map { (u.at($0.x1), v.at($0.y1), u.at($0.x2), v.at($0.y2)) })

    let axes =
      plane.map { plane in
        plane.shares.enumerated().map {
          "principal component \($0.offset + 1) (\(numberLabel(100 * $0.element, digits: 2)) % of the variance)"
        }
      } ?? (0..<2).map { $0 < names.count ? names[$0] : "feature \($0 + 1)" }
    var plot = Plot(
      title: title, x: Axis(axes[0], range: u.low...u.high), y: Axis(axes[1], range: v.low...v.high)
    ) {
      Mark(shape: .regions(regions), isSeries: false)
      for (index, name) in classes.enumerated() {
        let members = labels.indices.filter { labels[$0] == index && $0 < min(us.count, vs.count) }
        points(members.map { us[$0] }, members.map { vs[$0] }, named: name)
      }
    }
    if isPlane { plot.subtitle = "\(features.count) features, on the plane of their first two principal components" }
    let shares = classes.indices.map { index in
      let share = Double(regions.cells.joined().count { $0 == index }) / Double(max(width * height, 1))
      return "\(classes[index]) in \(numberLabel(100 * share, digits: 2)) % of the area shown"
    }
    plot.description = "The model predicts \(shares.joined(separator: ", "))."
    return plot
  }
}

extension Extent {
  /// With a twentieth more on both sides.
  fileprivate var widened: Extent {
    let room = (high - low) / 20
    // Not beyond what has a position.
    return union([max(low - room, -1e300), min(high + room, 1e300)])
  }

  fileprivate func at(_ share: Double) -> Double { low + share * (high - low) }
}
