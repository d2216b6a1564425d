// The words in which graphs are written. tanh(W·X) of matrices, say, is a `.matrixProduct` and a `.unary(.tanh)`; softmax
// becomes subtractions, exponentials, sums and quotients; and a primitive that speaks none of these words stays one node:
//
//   v2 = matrixProduct v0, v1       one kernel does it
//   v3 = opaque(gather) v2          the primitive evaluates itself, as it does outside programs

/// What a node of a program computes: the vocabulary of the kernels. A primitive that has no place in it stays itself.
package enum Operation: Hashable, Sendable {
  /// Argument number i.
  case input(Int)
  /// Captured numbers.
  case constant(Int)
  /// Every element the same number.
  case fill(ExactNumber)
  case unary(UnaryFunction, ExactNumber)
  case binary(BinaryFunction)
  /// `mask ≠ 0 ? x : y`.
  case select
  /// Broadcast to the node's shape.
  case broadcast
  /// The middle axis of the operand, read as (outer, length, inner), folded.
  case reduce(Reduction, Fold)
  /// The same elements in the node's shape; costs nothing.
  case reshape
  /// Axis i of the result is axis `order[i]` of the operand.
  case permute([Int])
  /// The part of the operand from index `start` of an axis on.
  case slice(axis: Int, start: Int)
  /// The elements of the operand from one on, at these distances along each axis of the result.
  case strided(start: Int, strides: [Int])
  /// The operands one after the other along an axis.
  case concatenate(axis: Int)
  /// Of the operand's middle axis, read as (outer, length, inner): the maximum, and the rest of ln Σ eˣ; two arrays of
  /// shape (outer, inner), one after the other.
  case logSumExp(Fold)
  /// The matrix product of the last two axes.
  case matrixProduct(transposesLeft: Bool, transposesRight: Bool)
  /// A primitive, evaluated as it is outside programs.
  case opaque(OpaquePrimitive)

  /// Whether each element of the result depends on the elements at the same place only.
  var isElementwise: Bool {
    switch self {
    case .unary, .binary, .select: true
    default: false
    }
  }

  /// Whether it may refuse its operands' numbers, as only a primitive can.
  var mayRefuse: Bool {
    guard case .opaque(let opaque) = self else { return false }
    return (opaque.primitive as? any Worded)?.word.isTotal != true
  }

  /// Whether a primitive evaluates it.
  var isOpaque: Bool {
    if case .opaque = self { true } else { false }
  }
}

/// How a reduction reads its operand: y of shape (outer, inner) from x of shape (outer, length, inner).
package struct Fold: Hashable, Sendable {
  package let outer, length, inner: Int
}

/// A number compared by its bits: `x + 0` and `x + (−0)` are different operations.
package struct ExactNumber: Hashable, Sendable {
  private let bits: UInt64

  init(_ number: Double) { bits = number.bitPattern }

  package var value: Double { Double(bitPattern: bits) }
}

/// A primitive as a node's operation: equal to one of the same type and parameters, bit by bit.
package struct OpaquePrimitive: Hashable, Sendable {
  package let primitive: any Primitive

  init(_ primitive: any Primitive) { self.primitive = primitive }

  package static func == (a: OpaquePrimitive, b: OpaquePrimitive) -> Bool {
    haveSameBits(a.primitive, b.primitive)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(primitive)) }
}
