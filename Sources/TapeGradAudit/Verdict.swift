/// What a comparison comes to.
public enum Verdict: String, Sendable {
  /// The two agree.
  case right
  /// The two disagree.
  case wrong
  /// Neither: on a kink, a jump, a clamp or the border of the domain, where finite differences do not settle, and where a
  /// number is NaN or infinite.
  case undecided

  /// Wrong beats right, and right beats undecided.
  var severity: Int {
    switch self {
    case .undecided: 0
    case .right: 1
    case .wrong: 2
    }
  }
}
