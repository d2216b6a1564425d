/// The cotangents that a reverse sweep leaves.
struct Cotangents: Sendable {
  /// What was propagated, node by node; nil where nothing arrived (or where it was let go after use).
  var propagated: ContiguousArray<Value?>
  /// What the rules of recognised pairs report for the nodes that they pass by. See `Primitive.reportedOperand`.
  var reported: [Int: Value] = [:]

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
  _ nodes: inout ContiguousArray<Node>, from seed: Int, cotangent: Value, keepsAll: Bool, recordedOn tape: Place? = nil
) -> Cotangents {
  var cotangents = Cotangents(propagated: ContiguousArray(repeating: nil, count: seed + 1))
  cotangents.propagated[seed] = cotangent
  nodes.withUnsafeMutableBufferPointer { nodes in
    guard let base = nodes.baseAddress else { return }
    for index in stride(from: seed, through: 0, by: -1) {
      let node = base + index
      guard let primitive = node.pointee.primitive else { continue }
      if node.pointee.isVaried, let cotangent = cotangents.propagated[index] {
        if !keepsAll { cotangents.propagated[index] = nil }
        tape?.setOrigin(index)
        propagate(cotangent, through: primitive, node, base, keepsAll, &cotangents)
      }
      if !keepsAll { node.pointee.value.content = .traced }
    }
  }
  tape?.setOrigin(-1)
  return cotangents
}

extension Place {
  fileprivate func setOrigin(_ index: Int) { _ = withState { $0.origin = Int32(truncatingIfNeeded: index) } }
}

/// Hands one node's cotangent to its operands.
private func propagate(
  _ cotangent: Value, through primitive: any Primitive, _ node: UnsafePointer<Node>, _ base: UnsafePointer<Node>,
  _ keepsAll: Bool, _ cotangents: inout Cotangents
) {
  let operands = node.pointee.operands
  withOperands(of: operands, base) { pointers in
    let rule = Rule(primitive: primitive, cotangent: cotangent, operands: pointers, result: node.pointee.value)
    if let all = rule.jointCotangents() {
      for (i, operand) in operands.enumerated() where base[operand].isVaried {
        accumulate(&cotangents.propagated[operand], all[i])
      }
      return
    }
    let reported = type(of: primitive).reportedOperand
    for i in 0..<operands.count where base[operands[i]].isVaried {
      let operand = operands[i]
      if i == reported {
        if keepsAll { accumulate(&cotangents.reported[operand], rule.cotangent(ofOperand: i)) }
      } else {
        accumulate(&cotangents.propagated[operand], rule.cotangent(ofOperand: i))
      }
    }
  }
}

@inline(__always) private func accumulate(_ sum: inout Value?, _ contribution: Value) {
  if let current = sum {
    sum = nil
    sum = apply(Add(), current, contribution)
  } else {
    sum = contribution
  }
}

/// Lends the values of a node's operands, in place.
@inline(__always) private func withOperands<R>(
  of list: NodeList, _ base: UnsafePointer<Node>, _ body: (OperandPointers) -> R
) -> R {
  func value(_ i: Int) -> UnsafePointer<Value> {
    (base + list[i]).pointer(to: \.value).unsafelyUnwrapped  // a stored property has an address
  }
  if list.count == 1 {
    return withUnsafePointer(to: value(0)) { body(OperandPointers(start: $0, count: 1)) }
  }
  return withUnsafeTemporaryAllocation(of: UnsafePointer<Value>.self, capacity: list.count) { pointers in
    for i in 0..<list.count { pointers.initializeElement(at: i, to: value(i)) }
    return body(OperandPointers(pointers))
  }
}

/// One application of a derivative rule, whatever the scalar type.
struct Rule {
  let primitive: any Primitive
  let cotangent: Value
  let operands: OperandPointers
  let result: Value

  /// The cotangent of operand `i`, in that operand's shape.
  func cotangent(ofOperand i: Int) -> Value {
    switch result.scalarType {
    case .float: checked(cotangent(ofOperand: i, as: Float.self), i)
    case .double: checked(cotangent(ofOperand: i, as: Double.self), i)
    }
  }

  /// The cotangents of all operands, where the primitive computes them together.
  func jointCotangents() -> [Value]? {
    switch result.scalarType {
    case .float: jointCotangents(as: Float.self)
    case .double: jointCotangents(as: Double.self)
    }
  }

  @inline(__always) private func cotangent<S: TensorScalar>(ofOperand i: Int, as _: S.Type) -> Value {
    primitive.vjp(i, cotangent: Tensor<S>(cotangent), operands: Operands(operands), result: Tensor<S>(result)).value
  }

  @inline(__always) private func jointCotangents<S: TensorScalar>(as _: S.Type) -> [Value]? {
    primitive.vjps(cotangent: Tensor<S>(cotangent), operands: Operands(operands), result: Tensor<S>(result))?
      .enumerated().map { checked($1.value, $0) }
  }

  /// Forgetting to sum over a broadcast axis is the commonest wrong rule: it does not pass.
  @inline(__always) private func checked(_ value: Value, _ i: Int) -> Value {
    let expected = operands[i].pointee.shape
    if value.shape == expected || value.content.error != nil { return value }
    let name = type(of: primitive).name
    let error = TensorError(
      "the derivative rule of \(name) gave a cotangent of shape \(value.shape) for operand \(i) of shape \(expected)")
    return Value(failed: error.met(by: name, operands: []), scalarType: value.scalarType)
  }
}
