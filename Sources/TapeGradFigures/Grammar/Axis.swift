/// One axis of a plot.
///
/// ```swift
/// Plot(title: "Loss by rate", x: Axis("learning rate", scale: .logarithmic), y: Axis("J")) { … }
/// ```
public struct Axis: Sendable {
  /// What the numbers are, with their unit: `time (s)`. It stands at the end of the axis.
  public var title: String
  /// How numbers become positions.
  public var scale: ScaleKind
  /// The numbers from end to end; what lies beyond is cut off. Nil to show all of the data.
  public var range: ClosedRange<Double>?

  /// An axis with a title, such as `time (s)`, and all of the data unless a range is given.
  public init(_ title: String = "", scale: ScaleKind = .linear, range: ClosedRange<Double>? = nil) {
    self.title = title
    self.scale = scale
    self.range = range
  }
}
