import TapeGradArrays

// Losses 0.7, 0.5, 0.3 and then 9: up to the least one they span 0.4. The axis goes from 0.3 − 0.02 to 0.7 + 0.12, so
// that the valley fills the figure. On an axis up to 9 it would be flat.

extension Plot {
  /// The loss that short trials reached at growing learning rates.
  ///
  /// - Parameters:
  ///   - rates: The learning rates, positive.
  ///   - losses: The loss at each of them. Where it explodes, the line leaves the figure at the top.
  ///   - chosen: The rate that was taken, if one was.
  ///   - symbol: What the loss is called.
  public static func learningRates<S: TensorScalar>(
    _ rates: [S], losses: [S], chosen: S? = nil, symbol: String = "J"
  ) -> Plot {
    let rates = doubles(rates), losses = doubles(losses)
    // The part up to the least loss decides the range: what comes after can be a thousand times as large.
    let least = losses.indices.filter { losses[$0].isFinite }.min { losses[$0] < losses[$1] }
    let before = losses[..<((least ?? -1) + 1)].filter(\.isFinite)
    var range: ClosedRange<Double>?
    if let low = before.min(), let high = before.max(), high > low, let most = losses.filter(\.isFinite).max() {
      range = low - 0.05 * (high - low)...min(high + 0.3 * (high - low), max(most, high))
    }
    var plot = Plot(
      title: "\(symbol) by learning rate", x: Axis("learning rate", scale: .logarithmic), y: Axis(symbol, range: range)
    ) {
      line(rates, losses)
      if let chosen { rule(x: chosen.doubleValue, named: "chosen: \(numberLabel(chosen.doubleValue))") }
    }
    if let least, rates.indices.contains(least) {
      plot.description = "\(symbol) is least, \(numberLabel(losses[least])), at the rate \(numberLabel(rates[least]))."
      if let chosen { plot.description += " The rate chosen is \(numberLabel(chosen.doubleValue))." }
    }
    return plot
  }
}
