// Reverse mode on a list of nodes. For J = Σ (x·y + x), recorded as 0 x, 1 y, 2 x·y, 3 (2 + x), 4 Σ:
//
//   node   its cotangent when its turn comes      what its rule adds
//   4 Σ    1                                      to 3: 1, broadcast
//   3 +    1s                                     to 2: 1s;  to 0: 1s
//   2 ·    1s                                     to 0: y, which makes y + 1;  to 1: x
//
// Users of a node have larger indices than the node, so all that it gets has arrived when the loop reaches it. That is the
// invariant of the sweep: behind `index`, every cotangent is complete.

/// The cotangents that a reverse sweep leaves.
struct Cotangents: Sendable {
  /// What was propagated, node by node; nil where nothing arrived (or where it was let go after use).
  var propagated: ContiguousArray<Value?>
  /// What the rules of recognized pairs report for the nodes that they pass by. See `Primitive.reportedOperand`.
  var reported: [Int: Value] = [:]

  /// Nothing yet, for so many nodes.
  init(count: Int) {
    // `init(repeating: nil, count:)` would copy the optional value for each node.
    propagated = ContiguousArray(unsafeUninitializedCapacity: count) { buffer, initializedCount in
      for index in 0..<count { buffer.initializeElement(at: index, to: nil) }
      initializedCount = count
    }
  }

  /// The cotangent of a node; nil where the result does not depend on it.
  func total(_ index: Int) -> Value? {
    guard index < propagated.count else { return nil }
    guard let reported = reported[index] else { return propagated[index] }
    return propagated[index].map { apply(Add(), $0, reported) } ?? reported
  }
}

/// The reverse sweep: from node `seed` back to the leaves, each node hands its cotangent through its rule to its
/// operands, where the contributions of all uses add up.
///
/// The rules are written with tensors. On node values that stand on no live tape they leave nothing behind; on values
/// that do (outer gradients, a derivation), the sweep is recorded there like any computation.
///
/// - Parameters:
///   - keepsAll: whether the cotangents of inner nodes are wanted too. Where not, each value and each cotangent is let
///     go as soon as it has been used.
///   - tape: the tape that the sweep is recorded on with origins, where somebody will read it.
func reverseSweep(
  _ nodes: inout ContiguousArray<Node>, from seed: Int, cotangent: Value, keepsAll: Bool,
  recordedOn tape: Position? = nil
) -> Cotangents {
  var cotangents = Cotangents(count: seed + 1)
  cotangents.propagated[seed] = cotangent
  nodes.withUnsafeMutableBufferPointer { nodes in
    guard let base = nodes.baseAddress else { return }
    for index in stride(from: seed, through: 0, by: -1) {
      let node = base + index
      guard let primitive = node.pointee.primitive else { continue }
      // Taken out where nobody will ask for it again: its memory goes back to the pool when the rule is done.
      let cotangent = keepsAll ? cotangents.propagated[index] : cotangents.propagated[index].take()
      if node.pointee.isVaried, let cotangent {
        // Whatever the rule records from here on says that this node is its origin.
        tape?.setOrigin(index)
        propagate(cotangent, through: primitive, node, base, keepsAll, &cotangents)
      }
      // Nearly every sweep reports nothing; looking a node up in a dictionary takes as long as a small rule.
      if !cotangents.reported.isEmpty, let reported = cotangents.reported[index], primitive is any Linear {
        passOn(reported, through: primitive, node, base, &cotangents)
      }
      // Users come later in the list and have been visited: no rule reads this value any more.
      if !keepsAll { node.pointee.value.content = .released }
    }
  }
  tape?.setOrigin(-1)
  return cotangents
}

extension Position {
  fileprivate func setOrigin(_ index: Int) { _ = withState { $0.origin = Int32(truncatingIfNeeded: index) } }
}

// Operands that depend on no variable get none: their part of the rule is not computed at all.

/// Hands one node's cotangent to its operands.
private func propagate(
  _ cotangent: borrowing Value, through primitive: any Primitive, _ node: UnsafePointer<Node>,
  _ base: UnsafePointer<Node>, _ keepsAll: Bool, _ cotangents: inout Cotangents
) {
  let operands = node.pointee.operands
  withOperands(of: operands, base) { pointers in
    let reported: Int
    switch type(of: primitive).derivativeRule {
    // Piecewise constant operations stop the sweep.
    case .zero: return
    case .joint:
      let all = primitive.cotangents(of: pointers, cotangent: cotangent, result: node)
      for (i, operand) in operands.enumerated() where base[operand].isVaried {
        accumulate(&cotangents.propagated[operand], all[i])
      }
      return
    case .byOperand: reported = -1
    // A recognized pair, such as a cross-entropy of a sigmoid: it hands ∂J/∂logits on, and ∂J/∂a is for whoever asks.
    case .reporting(let operand): reported = operand
    }
    for i in 0..<pointers.count where base[operands[i]].isVaried {
      let operand = operands[i]
      if i == reported, !keepsAll { continue }  // nobody will ask for it
      var contribution = primitive.cotangent(of: i, pointers, cotangent: cotangent, result: node)
      // Parts of a loop's cotangent are for its rule only (StateRows.swift).
      if case .parts(let parts) = contribution.content, keepsAll || !(base[operand].primitive is Loop) {
        contribution = parts.whole
      }
      if i == reported {
        accumulate(&cotangents.reported[operand], contribution)
      } else {
        accumulate(&cotangents.propagated[operand], contribution)
      }
    }
  }
}

/// Hands a reported cotangent through a change of shape, to what the shape was changed of.
private func passOn(
  _ reported: Value, through primitive: any Primitive, _ node: UnsafePointer<Node>, _ base: UnsafePointer<Node>,
  _ cotangents: inout Cotangents
) {
  let operand = node.pointee.operands[0]
  let contribution = withOperands(of: node.pointee.operands, base) {
    primitive.cotangent(of: 0, $0, cotangent: reported, result: node)
  }
  accumulate(&cotangents.reported[operand], contribution)
}

/// Adds a contribution to what has arrived. The first one is kept as it is: no sum begins with a zero.
@inline(__always) private func accumulate(_ sum: inout Value?, _ contribution: Value) {
  if let current = sum {
    sum = nil
    sum = current.adding(contribution)
  } else {
    sum = contribution
  }
}

extension Value {
  /// The sum of two contributions. Parts stay parts.
  @inline(__always) fileprivate func adding(_ other: Value) -> Value {
    guard case .parts(let parts) = content else { return apply(Add(), self, other.whole) }
    guard case .parts(let others) = other.content else { return apply(Add(), parts.whole, other) }
    return Value(content: .parts(parts.adding(others)))
  }
}

/// Lends the values of a node's operands, in place.
@inline(__always) private func withOperands<R>(
  of list: NodeList, _ base: UnsafePointer<Node>, _ body: (OperandPointers) -> R
) -> R {
  func value(_ i: Int) -> UnsafePointer<Value> {
    (base + list[i]).pointer(to: \.value).unsafelyUnwrapped  // a stored property has an address
  }
  // Most operations have one operand or two; the first need no list of pointers.
  if list.count == 1 {
    return withUnsafePointer(to: value(0)) { body(OperandPointers(start: $0, count: 1)) }
  }
  return withUnsafeTemporaryAllocation(of: UnsafePointer<Value>.self, capacity: list.count) { pointers in
    for i in 0..<list.count { pointers.initializeElement(at: i, to: value(i)) }
    return body(OperandPointers(pointers))
  }
}

// A rule applied to values, whatever their scalar type.
extension Primitive {
  /// The cotangent of operand `i`, in that operand's shape.
  // A rule is generic over the scalar type and a node is not: here the type, which the value knows, becomes a parameter.
  @inline(never)
  fileprivate func cotangent(
    of i: Int, _ operands: OperandPointers, cotangent: borrowing Value, result: UnsafePointer<Node>
  ) -> Value {
    let contribution =
      switch result.pointee.value.scalarType ?? .double {
      case .float: typedCotangent(of: i, operands, cotangent, result, as: Float.self)
      case .double: typedCotangent(of: i, operands, cotangent, result, as: Double.self)
      }
    return checked(contribution, for: operands[i].pointee.shape, i)
  }

  /// The cotangents of all operands, from a rule that computes them together.
  fileprivate func cotangents(
    of operands: OperandPointers, cotangent: borrowing Value, result: UnsafePointer<Node>
  ) -> [Value] {
    let all =
      switch result.pointee.value.scalarType ?? .double {
      case .float: typedCotangents(of: operands, cotangent, result, as: Float.self)
      case .double: typedCotangents(of: operands, cotangent, result, as: Double.self)
      }
    guard all.count == operands.count else {
      let error = TensorError("the derivative rule gave \(all.count) cotangents for \(operands.count) operands")
      return operands.map { _ in Value(failed: error.within(operation: Self.name, operands: [])) }
    }
    return all.enumerated().map { checked($1, for: operands[$0].pointee.shape, $0) }
  }

  /// Forgetting to sum over a broadcast axis is the commonest wrong rule: it does not pass.
  // A cotangent has its operand's shape: for x (3, 1) + y (1, 4), x̄ is (3, 1), the sum over the broadcast axis.
  @inline(__always) private func checked(_ value: Value, for shape: Shape, _ i: Int) -> Value {
    if value.shape == shape { return value }
    return mismatch(value, for: shape, i)
  }

  private func mismatch(_ value: Value, for shape: Shape, _ i: Int) -> Value {
    if value.content.error != nil { return value }
    let error = TensorError(
      "the derivative rule gave a cotangent of shape \(value.shape) for operand \(i) of shape \(shape)")
    return Value(failed: error.within(operation: Self.name, operands: []))
  }

  @inline(__always) private func typedCotangent<S: TensorScalar>(
    of i: Int, _ operands: OperandPointers, _ cotangent: borrowing Value, _ result: UnsafePointer<Node>, as _: S.Type
  ) -> Value {
    vjp(
      i, cotangent: Tensor<S>(copy cotangent), operands: Operands(operands), result: Tensor<S>(result.pointee.value)
    ).value
  }

  @inline(__always) private func typedCotangents<S: TensorScalar>(
    of operands: OperandPointers, _ cotangent: borrowing Value, _ result: UnsafePointer<Node>, as _: S.Type
  ) -> [Value] {
    vjps(cotangent: Tensor<S>(copy cotangent), operands: Operands(operands), result: Tensor<S>(result.pointee.value))
      .map { $0.value }
  }
}
