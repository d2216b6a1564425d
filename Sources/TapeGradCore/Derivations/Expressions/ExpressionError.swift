// What is wrong with an expression, and where:
//
//   column 21: expected ')', found the end
//     mean((W*x + b - y)^2
//                         ^
//
// Of a long expression, the part around the place is shown, between two …

/// An expression that cannot be read or computed.
package struct ExpressionError: Error, CustomStringConvertible, Equatable {
  /// The expression.
  package let expression: String
  /// Where it goes wrong: how many characters stand before it.
  package let offset: Int
  /// What was expected, and what was found.
  package let message: String

  /// The message with its column, and the expression with a mark below it.
  package var description: String {
    let before = 40, shown = 80, characters = Array(expression)
    // From the start, where the end of the part would lie beyond that of the expression.
    let start = characters.count <= shown ? 0 : max(0, min(offset - before, characters.count - shown))
    let end = min(start + shown, characters.count)
    let part = (start > 0 ? "…" : "") + String(characters[start..<end]) + (end < characters.count ? "…" : "")
    let space = String(repeating: " ", count: offset - start + (start > 0 ? 1 : 0))
    return "column \(offset + 1): \(message)\n  \(part)\n  \(space)^"
  }
}
