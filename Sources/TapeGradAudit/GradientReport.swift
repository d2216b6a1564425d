import TapeGradCore

/// What came of a gradient check: returned where the gradient is right; thrown where it is wrong, or where nothing could
/// be decided.
public struct GradientReport: Error, Sendable {
  /// The tensors' names in their group, and the check of each.
  public let checks: [(name: String, check: NumericalCheck)]
  /// The order of the derivative that was checked.
  public let order: Int

  /// Wrong where an element is; right where at least one is and none is wrong, or where there is no element at all;
  /// undecided otherwise.
  public var verdict: Verdict {
    if count(.wrong) > 0 { return .wrong }
    return count(.right) > 0 || checked == 0 ? .right : .undecided
  }

  /// Whether no element is wrong, and at least one could be decided.
  public var isRight: Bool { verdict == .right }

  /// The element that is most wrong, or, where none is, farthest from its numerical value.
  public var worst: (name: String, element: ElementCheck)? {
    checks.compactMap { name, check in check.worst.map { (name: name, element: $0) } }.max { a, b in
      (a.element.verdict.severity, a.element.excess) < (b.element.verdict.severity, b.element.excess)
    }
  }

  private var checked: Int { checks.reduce(0) { $0 + $1.check.elements.count } }
  private func count(_ verdict: Verdict) -> Int { checks.reduce(0) { $0 + $1.check.count(verdict) } }
}

extension GradientReport: CustomStringConvertible {
  /// `gradient check: wrong at W1[0, 2]: automatic 0.25, numerical 0.434191 ± 2e-13; wrong in 3 of 8 elements checked`.
  public var description: String {
    let title = order == 1 ? "gradient check" : "gradient check, order \(order)"
    guard let worst else { return title + ": right; there is no element" }
    let (element, name) = (worst.element, worst.name.isEmpty ? "x" : worst.name)
    let numbers = "\(name)\(element.index): automatic \(short(element.automatic)), numerical \(element.numerical)"
    let undecided = count(.undecided)
    let rest = undecided == 0 ? "" : ", \(undecided) undecided (\(Self.reasons))"
    switch verdict {
    case .right: return "\(title): right, the farthest element is \(numbers); \(checked) elements checked\(rest)"
    case .wrong: return "\(title): wrong at \(numbers); wrong in \(count(.wrong)) of \(checked) elements checked\(rest)"
    case .undecided: return "\(title): undecided in all \(checked) elements checked (\(Self.reasons)), as in \(numbers)"
    }
  }

  private static var reasons: String { "on a kink, at the border of the domain, or not finite" }
}
