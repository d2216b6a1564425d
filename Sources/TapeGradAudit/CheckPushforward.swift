import TapeGradCore

/// The two sides of `⟨ȳ, J·ẋ⟩ = ⟨Jᵀ·ȳ, ẋ⟩`, which differ: the pushforward is not the transpose of the pullback.
public struct PushforwardReport: Error, Sendable, CustomStringConvertible {
  /// `⟨ȳ, J·ẋ⟩`, by the pushforward.
  public let pushforward: Double
  /// `⟨Jᵀ·ȳ, ẋ⟩`, by the pullback.
  public let pullback: Double

  /// `pushforward check: ⟨ȳ, Jẋ⟩ = 1.5 by the pushforward, ⟨Jᵀȳ, ẋ⟩ = 1.25 by the pullback`.
  public var description: String {
    "pushforward check: ⟨ȳ, Jẋ⟩ = \(short(pushforward)) by the pushforward, "
      + "⟨Jᵀȳ, ẋ⟩ = \(short(pullback)) by the pullback"
  }
}

/// Compares the pushforward with the pullback, in a random direction that is always the same: `⟨ȳ, J·ẋ⟩ = ⟨Jᵀ·ȳ, ẋ⟩`,
/// exact to rounding, for functions of any number of results and for both scalar types.
///
/// A rule that is not linear in its cotangent, or that fails to be differentiated, does not pass. A rule that is wrong in
/// both directions alike does: that is what ``checkGradient(at:order:tolerance:limit:of:)`` is for.
///
/// - Parameters:
///   - x: where to compare.
///   - tolerance: relative to the sum of the magnitudes that each side adds up; some thousand ULP unless given.
///   - f: the function; its result may have any shape.
/// - Throws: a ``PushforwardReport`` with both sides; what `f` throws; the `TensorError` of an operation that did not fit.
public func checkPushforward<G: TensorGroup>(
  at x: G, tolerance: Double = 4000 * Double(G.Scalar.ulpOfOne), of f: (G) throws -> Tensor<G.Scalar>
) throws {
  let tangent = randomDirection(like: x)
  let (y, pushed) = try valueWithPushforward(at: x, along: tangent, of: f)
  let cotangent = randomDirection(like: y, seed: 2)
  let pulled = try valueWithPullback(at: x, of: f).pullback(cotangent)
  let forward = try innerProduct(cotangent, pushed).item.doubleValue
  let backward = try innerProduct(pulled, tangent).item.doubleValue
  let magnitude =
    try innerProduct(abs(cotangent), abs(pushed)).item.doubleValue
    + innerProduct(pulled.mapTensors { abs($0) }, tangent.mapTensors { abs($0) }).item.doubleValue
  guard abs(forward - backward) <= tolerance * magnitude else {
    throw PushforwardReport(pushforward: forward, pullback: backward)
  }
}
