import TapeGradArrays

extension PlotGrid {
  /// Automatic against numerical derivatives, element by element, with the errors that the numerical ones may have.
  ///
  /// On the left both numbers, which lie on the diagonal where they agree; on the right their difference, which is within
  /// its bar where the numerical derivative does not contradict.
  ///
  /// - Parameters:
  ///   - automatic: Derivatives by the tape.
  ///   - numerical: Finite differences, one for each automatic derivative.
  ///   - bounds: How far each of them may be wrong.
  ///   - name: What the derivatives are of: `∂J/∂W1`.
  public static func gradientComparison<S: TensorScalar>(
    automatic: [S], numerical: [S], bounds: [S], of name: String = ""
  ) -> PlotGrid {
    let automatic = doubles(automatic), numerical = doubles(numerical), bounds = doubles(bounds)
    let differences = zip(automatic, numerical).map { $0 - $1 }
    let count = min(differences.count, bounds.count)
    // NaN is neither within nor beyond: such a comparison decides nothing, and is counted apart.
    let within = (0..<count).filter { differences[$0].magnitude <= bounds[$0] }
    let beyond = (0..<count).filter { differences[$0].magnitude > bounds[$0] }
    let undecided = count - within.count - beyond.count
    // A point for each element, with its number of the tape across and that of finite differences upwards.
    func both(_ places: [Int], _ name: String) -> Mark {
      points(places.map { automatic[$0] }, places.map { numerical[$0] }, errors: places.map { bounds[$0] }, named: name)
    }
    func difference(_ places: [Int], _ name: String) -> Mark {
      points(places.map(Double.init), places.map { differences[$0] }, errors: places.map { bounds[$0] }, named: name)
    }
    // The diagonal, where both are equal, from the least number to the greatest.
    let all = (automatic + numerical).filter { $0.isFinite }
    let names = ("within the bound", "beyond the bound")
    let left = Plot(title: "numerical by automatic", x: Axis("automatic"), y: Axis("numerical")) {
      if let low = all.min(), let high = all.max(), count > 0 { guide([low, high], [low, high]) }
      both(within, names.0)
      if !beyond.isEmpty { both(beyond, names.1) }
    }
    let right = Plot(title: "their difference, by element", x: Axis("element"), y: Axis("automatic − numerical")) {
      if count > undecided { rule(y: 0) }
      difference(within, names.0)
      if !beyond.isEmpty { difference(beyond, names.1) }
    }
    var grid = PlotGrid(
      title: "Gradient\(name.isEmpty ? "" : " \(name)"), automatic and numerical", plots: [left, right])
    grid.description =
      "\(within.count) of \(count) automatic derivatives are within the bounds of the numerical ones"
      + (beyond.isEmpty ? "" : ", \(beyond.count) are not") + (undecided == 0 ? "." : ", \(undecided) are undecided.")
    grid.subtitle = grid.description
    return grid
  }
}
