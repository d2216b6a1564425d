import Foundation

/// The elements of a collection, with a bar that fills as a loop takes them:
///
///     for epoch in progress(0..<200, "epochs") { … }
///
/// The bar is drawn ten times a second at most. Where the loop is left early, it stays as it was.
public func progress<Elements: Collection>(_ elements: Elements, _ label: String = "") -> ProgressLoop<Elements> {
  ProgressLoop(elements: elements, label: label)
}

/// What ``progress(_:_:)`` returns, for a loop.
public struct ProgressLoop<Elements: Collection>: Sequence {
  fileprivate let elements: Elements, label: String

  /// Draws the empty bar, and begins.
  public func makeIterator() -> Iterator { Iterator(elements, label) }

  /// Hands out the elements, and draws the bar.
  public struct Iterator: IteratorProtocol {
    private var rest: Elements.Iterator, bar: ProgressBar, drawn: Date
    private let start = Date(), shown: Display

    fileprivate init(_ elements: Elements, _ label: String) {
      rest = elements.makeIterator()
      bar = ProgressBar(label: label, total: elements.count)
      shown = display(bar)
      drawn = start
    }

    /// The next element; nil at the end, when the bar is full.
    public mutating func next() -> Elements.Element? {
      let element = rest.next(), now = Date()
      if element == nil {
        // The time is left out: a loop that has ended shows the same whenever it is run.
        bar.secondsLeft = nil
        shown.update(bar)
      } else {
        if now.timeIntervalSince(drawn) >= 0.1 {
          drawn = now
          bar.secondsLeft = now.timeIntervalSince(start) / Double(Swift.max(bar.done, 1)) * Double(bar.total - bar.done)
          shown.update(bar)
        }
        bar.done += 1
      }
      return element
    }
  }
}

/// `epochs ████████████░░░░░░░░░░░░ 100 of 200, 3 s left`
private struct ProgressBar: CustomStringConvertible {
  let label: String, total: Int
  var done = 0, secondsLeft: Double?

  var description: String {
    let width = 24, filled = total == 0 ? width : width * done / total
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let time = secondsLeft.map { ", \(Int($0.rounded(.up))) s left" } ?? ""
    return (label.isEmpty ? "" : label + " ") + bar + " \(done) of \(total)" + time
  }
}
