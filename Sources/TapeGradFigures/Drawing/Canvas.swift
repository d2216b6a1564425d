// The canvas is 640 units wide and 400 high, with the origin at the top left:
//
//     (0, 0) ───────────────────────▶ x           (640, 0)
//       │
//       │          "0.5", anchor end, size 12
//       │     ┌──────┐ ── y − 9.6
//       │     │ 0.5  │
//       │     │──────● ── (x, y): the baseline's end
//       │     └──────┘ ── y + 2.64
//       ▼
//       y     16.68 wide
//     (0, 400)                                    (640, 400)
//
// A `Label` knows its box before it is drawn, so that a layout can test two texts for an overlap. Elements are drawn in
// the order in which they are added: later ones cover earlier ones. Every attribute is written on the element itself,
// without style sheets: a drawing is then shown the same when it stands inside a page that has styles of its own.

/// A rectangle of the canvas; y grows downwards.
struct Box {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }

  /// Whether the two have a point in common inside both; boxes that touch at an edge have none.
  func intersects(_ other: Box) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }
}

/// Where a text is fixed.
enum Anchor: String {
  case start, middle, end
}

/// A text with its place.
struct Label {
  var text: String
  var x: Double
  /// The baseline.
  var y: Double
  var anchor = Anchor.start
  var size = 12.0
  var color = Ink.quiet

  /// What the text may cover: letters rise to 0.8 of the size above the baseline and fall to 0.22 below it.
  var box: Box {
    let width = textWidth(text, size: size)
    let left = anchor == .start ? x : anchor == .middle ? x - width / 2 : x - width
    return Box(left: left, top: y - 0.8 * size, right: left + width, bottom: y + 0.22 * size)
  }

  /// Shifted as little as brings it between two sides.
  func within(_ left: Double, _ right: Double) -> Label {
    var shifted = self
    shifted.x += max(left - box.left, 0) + min(right - max(box.right, left + box.width), 0)
    return shifted
  }
}

/// The elements of a drawing, written one after the other with presentation attributes only.
struct Canvas {
  static let size = Box(left: 0, top: 0, right: 640, bottom: 400)
  private var elements: [String] = []

  /// The drawing as a document, with its name and what it shows in words.
  ///
  /// - Parameter size: what is seen of the canvas; more than the usual height for drawings that grow with their contents.
  func document(title: String, description: String, size: Box = Canvas.size) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(decimal(size.width)) \(decimal(size.height))" width="100%" \
    role="img" font-family="Helvetica, Arial, Liberation Sans, sans-serif">
    <title>\(escaped(title))</title>
    <desc>\(escaped(description))</desc>
    <rect width="\(decimal(size.width))" height="\(decimal(size.height))" fill="\(Ink.background)"/>
    \(elements.map { $0 + "\n" }.joined())</svg>

    """
  }

  /// Adds a text.
  mutating func draw(_ label: Label) {
    // An empty title makes no element, so that it needs no test where it is placed.
    guard !label.text.isEmpty else { return }
    let anchor = label.anchor == .start ? "" : " text-anchor=\"\(label.anchor.rawValue)\""
    elements.append(
      "<text x=\"\(decimal(label.x))\" y=\"\(decimal(label.y))\" font-size=\"\(decimal(label.size))\""
        + " fill=\"\(label.color)\"\(anchor)>\(marked(label.text, size: label.size))</text>")
  }

  /// Adds a filled rectangle.
  mutating func fill(_ box: Box, _ color: String, opacity: Double = 1) {
    elements.append(
      "<rect x=\"\(decimal(box.left))\" y=\"\(decimal(box.top))\" width=\"\(decimal(box.width))\""
        + " height=\"\(decimal(box.height))\" fill=\"\(color)\"\(attribute("fill-opacity", opacity))/>")
  }

  /// A filled outline. Crisp ones meet without a seam.
  mutating func fill(path: String, _ color: String, opacity: Double = 1, stroke: String? = nil, isCrisp: Bool = false) {
    elements.append(
      "<path d=\"\(path)\" fill=\"\(color)\"\(attribute("fill-opacity", opacity))"
        + (stroke.map { " stroke=\"\($0)\"" } ?? "") + (isCrisp ? " shape-rendering=\"crispEdges\"" : "") + "/>")
  }

  /// A point. Its edge in the background's color parts it from its neighbors.
  mutating func fill(_ marker: Marker, x: Double, y: Double, radius: Double, _ color: String) {
    if marker == .circle {
      elements.append(
        "<circle cx=\"\(decimal(x))\" cy=\"\(decimal(y))\" r=\"\(decimal(radius))\" fill=\"\(color)\""
          + " stroke=\"\(Ink.background)\"/>")
    } else {
      fill(path: marker.path(x, y, radius: radius), color, stroke: Ink.background)
    }
  }

  /// Adds a line along a path, with round ends and corners, so that two points at the same place are a dot.
  mutating func stroke(path: String, _ color: String, width: Double, dash: String? = nil) {
    elements.append(
      "<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(decimal(width))\""
        + " stroke-linecap=\"round\" stroke-linejoin=\"round\""
        + (dash.map { " stroke-dasharray=\"\($0)\"" } ?? "") + "/>")
  }

  /// Adds a straight line, 1 unit wide, as grids and axes have them.
  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ color: String, dash: String? = nil) {
    elements.append(
      "<line x1=\"\(decimal(x1))\" y1=\"\(decimal(y1))\" x2=\"\(decimal(x2))\" y2=\"\(decimal(y2))\" stroke=\"\(color)\""
        + (dash.map { " stroke-dasharray=\"\($0)\"" } ?? "") + "/>")
  }

  /// What `draw` adds is cut off at the edges of a box. (An inner `svg` needs no name, as a clip path would.)
  mutating func clipped(to box: Box, _ draw: (inout Canvas) -> Void) {
    let place = [box.left, box.top, box.width, box.height].map(decimal)
    elements.append(
      "<svg x=\"\(place[0])\" y=\"\(place[1])\" width=\"\(place[2])\" height=\"\(place[3])\""
        + " viewBox=\"\(place.joined(separator: " "))\">")
    draw(&self)
    elements.append("</svg>")
  }

  /// An attribute with a space before it.
  private func attribute(_ name: String, _ value: Double) -> String {
    // 1 is what a viewer takes where the attribute is missing.
    value == 1 ? "" : " \(name)=\"\(decimal(value))\""
  }

  /// Raised digits are written as small ones on a higher line, since few fonts have all of them.
  private func marked(_ text: String, size: Double) -> String {
    var result = "", rest = text[...]
    while !rest.isEmpty {
      let plain = rest.prefix { superscripts[$0] == nil }
      rest = rest[plain.endIndex...]
      let raised = String(rest.prefix { superscripts[$0] != nil }.compactMap { superscripts[$0] })
      rest = rest.dropFirst(raised.count)
      result += escaped(String(plain))
      guard !raised.isEmpty else { continue }
      let up = decimal(-0.36 * size), down = decimal(0.36 * size)
      result += "<tspan dy=\"\(up)\" font-size=\"\(decimal(superscriptScale * size))\">\(raised)</tspan>"
      // The shift holds for what follows, so it is taken back there.
      if let next = rest.first {
        result += "<tspan dy=\"\(down)\">\(escaped(String(next)))</tspan>"
        rest.removeFirst()
      }
    }
    return result
  }
}

/// A number with at most three decimals.
func decimal(_ value: Double) -> String {
  // Here 0.5 is `0.5`, 12 is `12`, and −0.0004 is `0`: without an exponent, a locale or a negative zero, so that the
  // same plot gives the same bytes everywhere.
  let thousandths = Int((value * 1000).rounded()), size = thousandths.magnitude
  var text = "\(size / 1000)"
  if size % 1000 != 0 {
    var digits = String("\(1000 + size % 1000)".dropFirst())
    while digits.last == "0" { digits.removeLast() }
    text += "." + digits
  }
  return thousandths < 0 ? "-" + text : text
}

/// Text as XML holds it. Characters that XML does not have, and marks that turn the direction of what follows, are shown as
/// unknown ones.
func escaped(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result.append(contentsOf: "&amp;".unicodeScalars)
    case "<": result.append(contentsOf: "&lt;".unicodeScalars)
    case ">": result.append(contentsOf: "&gt;".unicodeScalars)
    case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
    case "\t", "\n", "\r": result.append(" ")
    case _ where scalar.value < 0x20 || scalar.value & 0xFFFE == 0xFFFE || isDirectionMark(scalar):
      result.append("\u{FFFD}")
    default: result.append(scalar)
    }
  }
  return String(result)
}

/// Whether the text behind the character is written in another direction.
func isDirectionMark(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x061C: true
  default: false
  }
}
