// Markup is put together from texts. Whatever a user gave, a name, a label, a file name, goes through `markup` on its way,
// which also makes direction marks visible, so that a name can neither open an element nor turn a line around.

/// Text as HTML holds it, in elements and in attributes.
func markup(_ text: String) -> String { escaped(text).replacing("'", with: "&#39;") }

/// Text in which marks that turn the direction of what follows are unknown characters.
func directed(_ text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.map { isDirectionMark($0) ? "\u{FFFD}" : $0 }))
}

/// A table with a header, in a region that scrolls by itself where the page is narrow.
///
/// - Parameters:
///   - caption: what the table shows; in HTML.
///   - header: the header cells, in HTML.
///   - rows: the cells, in HTML; the first of each row is its header.
func htmlTable(_ caption: String, label: String, header: [String], rows: [[String]]) -> String {
  let head = header.map { "<th scope=\"col\">\($0)</th>" }.joined()
  let body = rows.map { cells in
    "<tr>" + cells.enumerated().map { $0 == 0 ? "<th scope=\"row\">\($1)</th>" : "<td>\($1)</td>" }.joined() + "</tr>\n"
  }
  return """
    <div class="scroll" role="region" tabindex="0" aria-label="\(markup(label))"><table><caption>\(caption)</caption>
    <thead><tr>\(head)</tr></thead>
    <tbody>
    \(body.joined())</tbody></table></div>

    """
}

/// A map of an array as a small drawing inside the page.
func htmlMap(_ thumbnail: Thumbnail, label: String, cell: Double = 8) -> String {
  let width = cell * Double(thumbnail.cells[0].count), height = cell * Double(thumbnail.cells.count)
  let paths = thumbnail.paths(in: Box(left: 0, top: 0, right: width, bottom: height))
  return "<svg class=\"map\" viewBox=\"0 0 \(decimal(width)) \(decimal(height))\" width=\"\(decimal(width))\" "
    + "height=\"\(decimal(height))\" role=\"img\" aria-label=\"\(markup(label))\" shape-rendering=\"crispEdges\">"
    + paths.map { "<path fill=\"\($0.color)\" d=\"\($0.path)\"/>" }.joined() + "</svg>"
}
