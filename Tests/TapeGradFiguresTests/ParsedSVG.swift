import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import TapeGradFigures

/// A drawing as an XML parser reads it: nothing here knows how it was laid out.
final class ParsedSVG: NSObject, XMLParserDelegate {
  struct Text {
    var content = ""
    let x: Double
    let y: Double
    let anchor: String
    let size: Double
    var width = 0.0

    /// What the letters cover: from the ascenders to the descenders.
    var box: Box {
      let left = anchor == "middle" ? x - width / 2 : anchor == "end" ? x - width : x
      return Box(left: left, top: y - 0.75 * size, right: left + width, bottom: y + 0.2 * size)
    }
  }

  private(set) var isWellFormed = false
  private(set) var elements: Set<String> = []
  private(set) var attributes: Set<String> = []
  private(set) var texts: [Text] = []
  private(set) var title = ""
  private(set) var words = ""
  private(set) var size = (width: 0.0, height: 0.0)
  private var path: [String] = []
  private var sizes: [Double] = []

  init(_ svg: SVG) {
    super.init()
    let parser = XMLParser(data: Data(svg.text.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    path.append(name)
    elements.insert(name)
    self.attributes.formUnion(attributes.keys)
    func number(_ name: String) -> Double { attributes[name].flatMap(Double.init) ?? .nan }
    sizes.append(attributes["font-size"].flatMap(Double.init) ?? sizes.last ?? .nan)
    if path.count == 1, let box = attributes["viewBox"]?.split(separator: " ").compactMap({ Double($0) }),
      box.count == 4
    {
      size = (box[2], box[3])
    }
    if name == "text" {
      texts.append(
        Text(x: number("x"), y: number("y"), anchor: attributes["text-anchor"] ?? "start", size: number("font-size")))
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    switch path.last {
    case "title": title += string
    case "desc": words += string
    case "text", "tspan":
      texts[texts.count - 1].content += string
      texts[texts.count - 1].width += textWidth(string, size: sizes.last ?? .nan)
    default: break
    }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    path.removeLast()
    sizes.removeLast()
  }

  /// The first thing that is wrong with the texts: two that touch, or one that leaves the canvas; nil where all is well.
  var collision: String? {
    for (index, text) in texts.enumerated() {
      let box = text.box
      guard box.left >= 0, box.top >= 0, box.right <= size.width, box.bottom <= size.height else {
        return "'\(text.content)' leaves the canvas: \(box)"
      }
      if let other = texts[..<index].first(where: { $0.box.intersects(box) }) {
        return "'\(text.content)' touches '\(other.content)'"
      }
    }
    return nil
  }
}
