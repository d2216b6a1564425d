//   epoch 37 of at most 50, loss 0.2039, validation 0.4157, at most 1 s left, best in epoch 6
//
// What matters most comes first: a narrow terminal cuts the rest.
// On a terminal this line is updated up to ten times a second. In a file or a pipe it is a new line every five seconds,
// so that the log stays short. The time left is an upper limit: --patience usually ends a training earlier.

import TapeGrad

/// How a training comes on: one line that is updated on a terminal, a new line every few seconds elsewhere.
struct EpochReport {
  private let limit, firstEpoch: Int
  private let start = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?
  private var lastSaved: ContinuousClock.Instant?

  /// - Parameters:
  ///   - limit: the number of epochs at most.
  ///   - firstEpoch: how many epochs there were before.
  init(limit: Int, firstEpoch: Int) { (self.limit, self.firstEpoch) = (limit, firstEpoch) }

  /// Shows the last epoch, if the last time is long enough ago: drawing takes longer than a small epoch.
  mutating func show(_ history: TrainingHistory) {
    let now = ContinuousClock.now
    let pause = Terminal.showsProgress ? Duration.milliseconds(100) : .seconds(5)
    if let lastShown, now - lastShown < pause { return }
    guard let record = history.records.last, let best = history.best else { return }
    lastShown = now
    var parts = [
      "epoch \(record.epoch) of at most \(limit)", "loss \(short(record.loss, digits: 4))",
    ]
    if let loss = record.validationLoss {
      parts.append("validation \(short(loss, digits: 4))")
    }
    // An epoch takes as long as those before it, and there are no more than so many.
    let spent = (now - start) / .seconds(1)
    // A resumed training counts only its own epochs: those before took time in another process.
    let done = Double(record.epoch - firstEpoch)
    parts.append("at most \(Self.time(spent / max(done, 1) * Double(limit - record.epoch))) left")
    if record.validationLoss != nil { parts.append("best in epoch \(best.epoch)") }
    Terminal.showLine(parts.joined(separator: ", "), alsoElsewhere: true)
  }

  /// Whether some seconds have passed since the last time that this was true; true at first.
  var isTimeToSave: Bool {
    mutating get {
      let now = ContinuousClock.now
      // Writing may take longer than an epoch; five seconds are what one may lose.
      if let lastSaved, now - lastSaved <= .seconds(5) { return false }
      lastSaved = now
      return true
    }
  }

  /// `12 s`, `3 min`, `2.5 h`.
  private static func time(_ seconds: Double) -> String {
    if seconds < 120 { return "\(Int(seconds.rounded(.up))) s" }
    return seconds < 7200
      ? "\(Int((seconds / 60).rounded())) min" : "\(short(seconds / 3600, places: 1)) h"
  }
}
