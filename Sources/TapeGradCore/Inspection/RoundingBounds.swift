/// How far rounding may have put each number of a snapshot off the truth: a running error analysis.
///
/// Rounding is relative to the terms of a sum and not to the sum: 0.5 − 0.5 may come out as 1e-17 in one order of
/// operations and as 0 in another, and neither is wrong. So each node gets a bound of its own, element by element, from
/// the bounds of its operands. For `y = f(x)`:
/// ```
/// bound(y) = |f(x ± bound(x)) − f(x)|     what the operands' errors do to the result
///          + 2u·|y|                       the rounding of f itself
/// bound(y) = f(|x| + bound(x)) − f(|x|)   of a linear f: every term with its magnitude, so that no two cancel
///          + 2u·√n·f(|x|)                 with n terms in each sum
/// ```
/// Leaves are exact. A step function whose argument lies within its error of the step has the bound ∞.
///
/// N. J. Higham: Accuracy and Stability of Numerical Algorithms, 2nd edition, SIAM 2002, section 3.3.
package struct RoundingBounds: Sendable {
  private let bounds: [Value]
  private let cotangents: [Int?]
  private let result: Int

  /// Follows rounding through the computation and its reverse sweep.
  package init(_ snapshot: Snapshot) {
    var bounds: [Value] = []
    for (index, node) in snapshot.nodes.enumerated() {
      let operands = node.operands.map { (value: snapshot.nodes[$0].value.detached, bound: bounds[$0]) }
      // The rules avoid cancellations that the textbook's formula for them has. Who derives by hand has them.
      bounds.append(bound(of: node, operands, isTextbookCounted: index > snapshot.result))
    }
    self.bounds = bounds
    cotangents = snapshot.cotangents
    result = snapshot.result
  }

  /// A bound for the rounding error of the gradient with respect to a node.
  package func ofGradient<S>(by node: Int, as _: S.Type = S.self) -> NDArray<S>? {
    cotangents[node].map { bounds[$0].array() }
  }

  /// A bound for the rounding error of the result.
  package var ofResult: Double {
    switch bounds[result].scalarType ?? .double {
    case .float: bounds[result].array(Float.self).scalars.first.map(Double.init) ?? 0
    case .double: bounds[result].array(Double.self).scalars.first ?? 0
    }
  }
}

private func bound(of node: Node, _ operands: [(value: Value, bound: Value)], isTextbookCounted: Bool) -> Value {
  switch node.value.scalarType ?? .double {
  case .float: Value(bound(of: node, operands, isTextbookCounted, as: Float.self))
  case .double: Value(bound(of: node, operands, isTextbookCounted, as: Double.self))
  }
}

private func bound<S: TensorScalar>(
  of node: Node, _ operands: [(value: Value, bound: Value)], _ isTextbookCounted: Bool, as _: S.Type
) -> NDArray<S> {
  guard let primitive = node.primitive else { return .zeros(node.value.shape) }
  let application = Application<S>(
    primitive: primitive, operands: operands.map { $0.value.array() }, bounds: operands.map { $0.bound.array() },
    result: node.value.detached.array())
  let bound = application.bound
  guard isTextbookCounted, let textbook = application.boundByFormula else { return bound }
  return maximum(bound, textbook)
}

/// A primitive applied to operands whose errors are bounded.
///
/// Of y = a/b, where a may be off by α and b by β, the bound is, element by element,
/// ```
/// 2u·|y| + |(a ± α)/b − a/b| + |a/(b ± β) − a/b|
/// ```
private struct Application<S: TensorScalar> {
  let primitive: any Primitive
  let operands: [NDArray<S>]
  let bounds: [NDArray<S>]
  let result: NDArray<S>

  var bound: NDArray<S> {
    var bound = abs(result) * (2 * S.ulpOfOne)
    if primitive is any Linear || primitive is any Bilinear {
      bound = maximum(bound, boundOfTerms)
    }
    for i in operands.indices { bound = bound + response(toErrorsOf: i) }
    return bound
  }

  /// For a primitive that sums products: the rounding of its terms, by their magnitudes.
  private var boundOfTerms: NDArray<S> {
    let magnitudes = operands.map { abs($0) }
    guard let terms = value(of: magnitudes) else { return result * .infinity }
    let count = Double(operands.map(\.count).max() ?? 0) / Double(max(result.count, 1))
    var bound = abs(terms) * (2 * S.ulpOfOne * S(max(count, 1).squareRoot()))
    for i in operands.indices {
      var moved = magnitudes
      moved[i] = moved[i] + bounds[i]
      guard let movedTerms = value(of: moved) else { return result * .infinity }
      bound = bound + abs(movedTerms - terms)
    }
    return bound
  }

  /// How far the result moves when operand `i` moves by its bound: up or down, element by element, and the reverse.
  private func response(toErrorsOf i: Int) -> NDArray<S> {
    if bounds[i].maximumIsZero { return .zeros(result.shape) }
    var generator = SeededGenerator(seed: UInt64(i + 1))
    let signs = NDArray<S>(shape: bounds[i].shape) { signs in
      for offset in 0..<bounds[i].count { signs[offset] = generator.next() & 1 == 0 ? 1 : -1 }
    }
    var response: NDArray<S>?
    for step: S in [1, -1] {
      guard let moved = value(moving: i, by: signs * bounds[i] * step) else { continue }  // outside the domain
      var change = abs(moved - result)
      if !type(of: primitive).isDifferentiable, let half = value(moving: i, by: signs * bounds[i] * (step / 2)) {
        // A step function moves at once or not at all.
        let isConstant = (half.isEqual(to: moved) + half.isEqual(to: result)).isGreater(than: 0)
        change = select(
          isConstant * change.isGreater(than: 0), NDArray(S.infinity).broadcast(to: change.shape), change)
      }
      response = response.map { maximum($0, change) } ?? change
    }
    return response ?? NDArray(S.infinity).broadcast(to: result.shape)
  }

  /// The result when an operand is moved; nil where that leaves the domain.
  private func value(moving i: Int, by step: NDArray<S>) -> NDArray<S>? {
    var moved = operands
    moved[i] = moved[i] + step
    return value(of: moved)
  }

  /// The primitive on these operands; nil where it refuses them.
  private func value(of operands: [NDArray<S>]) -> NDArray<S>? {
    try? Tensor<S>(apply(primitive, operands.map { Value($0) })).array
  }

  /// The bound for the textbook's formula, where the primitive stands for several operations (1 − tanh² x, σ(x) − y);
  /// nil where it does not, or the formula has no numbers here.
  var boundByFormula: NDArray<S>? {
    let names = operands.indices.map { "operand \($0)" }
    let formula = primitive.formula(names.map { .symbol($0) })
    guard formula.depth > 1 else { return nil }
    let position = Recorder.open()
    defer { Recorder.close(position) }
    let leaves = operands.map { Tensor<S>(position.leaf(Value($0), isVaried: true)) }
    guard let value = try? formula.evaluated(Dictionary(uniqueKeysWithValues: zip(names, leaves))),
      let index = value.value.index(onTape: position.generation)
    else { return nil }
    let nodes = Recorder.close(position)
    var all = bounds.map { Value($0) }
    for node in nodes.prefix(through: index).dropFirst(operands.count) {
      let operands = node.operands.map { (value: nodes[$0].value.detached, bound: all[$0]) }
      all.append(TapeGradCore.bound(of: node, operands, isTextbookCounted: false))
    }
    let bound = all[index].array(S.self)
    return bound.shape == result.shape ? bound : nil
  }
}

extension NDArray {
  fileprivate var maximumIsZero: Bool { count == 0 || maximum().scalars[0] == 0 }

  fileprivate func isGreater(than number: Scalar) -> NDArray { NDArray(number).broadcast(to: shape).isLess(than: self) }
}
