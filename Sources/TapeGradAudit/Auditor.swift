// How a node is judged. Of J = Σ tanh(Z), Z = W·x, with a rule of tanh that is wrong:
//
//   node   tape and differences         by hand and tape                verdict
//   Z      differ, differences settle   differ; differences side        wrong, the rule of tanh
//   W      differ                       with what is by hand            wrong, inherited from Z
//
// A wrong gradient is followed back, from a node to the users that handed it its cotangent, as long as theirs is wrong
// too: the last one's rule is to blame, not all that came after it. Where differences do not settle (a kink, a NaN),
// nobody is blamed.
//
// Every distance is compared with what rounding explains (RoundingBounds), so that two right orders of summation do not
// count as a disagreement.

import TapeGradCore

/// Checks the nodes of a snapshot one by one, remembering which it has checked.
struct Auditor<S: TensorScalar> {
  private let snapshot: Snapshot
  /// The computation in Double, of which differences are taken; nil where it has no values there.
  private let replayed: Snapshot?
  private let bounds: RoundingBounds
  private let handDerived: [Int: NDArray<S>]
  private var convention = Convention.partialDerivatives
  private let tolerance: Double
  private let limit: Int
  private var checks: [Int: NumericalCheck] = [:]

  /// How many times the bound of first order a difference must exceed to be more than rounding.
  private static var safety: S { 4 }

  init(
    _ snapshot: Snapshot, handDerived: [Int: NDArray<S>], convention: Convention?, tolerance: Double, limit: Int,
    bounds: RoundingBounds? = nil
  ) {
    self.snapshot = snapshot
    self.handDerived = handDerived
    self.tolerance = tolerance
    self.limit = limit
    replayed = try? snapshot.recomputedInDouble()
    self.bounds = bounds ?? RoundingBounds(snapshot)
    self.convention = convention ?? (isExplained(by: .partialDerivatives) ? .partialDerivatives : .perExample)
    if convention == nil, !isExplained(by: self.convention) { self.convention = .partialDerivatives }
  }

  /// The name of what is differentiated.
  var resultName: String { snapshot.name(of: snapshot.result) ?? "J" }

  /// The whole audit.
  mutating func audit(value: Double) throws -> Audit {
    let rows = try snapshot.reached.compactMap { node in try snapshot.name(of: node).map { try row(node, $0) } }
    return Audit(
      result: resultName, value: value, scalarType: S.scalarType, rows: rows, firstNonFinite: snapshot.firstNonFinite,
      snapshot: snapshot, handDerived: handDerived.mapValues { $0.converted(to: Double.self) }, tolerance: tolerance)
  }

  /// What there is to say about a node.
  mutating func row(_ node: Int, _ name: String) throws -> Audit.Row {
    let gradient: NDArray<S> = snapshot.gradient(of: node)
    let count = exampleCount(of: node, in: convention)
    let distance = handDerived[node].map { byHand in
      HandDistance(
        byHand / S(count ?? 1), from: gradient, bounds: rounding(of: node), tolerance: tolerance)
    }
    let numerical = try check(node, doubting: Set(distance?.doubtful.prefix(HandDistance<S>.limit) ?? []))
    let hand = distance?.check(against: numerical, exampleCount: count) { byHand in
      Slip(from: gradient, to: byHand, near: surroundings(of: node))
    }
    var fault: Audit.Fault?
    if numerical?.verdict == .wrong {
      fault = try origin(of: node)
    } else if let hand, hand.verdict == .wrong {
      fault = .handDerived(hand.slip)
    }
    return Audit.Row(
      node: node, name: name, shape: gradient.shape, rules: rules(of: node), numerical: numerical, handDerived: hand,
      element: element(of: node, numerical, hand), fault: fault,
      firstNonFinite: snapshot.firstNonFinite(inGradientOf: node))
  }

  /// The element to show.
  private func element(of node: Int, _ numerical: NumericalCheck?, _ hand: HandCheck?) -> Audit.Element? {
    let gradient: NDArray<S> = snapshot.gradient(of: node)
    let worstByHand = hand?.worst.map { gradient.shape.indices(at: $0) }
    let isWrongByHand = hand?.verdict == .wrong && numerical?.verdict != .wrong
    guard let index = (isWrongByHand ? worstByHand : nil) ?? numerical?.worst?.index ?? worstByHand else { return nil }
    let offset = gradient.shape.offset(of: index)
    let byHand = handDerived[node].flatMap { $0.shape == gradient.shape ? $0.scalars[offset].doubleValue : nil }
    return Audit.Element(
      index: index, automatic: gradient.scalars[offset].doubleValue, handDerived: byHand,
      numerical: numerical?.elements.first { $0.index == index }?.numerical)
  }
}

// The tape's own gradient.
extension Auditor {
  /// What rounding may have done to each element of a node's gradient.
  private func rounding(of node: Int) -> NDArray<S> {
    bounds.ofGradient(by: node).map { $0 * Self.safety } ?? .zeros(snapshot.shape(of: node))
  }

  /// The tape's gradient compared with finite differences; nil where there are none.
  private mutating func check(_ node: Int, doubting doubted: Set<Int> = []) throws -> NumericalCheck? {
    if let check = checks[node] { return check }
    guard let replayed else { return nil }
    let replay = Replay(replayed, replacing: node)
    let gradient: NDArray<S> = snapshot.gradient(of: node)
    let check = try NumericalCheck(
      gradient.converted(to: Double.self), at: replayed.numbers(of: node),
      elements: Set(sampled(gradient.count, limit: limit)).union(doubted).sorted(), tolerance: tolerance,
      bounds: rounding(of: node).converted(to: Double.self), unit: Double(S.ulpOfOne),
      rounding: bounds.ofResult * Double.ulpOfOne / Double(S.ulpOfOne), doubted: doubted
    ) { numbers in
      try numberOrNaN { try replay.value(with: numbers) }
    }
    checks[node] = check
    return check
  }

  /// Follows a wrong gradient to where it came from: to the first wrong node with a name, or to the rule that is wrong.
  private mutating func origin(of node: Int) throws -> Audit.Fault {
    var node = node
    while let source = try snapshot.users(of: node).first(where: { try check($0)?.verdict == .wrong }) {
      if let name = snapshot.name(of: source) { return .inherited(from: name) }
      node = source
    }
    return .rule(rules(of: node).joined(separator: " or "))
  }

  private func rules(of node: Int) -> [String] {
    var rules: [String] = []
    for rule in snapshot.users(of: node).reversed().compactMap({ snapshot.operation(of: $0) })
    where !rules.contains(rule) {
      rules.append(rule)
    }
    return rules
  }
}

// Gradients derived by hand: the convention they follow, and what may have gone wrong.
extension Auditor {
  /// m, where a gradient by this node is `m·∂J/∂v` in a convention: of what was computed, for each of m columns.
  private func exampleCount(of node: Int, in convention: Convention) -> Int? {
    guard convention == .perExample, snapshot.operation(of: node) != nil,
      let count = snapshot.shape(of: node).dimensions.last, count > 1
    else { return nil }
    return count
  }

  /// Whether everything derived by hand is about right in a convention, one that the tape's means explain.
  private func isExplained(by convention: Convention) -> Bool {
    handDerived.allSatisfy { node, byHand in
      let gradient: NDArray<S> = snapshot.gradient(of: node)
      guard byHand.shape == gradient.shape, byHand.count > 0 else { return byHand.shape == gradient.shape }
      let m = exampleCount(of: node, in: convention)
      if let m, !snapshot.means(after: node).contains(where: { $0.divides(by: m) }) { return false }
      let distance = abs(byHand - gradient * S(m ?? 1)).maximum().scalars[0].doubleValue
      let bound = rounding(of: node).maximum().scalars[0].doubleValue
      return distance <= 1e-4 * abs(byHand).maximum().scalars[0].doubleValue + bound * Double(m ?? 1)
    }
  }

  /// What may explain a slip at a node.
  private func surroundings(of node: Int) -> Surroundings<S> {
    let users = snapshot.users(of: node)
    var surroundings = Surroundings<S>(
      means: snapshot.means(after: node), resultShapes: users.map { snapshot.shape(of: $0) })
    guard users.count == 1, let user = users.first, let name = snapshot.operation(of: user) else {
      return surroundings
    }
    // y = f(x), element by element: what f′ may have been taken for.
    let x: NDArray<S> = snapshot.numbers(of: node), y: NDArray<S> = snapshot.numbers(of: user)
    let cotangent: NDArray<S> = snapshot.gradient(of: user)
    guard let slope = snapshot.derivative(ofFunctionAt: user, at: y), slope.shape == x.shape else {
      return surroundings
    }
    surroundings.slips = [
      (.derivativeForgotten(of: name), cotangent), (.derivativeAtResult(of: name), cotangent * slope),
    ]
    for (other, f) in activations() where other != name {
      guard let slope = try? gradient(at: Tensor(x), of: { f($0).sum() }).array else { continue }
      surroundings.slips.append((.derivative(of: other, insteadOf: name), cotangent * slope))
    }
    return surroundings
  }

  /// The activations that are taken for each other.
  private func activations() -> [(name: String, function: (Tensor<S>) -> Tensor<S>)] {
    [("sigmoid", { sigmoid($0) }), ("tanh", { tanh($0) }), ("relu", { relu($0) }), ("softplus", { softplus($0) })]
  }
}
