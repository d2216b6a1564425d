// An audit as a table (Audit+Table), a row for each named node in the order in which the backward pass reaches them, and
// one sentence: "All 7 nodes are right.", or "First wrong: " and the row. The element of a row is the one that is
// farthest off, which says most about what is wrong.

import TapeGradCore

extension Audit: CustomStringConvertible {
  /// The rows as a table, and what to make of them.
  public var description: String { table + "\n\n" + conclusion }

  /// What to make of the rows, in a sentence or two.
  public var conclusion: String {
    if let firstWrong { return "First wrong: \(firstWrong)" }
    if rows.isEmpty { return "There is nothing to judge: no node between the variables and \(result) has a name." }
    let undecided = rows.filter { $0.verdict == .undecided }
    if undecided.isEmpty { return rows.count == 1 ? "\(rows[0].name) is right." : "All \(rows.count) nodes are right." }
    let names = undecided.map(\.name).joined(separator: ", ")
    let text = undecided.count == rows.count ? "Undecided: \(names)." : "Nothing is wrong; undecided: \(names)."
    return firstNonFinite.map { text + " The first number that is not finite: \($0)." } ?? text
  }
}

extension Audit.Row: CustomStringConvertible {
  /// `Z1: the rule of tanh; at [0, 3] automatic 0.25, numerical 0.434191 ± 2e-13`.
  public var description: String {
    var text = name + ": " + (fault?.description ?? verdict.rawValue)
    if let handDerived, handDerived.shape != shape {
      text += "; of shape \(handDerived.shape), for a node of shape \(shape)"
    }
    if let element {
      text += "; at \(element.index) automatic \(short(element.automatic))"
      if let handDerived = element.handDerived { text += ", by hand \(short(handDerived))" }
      if let numerical = element.numerical { text += ", numerical \(numerical)" }
    }
    return text
  }
}
