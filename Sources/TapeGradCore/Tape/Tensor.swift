/// A value, and, where it was recorded, its place on a tape.
///
/// One type serves training and inference, inside and outside a gradient. Operations are evaluated at once, so a tensor
/// can be printed and Swift's own control flow used; whether anything is recorded depends on the operands alone.
///
/// Operations that do not fit give a failed tensor instead of stopping the process; see ``TensorError``. Mixing scalar
/// types in one formula makes the compiler give up on the formula ("unable to type-check").
public struct Tensor<Scalar: TensorScalar>: Sendable {
  var value: Value

  init(_ value: Value) { self.value = value }

  /// The tensor with the elements of an array.
  public init(_ array: NDArray<Scalar>) { value = Value(array) }

  /// The lengths of the axes. A failed tensor has none: each axis of its shape reads as 0, and whatever is made of the
  /// shape fails too.
  public var shape: Shape { value.shape }

  /// Whether a live tape records what is computed from this tensor.
  public var isRecorded: Bool { value.onLiveTapes.position.generation != 0 }

  /// Whether the tensor has a shape but no numbers, because a function is being traced.
  public var isTraced: Bool { value.content.isTraced }

  /// The tensor itself, if it is not failed.
  ///
  /// - Throws: the error that a failed tensor carries.
  @discardableResult public func validated() throws(TensorError) -> Tensor {
    if let error = value.content.error { throw error }
    value.require()
    return self
  }

  /// The numbers as an array.
  ///
  /// - Throws: `TensorError` where there are none: the tensor is failed, or being traced.
  public var array: NDArray<Scalar> {
    get throws(TensorError) {
      try validated()
      if isTraced {
        throw TensorError("numbers are asked for while the function is traced: a program records shapes, not numbers")
          .within(operation: "scalars", operands: [])
      }
      value.noteReading()
      return value.array()
    }
  }

  /// The elements in row-major order.
  ///
  /// - Throws: `TensorError` where there are none: the tensor is failed, or being traced.
  public var scalars: [Scalar] {
    get throws(TensorError) { try array.scalars }
  }

  /// The only element.
  ///
  /// - Throws: `TensorError` where there is none, or more than one.
  public var item: Scalar {
    get throws(TensorError) {
      let scalars = try array.scalars
      guard let item = scalars.first, scalars.count == 1 else {
        throw TensorError("a tensor of shape \(shape) is not a single number").within(operation: "item", operands: [])
      }
      return item
    }
  }

  /// Gives the tensor's node a name, on every tape that records it, which errors, tapes, derivations and plans show.
  /// Nothing happens to a plain tensor.
  ///
  /// - Parameters:
  ///   - name: what it is called, `Z1`.
  ///   - file: the file that names it; pages show it beside the name.
  ///   - line: the line in that file.
  @discardableResult public func named(_ name: String, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    named(NodeName(name, file: file, line: line))
  }

  /// Gives the tensor's node a name that another node has.
  @discardableResult func named(_ name: NodeName) -> Tensor {
    var level = value
    while level.position.generation != 0 {
      let position = level.position
      _ = position.withState { $0.names[Int(position.index)] = name }
      level.popTape()
    }
    return self
  }

  /// The tensor as a plain value: recorded nowhere, remembering no logits.
  var detached: Tensor { Tensor(value.detached) }
}

extension Tensor {
  /// Applies an operation of one operand.
  public func applying(_ primitive: some Primitive) -> Tensor { Tensor(apply(primitive, value)) }

  /// Applies an operation of two operands.
  public func applying(_ primitive: some Primitive, _ other: Tensor) -> Tensor {
    Tensor(apply(primitive, value, other.value))
  }

  /// Applies an operation of any number of operands.
  public func applying(_ primitive: some Primitive, _ others: [Tensor]) -> Tensor {
    Tensor(apply(primitive, [value] + others.map { $0.value }))
  }
}

extension Tensor: CustomStringConvertible {
  /// The numbers, or why there are none.
  public var description: String {
    if let error = value.content.error { return "failed: \(error)" }
    if isTraced { return "traced \(Scalar.scalarType) tensor of shape \(shape)" }
    return "\(value.array(Scalar.self))"
  }

  /// The numbers as text, with at most `precision` digits in the largest of them; of more than `threshold` elements the first
  /// and last few along each axis. Or why there are none.
  public func formatted(precision: Int = 8, threshold: Int = 1000) -> String {
    if value.content.storage == nil { return description }
    return value.array(Scalar.self).formatted(precision: precision, threshold: threshold)
  }
}
