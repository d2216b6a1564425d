import TapeGradCore

/// What came of a gradient check: returned where the gradient is right, thrown where it is wrong.
public struct GradientReport: Error, Sendable {
  /// The tensors' names in their group, and the check of each.
  public let checks: [(name: String, check: NumericalCheck)]
  /// The order of the derivative that was checked.
  public let order: Int

  /// Whether no element is wrong.
  public var isRight: Bool { checks.allSatisfy { $0.check.verdict != .wrong } }

  /// The element that is most wrong, or, where none is, farthest from its numerical value.
  public var worst: (name: String, element: ElementCheck)? {
    let worst = checks.compactMap { name, check in check.worst.map { (name: name, element: $0) } }
    let wrong = worst.filter { $0.element.verdict == .wrong }
    return (wrong.isEmpty ? worst : wrong).max { $0.element.excess < $1.element.excess }
  }

  private func count(_ verdict: Verdict) -> Int { checks.reduce(0) { $0 + $1.check.count(verdict) } }
}

extension GradientReport: CustomStringConvertible {
  /// `gradient check: wrong at W1[0, 2]: automatic 0.25, numerical 0.434191 ± 2e-13; wrong in 3 of 8 elements checked`.
  public var description: String {
    var text = order == 1 ? "gradient check" : "gradient check, order \(order)"
    text += isRight ? ": right" : ": wrong"
    if let worst {
      let (element, name) = (worst.element, worst.name.isEmpty ? "x" : worst.name)
      text += isRight ? ", the farthest element is " : " at "
      text += "\(name)\(element.index): automatic \(short(element.automatic)), numerical \(element.numerical)"
    }
    let checked = checks.reduce(0) { $0 + $1.check.elements.count }
    text += isRight ? "; \(checked) elements checked" : "; wrong in \(count(.wrong)) of \(checked) elements checked"
    let undecided = count(.undecided)
    return undecided == 0 ? text : text + ", \(undecided) undecided (on a kink, or at the border of the domain)"
  }
}
