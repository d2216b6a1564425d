/// What is likely wrong with a gradient derived by hand: the one change that turns the right gradient into it.
public enum Slip: Hashable, Sendable {
  /// It is n times too large, and a mean over n was taken after the node: a factor 1/n is missing.
  case meanMissing(Int)
  /// It is n times too small, and a mean over n was taken after the node: a factor 1/n stands twice.
  case meanTwice(Int)
  /// It is n times too large, for no reason on the tape.
  case tooLarge(Int)
  /// It is n times too small, for no reason on the tape.
  case tooSmall(Int)
  /// It is the negative.
  case signFlipped
  /// It is the transpose.
  case transposed
  /// It was not summed over the axes along which the node was broadcast: a bias has one gradient for all examples.
  case notSummed
  /// The derivative of this function was forgotten: it is the gradient by the function's result.
  case derivativeForgotten(of: String)
  /// The derivative of this function was taken at its result, f′(f(x)), and not at its argument, f′(x).
  case derivativeAtResult(of: String)
  /// The derivative of one function stands where that of another belongs.
  case derivative(of: String, insteadOf: String)
}

extension Slip: CustomStringConvertible {
  /// `1/400 missing`.
  public var description: String {
    switch self {
    case .meanMissing(let n): "1/\(n) missing"
    case .meanTwice(let n): "1/\(n) twice"
    case .tooLarge(let n): "\(n) × too large"
    case .tooSmall(let n): "\(n) × too small"
    case .signFlipped: "sign flipped"
    case .transposed: "transposed"
    case .notSummed: "not summed over the broadcast axis"
    case .derivativeForgotten(let name): "derivative of \(name) missing"
    case .derivativeAtResult(let name): "derivative of \(name) taken at its result"
    case .derivative(let name, let other): "derivative of \(name) instead of \(other)"
    }
  }
}
