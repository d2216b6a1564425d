// The one door through which every operation goes.
//
// An operation happens on the youngest tape of its operands, and its value is computed by the same operation one tape below.
// With x on an outer tape A and y on an inner tape B, x·y is node of B, whose value is x·(y's value), a node of A, whose value
// is an array. So an outer gradient sees what an inner one does, and tapes never mix.
//
//   apply ─ masks ─ applied ─┬─ no live tape: evaluate
//                            └─ applied one tape below, then recorded on this one
//
// `evaluate` is where numbers are made: shape rule, kernels, and a failed value instead of an exception.

/// Applies a primitive: evaluates it, and records it on the youngest live tape among those of its operands.
func apply(_ primitive: any Primitive, _ x: borrowing Value) -> Value {
  withOperands(x) { apply(primitive, $0) }
}

/// For two operands, which need no array.
func apply(_ primitive: any Primitive, _ x: borrowing Value, _ y: borrowing Value) -> Value {
  withOperands(x, y) { apply(primitive, $0) }
}

/// For any number of operands.
func apply(_ primitive: any Primitive, _ operands: [Value]) -> Value {
  withOperands(operands) { apply(primitive, $0) }
}

/// For operands that are lent in place. Nearly none has a mask, so those that do are left to a function of their own.
func apply(_ primitive: any Primitive, _ operands: OperandPointers) -> Value {
  let result = applied(primitive, operands)
  for operand in operands where operand.pointee.content.isMasked {
    return carryingMask(primitive, operands, result)
  }
  return result
}

/// The result, with a note of where it is used, if the operation carries such notes along (see StructuralZeros.swift).
@inline(never)
private func carryingMask(_ primitive: any Primitive, _ operands: OperandPointers, _ result: Value) -> Value {
  guard let carrying = primitive as? any MaskCarrying, let mask = carrying.mask(operands.map { $0.pointee }) else {
    return result
  }
  return result.masked(by: mask)
}

/// The application itself, without masks: those of the operands stand on the same tapes as the operands do.
private func applied(_ primitive: any Primitive, _ operands: OperandPointers) -> Value {
  var top = Position()
  // One pass over the operands finds the youngest tape, whether any of theirs is gone, and whether there are others below.
  var isOnLiveTapes = true
  var isNested = false
  for operand in operands where operand.pointee.position.generation != 0 {
    let position = operand.pointee.position
    if !position.isAlive { isOnLiveTapes = false }
    if operand.pointee.outer != nil { isNested = true }
    if position.generation > top.generation {
      if top.generation != 0 { isNested = true }
      top = position
    } else if position.generation < top.generation {
      isNested = true
    }
  }
  if top.generation == 0 { return evaluate(primitive, operands) }
  if !isOnLiveTapes {
    return withOperands(operands.map { $0.pointee.onLiveTapes }) { applied(primitive, $0) }
  }

  // The value is computed by the same operation one tape below; how deep this recurs is how deep tapes nest. Below a sealed
  // tape nothing is recorded, where a shape is all that is computed.
  var result =
    isNested && !top.isSealed
    ? withOperands(operands.map { lowered($0.pointee, below: top) }) { applied(primitive, $0) }
    : evaluate(primitive, operands)
  // A failed operation is not recorded: it has no shape that others could use.
  if case .failed = result.content { return result }
  if let index = top.record(primitive, operands, value: result) { result.record(on: top.at(index)) }
  return result
}

/// The value as it stands one tape below; one that is not on the tape stays as it is.
private func lowered(_ value: Value, below tape: Position) -> Value {
  var value = value
  if value.position.generation == tape.generation { value.popTape() }
  return value
}

/// The value alone: checks the operands, asks the shape rule, runs the kernels.
func evaluate(_ primitive: any Primitive, _ operands: OperandPointers) -> Value {
  // The first operand that failed is the result: an error travels unchanged. One that is traced has a shape and no numbers,
  // and so has the result.
  var isTraced = false
  for operand in operands {
    if operand.pointee.content.isStored { continue }
    if operand.pointee.content.error != nil { return operand.pointee.detached }
    isTraced = true
  }
  do throws(TensorError) {
    let type = try commonScalarType(primitive, operands)
    let shape = try primitive.shape(OperandShapes(operands))
    if let defect = shape.defect { throw TensorError("\(defect)") }
    if isTraced { return Value(traced: shape, type) }
    let result =
      switch type {
      case .float: Value(try primitive.evaluate(OperandArrays<Float>(operands)))
      case .double: Value(try primitive.evaluate(OperandArrays<Double>(operands)))
      }
    guard result.shape == shape else {
      throw TensorError("the shape rule says \(shape), and the evaluation gave \(result.shape)")
    }
    return result
  } catch {
    return Value(failing: error, primitive, operands.map(\.pointee))
  }
}

/// The scalar type that all operands share. (What takes indices may have them in another type, and says that they may.)
@inline(__always)
private func commonScalarType(
  _ primitive: any Primitive, _ operands: OperandPointers
) throws(TensorError) -> ScalarType {
  let type = operands[0].pointee.scalarType ?? .double
  for operand in operands.dropFirst() where operand.pointee.scalarType != type && !(primitive is any TakesIndices) {
    throw TensorError("the operands are \(type) and \(operand.pointee.scalarType ?? type)")
  }
  return type
}

extension Value {
  /// The name that the user gave the value on the youngest tape that knows one.
  var name: String? {
    var value = self
    while value.position.generation != 0 {
      let position = value.position
      if let name = position.withState({ $0.names[Int(position.index)] }) ?? nil { return name.text }
      value.popTape()
    }
    return nil
  }
}
