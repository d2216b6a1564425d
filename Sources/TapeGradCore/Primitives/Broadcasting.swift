// Broadcasting to a larger shape. Its transpose, the sum, stands in Reductions.swift.
//
//   z = x + b, x (4, 3), b (3)        recorded as    b′ = broadcast b to (4, 3);  z = x + b′
//   z̄ (4, 3)                          b̄′ = z̄,  then  b̄ = the sum of b̄′ over its 4 rows
//
// The operator inserts the broadcast as a node of its own. So the rule of + is for equal shapes, and no rule can forget
// to sum over what was repeated: that is in one place, the transpose below.

/// `y = x` broadcast to a larger shape: axes of length 1 and missing first axes repeat.
struct Broadcast: Linear, Computed {
  static let name = "broadcast"
  let target: Shape

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    guard target.defect != nil || operands[0].broadcasts(to: target) else {
      throw TensorError("it does not broadcast to \(target)")
    }
    return target
  }

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.broadcast(x[0], to: target)
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.applying(Sum(target: operandShape))
  }

  func formula(_ x: [Formula]) -> Formula { .implicit(self, x[0]) }
}

/// Applies an operation on operands of one shape, with an explicit broadcast where their shapes differ.
func applyBroadcasting(_ primitive: any Primitive, _ a: borrowing Value, _ b: borrowing Value) -> Value {
  if a.shape == b.shape { return apply(primitive, a, b) }
  do {
    let shape = try Shape.broadcast(a.shape, b.shape)
    return apply(primitive, repeated(a, to: shape), repeated(b, to: shape))
  } catch {
    return Value(failing: TensorError(error), primitive, [copy a, copy b])
  }
}

private func repeated(_ value: borrowing Value, to shape: Shape) -> Value {
  value.shape == shape ? copy value : apply(Broadcast(target: shape), value)
}

extension Value {
  /// The failed value of an operation whose operands do not fit; or the first of them that had failed already.
  init(failing error: TensorError, _ primitive: any Primitive, _ operands: [Value]) {
    if let failed = operands.first(where: { $0.content.error != nil }) {
      self = failed
      return
    }
    let described = operands.map { TensorError.Operand(shape: $0.shape, name: $0.name) }
    self.init(failed: error.within(operation: type(of: primitive).name, operands: described))
  }
}

extension Tensor {
  /// Applies an operation on operands of one shape, with an explicit broadcast where their shapes differ.
  @inline(__always) static func broadcasting(_ primitive: some Primitive, _ a: Tensor, _ b: Tensor) -> Tensor {
    Tensor(applyBroadcasting(primitive, a.value, b.value))
  }

  init(failing error: ShapeError, _ primitive: some Primitive, _ operands: [Tensor]) {
    self.init(failing: TensorError(error), primitive, operands)
  }

  init(failing error: TensorError, _ primitive: some Primitive, _ operands: [Tensor]) {
    self.init(Value(failing: error, primitive, operands.map { $0.value }))
  }

  /// The tensor broadcast to a larger shape: axes of length 1 and missing first axes repeat. Its transpose is the sum.
  public func broadcast(to shape: Shape) -> Tensor {
    shape == self.shape ? self : rearranged(by: Broadcast(target: shape))
  }
}
