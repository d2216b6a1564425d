/// Pointers to the operands' values, wherever they lie. Valid during one application.
typealias OperandPointers = UnsafeBufferPointer<UnsafePointer<Value>>

/// The operands of one application, as a derivative rule sees them: tensors, and never their numbers, so that a rule is
/// differentiated and traced like any other computation. Borrowed: they are there during the call only.
public struct Operands<Scalar: TensorScalar>: ~Copyable {
  private let pointers: OperandPointers

  init(_ pointers: OperandPointers) { self.pointers = pointers }

  /// How many there are.
  public var count: Int { pointers.count }

  /// Operand `i`.
  public subscript(i: Int) -> Tensor<Scalar> { Tensor(pointers[i].pointee) }

  /// The shape of operand `i`.
  public func shape(_ i: Int) -> Shape { pointers[i].pointee.shape }

  /// The operands as they are.
  var values: [Value] { pointers.map { $0.pointee } }
}

/// The operands of one application, as evaluation sees them: numbers.
public struct OperandArrays<Scalar: TensorScalar>: ~Copyable {
  private let pointers: OperandPointers

  init(_ pointers: OperandPointers) { self.pointers = pointers }

  /// How many there are.
  public var count: Int { pointers.count }

  /// The numbers of operand `i`.
  public subscript(i: Int) -> NDArray<Scalar> { pointers[i].pointee.array() }

  /// The operands' values, for the length of the call.
  var values: OperandPointers { pointers }

  /// The operands as plain values.
  var detached: [Value] { pointers.map { $0.pointee.detached } }
}

/// The operands' shapes, as a shape rule sees them.
public struct OperandShapes: ~Copyable {
  private let pointers: OperandPointers

  init(_ pointers: OperandPointers) { self.pointers = pointers }

  /// How many operands there are.
  public var count: Int { pointers.count }

  /// The shape of operand `i`.
  public subscript(i: Int) -> Shape { pointers[i].pointee.shape }

  /// Values of these shapes without numbers.
  var traced: [Value] {
    pointers.map { Value(traced: $0.pointee.shape, $0.pointee.scalarType ?? .double) }
  }
}

/// Lends values to `body` as operands.
@inline(__always) func withOperands<R>(_ x: borrowing Value, _ body: (OperandPointers) -> R) -> R {
  withUnsafePointer(to: x) { x in
    withUnsafePointer(to: x) { body(OperandPointers(start: $0, count: 1)) }
  }
}

@inline(__always) func withOperands<R>(
  _ x: borrowing Value, _ y: borrowing Value, _ body: (OperandPointers) -> R
) -> R {
  withUnsafePointer(to: x) { x in
    withUnsafePointer(to: y) { y in
      withUnsafePointer(to: (x, y)) { pair in
        pair.withMemoryRebound(to: UnsafePointer<Value>.self, capacity: 2) {
          body(OperandPointers(start: $0, count: 2))
        }
      }
    }
  }
}

func withOperands<R>(_ values: [Value], _ body: (OperandPointers) -> R) -> R {
  values.withUnsafeBufferPointer { values in
    let pointers = values.indices.compactMap { index in values.baseAddress.map { $0 + index } }
    return pointers.withUnsafeBufferPointer(body)
  }
}
