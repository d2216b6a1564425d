import TapeGradArrays

extension Plot {
  /// The loss of each epoch, on the training data and on others, and where it was best.
  ///
  /// ```swift
  /// let plot = Plot.lossCurves(training: losses, validation: validationLosses)
  /// ```
  ///
  /// A loss that falls by more than a factor of 100 gets a logarithmic axis.
  ///
  /// - Parameters:
  ///   - training: The loss of each epoch.
  ///   - validation: The same on data that were not trained on; empty where there are none.
  ///   - first: The number of the first epoch.
  ///   - best: The number of the epoch whose network was kept. Without it, the one with the least validation loss.
  ///   - symbol: What the loss is called.
  public static func lossCurves<S: TensorScalar>(
    training: [S], validation: [S] = [], from first: Int = 1, best: Int? = nil, symbol: String = "J"
  ) -> Plot {
    let training = doubles(training), validation = doubles(validation)
    let finite = (training + validation).filter(\.isFinite)
    // A fall from 0.69 to 0.005, a factor of 138: on a linear axis all epochs but the first ones would lie on its
    // bottom.
    let isWide = finite.allSatisfy { $0 > 0 } && (finite.max() ?? 1) > 100 * (finite.min() ?? 1)
    let least = validation.indices.filter { validation[$0].isFinite }.min { validation[$0] < validation[$1] }
    let best = best.map { $0 - first } ?? least
    let epochs = (0..<max(training.count, validation.count)).map { Double(first + $0) }
    // After its last finite loss, training has diverged.
    let end = training.lastIndex(where: \.isFinite).map { $0 + 1 }
    var plot = Plot(
      title: "\(symbol) by epoch", x: Axis("epoch"), y: Axis(symbol, scale: isWide ? .logarithmic : .linear)
    ) {
      line(epochs, training, named: "training")
      if !validation.isEmpty { line(epochs, validation, named: "validation") }
      if let end, end < training.count { rule(x: epochs[end], named: "not finite from epoch \(first + end) on") }
      if let best {
        rule(x: Double(first + best), named: "best: epoch \(first + best)")
        if validation.indices.contains(best) { points([epochs[best]], [validation[best]], named: "validation") }
      }
    }
    plot.description = lossSentences(training, validation, from: first, best, symbol)
    return plot
  }

  /// The figure in words: "J falls from 0.69 to 0.05 in 100 epochs."
  private static func lossSentences(
    _ training: [Double], _ validation: [Double], from first: Int, _ best: Int?, _ symbol: String
  ) -> String {
    guard let start = training.firstIndex(where: \.isFinite), let end = training.lastIndex(where: \.isFinite) else {
      return ""
    }
    let (initial, last, count) = (numberLabel(training[start]), numberLabel(training[end]), first + end)
    let verb = training[end] < training[start] ? "falls" : "rises"
    var text = "\(symbol) \(verb) from \(initial) to \(last) in \(count) epoch\(count == 1 ? "" : "s")."
    // Compared as they are written: "falls from 0.693 to 0.693" would say nothing.
    if initial == last { text = "\(symbol) is \(last)\(end == start ? "" : " at first and after \(count) epochs")." }
    if end + 1 < training.count { text += " It is not finite from epoch \(first + end + 1) on." }
    if let last = validation.last(where: \.isFinite) { text += " On validation data it ends at \(numberLabel(last))." }
    if let best {
      let value = validation.indices.contains(best) ? ", where validation had \(numberLabel(validation[best]))" : ""
      text += " The best was epoch \(first + best)\(value)."
    }
    return text
  }
}
