// A name is where a user says what a node is, and so the cheapest place to learn where it is in the source:
//
//   let Z1 = (matmul(W1, x) + b1).named("Z1")     at compile time, `named` is handed "Model/Model.swift" and 17
//
// Neither costs anything while it is recorded; what a page shows is "Model.swift:17". A node without a name has a place only
// on a tape that keeps all of them (CallSite).

/// The name of a node, and where in the source it was given.
struct NodeName: Sendable {
  let text: String
  private let file: StaticString
  private let line: UInt

  /// A name given at a place; none where `line` is 0, as for one that is copied from another node.
  init(_ text: String, file: StaticString = "", line: UInt = 0) {
    (self.text, self.file, self.line) = (text, file, line)
  }

  /// `Model.swift:17`; nil where nobody knows.
  var place: String? {
    if line == 0 { return nil }
    let path = file.description
    return "\(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]):\(line)"
  }
}
