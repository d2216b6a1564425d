/// A drawing in the format of the web: a file that browsers, GitHub and word processors show, as sharp at any size.
public struct SVG: Sendable, Equatable, CustomStringConvertible {
  /// The document.
  public let text: String

  /// The document.
  public var description: String { text }
}
