// The one door through which every operation goes.

/// Applies a primitive: evaluates it, and records it on the youngest live tape among those of its operands.
func apply(_ primitive: any Primitive, _ x: borrowing Value) -> Value {
  withOperands(x) { apply(primitive, $0) }
}

func apply(_ primitive: any Primitive, _ x: borrowing Value, _ y: borrowing Value) -> Value {
  withOperands(x, y) { apply(primitive, $0) }
}

func apply(_ primitive: any Primitive, _ operands: [Value]) -> Value {
  withOperands(operands) { apply(primitive, $0) }
}

func apply(_ primitive: any Primitive, _ operands: OperandPointers) -> Value {
  var top = Place()
  var isSettled = true
  var isNested = false
  for operand in operands where operand.pointee.place.generation != 0 {
    let place = operand.pointee.place
    if !place.isAlive { isSettled = false }
    if operand.pointee.below != nil { isNested = true }
    if place.generation > top.generation {
      if top.generation != 0 { isNested = true }
      top = place
    } else if place.generation < top.generation {
      isNested = true
    }
  }
  if top.generation == 0 { return evaluate(primitive, operands) }
  if !isSettled { return apply(primitive, operands.map { $0.pointee.settled }) }

  // The value is computed by the same operation one tape below; how deep this recurs is how deep tapes nest.
  var result =
    isNested ? apply(primitive, operands.map { lowered($0.pointee, below: top) }) : evaluate(primitive, operands)
  if case .failed = result.content { return result }
  if let index = top.record(primitive, operands, value: result) { result.stand(on: top.at(index)) }
  return result
}

private func lowered(_ value: Value, below tape: Place) -> Value {
  var value = value
  if value.place.generation == tape.generation { value.descend() }
  return value
}

/// The value alone: checks the operands, asks the shape rule, runs the kernels.
func evaluate(_ primitive: any Primitive, _ operands: OperandPointers) -> Value {
  var isTraced = false
  for operand in operands {
    if operand.pointee.content.isStored { continue }
    if operand.pointee.content.error != nil { return operand.pointee.plain }
    isTraced = true
  }
  do throws(TensorError) {
    let type = try commonScalarType(operands)
    let shape = try primitive.shape(OperandShapes(operands))
    if let defect = shape.defect { throw TensorError("\(defect)") }
    if isTraced { return Value(traced: shape, type) }
    switch type {
    case .float: return Value(try primitive.evaluate(Operands<Float>(operands)))
    case .double: return Value(try primitive.evaluate(Operands<Double>(operands)))
    }
  } catch {
    return Value(failing: error, primitive, operands.map(\.pointee))
  }
}

@inline(__always)
private func commonScalarType(_ operands: OperandPointers) throws(TensorError) -> ScalarType {
  let type = operands[0].pointee.scalarType ?? .double
  for operand in operands.dropFirst() where operand.pointee.scalarType != type {
    throw TensorError("\(type) meets \(operand.pointee.scalarType ?? type)")
  }
  return type
}

extension Value {
  /// The name that the user gave the value on the youngest tape that knows one.
  var name: String? {
    var value = self
    while value.place.generation != 0 {
      let place = value.place
      if let name = place.withState({ $0.names[Int(place.index)] }) ?? nil { return name }
      value.descend()
    }
    return nil
  }
}
