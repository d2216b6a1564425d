// What is wrong with an expression, and where:
//
//   column 21: expected ')', found the end
//     mean((W*x + b - y)^2
//                         ^

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
    "column \(offset + 1): \(message)\n  \(expression)\n  \(String(repeating: " ", count: offset))^"
  }
}
