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
      let cotangent = keepsAll ? cotangents.propagated[index] : cotangents.propagated[index].take()
      if node.pointee.isVaried, let cotangent {
        tape?.setOrigin(index)
        propagate(cotangent, through: primitive, node, base, keepsAll, &cotangents)
      }
      if !keepsAll { node.pointee.value.content = .released }
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
  _ cotangent: borrowing Value, through primitive: any Primitive, _ node: UnsafePointer<Node>,
  _ base: UnsafePointer<Node>, _ keepsAll: Bool, _ cotangents: inout Cotangents
) {
  let operands = node.pointee.operands
  withOperands(of: operands, base) { pointers in
    if type(of: primitive).hasJointRule {
      let all = primitive.cotangents(of: pointers, cotangent: cotangent, result: node)
      for (i, operand) in operands.enumerated() where base[operand].isVaried {
        accumulate(&cotangents.propagated[operand], all[i])
      }
      return
    }
    let reported = type(of: primitive).reportedOperand
    for i in 0..<pointers.count where base[operands[i]].isVaried {
      let operand = operands[i]
      if i != reported {
        let contribution = primitive.cotangent(of: i, pointers, cotangent: cotangent, result: node)
        accumulate(&cotangents.propagated[operand], contribution)
      } else if keepsAll {
        let contribution = primitive.cotangent(of: i, pointers, cotangent: cotangent, result: node)
        accumulate(&cotangents.reported[operand], contribution)
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

// A rule applied to values, whatever their scalar type.
extension Primitive {
  /// The cotangent of operand `i`, in that operand's shape.
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
    return all.enumerated().map { checked($1, for: operands[$0].pointee.shape, $0) }
  }

  /// Forgetting to sum over a broadcast axis is the commonest wrong rule: it does not pass.
  @inline(__always) private func checked(_ value: Value, for shape: Shape, _ i: Int) -> Value {
    if value.shape == shape, value.content.error == nil { return value }
    return mismatch(value, for: shape, i)
  }

  private func mismatch(_ value: Value, for shape: Shape, _ i: Int) -> Value {
    if value.content.error != nil { return value }
    let error = TensorError(
      "the derivative rule gave a cotangent of shape \(value.shape) for operand \(i) of shape \(shape)")
    return Value(failed: error.met(by: Self.name, operands: []))
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
