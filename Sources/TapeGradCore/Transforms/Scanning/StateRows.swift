// What a loop's result holds, and how its cotangent comes together. Of a loop over three steps with the states s, of four
// numbers, and u, of two, the result is one axis, in blocks:
//
//   s₀ s₁ s₂ s₃   u₀ u₁ u₂ u₃             each sₜ four numbers, each uₜ two
//   ────────         ────────             before: what each step began with
//      ────────         ────────          after: what each step made
//            ──               ──          last
//
// Each part is one piece of memory, so that programs read it where it lies. But a cotangent of a part is none of the whole: it
// would have to be written among zeros, and zeros added to zeros. So a sweep keeps the parts' cotangents as they are, and
// the loop's rule takes each where it is needed: those after a step, those before it, and the last one as what the loop in
// reverse begins with.

/// Some rows of one state's block in a loop's result.
struct StateRows: Linear, Computed {
  static let name = "states"

  enum Part: Hashable {
    /// The state before the first step and after each.
    case all
    /// The state before each step, or after each, in the order of the rows that the steps read.
    case before, after
    /// The state after the last step, without an axis for the steps.
    case last
  }

  let part: Part
  /// Which state it is, and the first element of its block.
  let state, start: Int
  /// The steps, and whether the last row is the first step's.
  let count: Int
  let isReversed: Bool
  /// The state's shape.
  let shape: Shape

  /// The same part of all states.
  static func all(_ part: Part, of shapes: [Shape], count: Int, isReversed: Bool) -> [StateRows] {
    var start = 0
    return shapes.enumerated().map { state, shape in
      defer { start += (count + 1) * shape.count }
      return StateRows(part: part, state: state, start: start, count: count, isReversed: isReversed, shape: shape)
    }
  }

  /// The rows in the block.
  private var rows: Range<Int> {
    switch part {
    case .all: 0..<count + 1
    case .before: isReversed ? 1..<count + 1 : 0..<count
    case .after: isReversed ? 0..<count : 1..<count + 1
    case .last: isReversed ? 0..<1 : count..<count + 1
    }
  }

  /// The elements of the loop's result.
  private var elements: Range<Int> {
    start + rows.lowerBound * shape.count..<start + rows.upperBound * shape.count
  }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    part == .last ? shape : shape.batched(rows.count)
  }

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    let part = backend.slice(x[0], elements, axis: 0)
    return backend.reshape(part, to: self.part == .last ? shape : shape.batched(rows.count))
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    if part == .all { return transpose(cotangent, operandShape: operands.shape(0)) }
    let part = CotangentParts([(self, cotangent.value)], shape: operands.shape(0), S.scalarType)
    return Tensor(Value(content: .parts(part)))
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.placed {
      $0.reshaped(to: [elements.count]).applying(
        Pad(start: elements.lowerBound, length: operandShape[0], axis: 0))
    }
  }
}

extension StateRows: Batchable {
  /// The same elements of each example's result.
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    let shape = part == .last ? shape : shape.batched(rows.count)
    return apply(Slice(range: elements, axis: 1), x[0].value).reshaped(to: shape.batched(count))
  }
}

/// A cotangent of a loop's result, of which parts are known and all else is 0. Only a reverse sweep holds one, on the way from
/// the parts to the loop.
final class CotangentParts: Sendable {
  let parts: [(rows: StateRows, cotangent: Value)]
  let shape: Shape
  let scalarType: ScalarType

  init(_ parts: [(rows: StateRows, cotangent: Value)], shape: Shape, _ scalarType: ScalarType) {
    (self.parts, self.shape, self.scalarType) = (parts, shape, scalarType)
  }

  /// The cotangents of both, where a part that both have has their sum.
  func adding(_ other: CotangentParts) -> CotangentParts {
    var sum = parts
    for part in other.parts {
      if let present = sum.firstIndex(where: { $0.rows == part.rows }) {
        sum[present].cotangent = apply(Add(), sum[present].cotangent, part.cotangent)
      } else {
        sum.append(part)
      }
    }
    return CotangentParts(sum, shape: shape, scalarType)
  }

  /// The cotangent of one part of a state's block.
  subscript(state: Int, part: StateRows.Part) -> Value? {
    parts.first { $0.rows.state == state && $0.rows.part == part }?.cotangent
  }

  /// The parts put in their places among zeros.
  var whole: Value {
    func placed<S: TensorScalar>(_: S.Type) -> Value {
      let all = parts.map { $0.rows.transpose(Tensor<S>($0.cotangent), operandShape: shape).value }
      return all.dropFirst().reduce(all[0]) { apply(Add(), $0, $1) }
    }
    return scalarType == .float ? placed(Float.self) : placed(Double.self)
  }
}

extension Value {
  /// A cotangent as one value.
  @inline(__always) var whole: Value {
    if case .parts(let parts) = content { parts.whole } else { self }
  }
}
