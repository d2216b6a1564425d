// Parts of a tensor, and their transposes, which put parts in place.
//
// Taking parts is linear: y is x times a matrix of zeros and ones, which nobody writes down, and a cotangent goes back through
// its transpose. The four pairs, for x = (a, b, c, d):
//
//   slice 1..<3       (b, c)             its transpose pads:        (ȳ₀, ȳ₁) ↦ (0, ȳ₀, ȳ₁, 0)
//   pad               (0, a, b, 0)       its transpose slices
//   gather [3, 0, 3]  (d, a, d)          its transpose scatters:    (ȳ₀, ȳ₁, ȳ₂) ↦ (ȳ₁, 0, 0, ȳ₀ + ȳ₂)
//   scatterAdd        sums by index      its transpose gathers
//
// Elements that were not taken have a derivative that is 0 by structure (`placed`), so that 0·∞ cannot arise behind it.

/// `y = x[range]` along one axis.
struct Slice: Linear, Computed, CustomStringConvertible {
  static let name = "slice"
  let range: Range<Int>
  let axis: Int

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let x = operands[0], axis = try x.validated(axis: axis)
    guard range.lowerBound >= 0, range.upperBound <= x[axis] else {
      throw TensorError("the range \(range) is out of bounds along axis \(axis), which has length \(x[axis])")
    }
    return x.replacing(axis: axis, with: range.count)
  }

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.slice(x[0], range, axis: axis)
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    // `placed` notes which elements the cotangent was put at: all others are unused, and not merely 0.
    cotangent.placed { $0.applying(Pad(start: range.lowerBound, length: operandShape[axis], axis: axis)) }
  }

  var description: String { "slice[\(range), axis \(axis)]" }
}

/// `y = 0` but for x, from index `start` on along one axis of length `length`.
struct Pad: Linear, Computed, CustomStringConvertible {
  static let name = "pad"
  let start: Int
  let length: Int
  let axis: Int

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let x = operands[0], axis = try x.validated(axis: axis)
    guard start >= 0, start <= length - x[axis] else {
      throw TensorError("length \(x[axis]) from index \(start) on does not fit in length \(length)")
    }
    return x.replacing(axis: axis, with: length)
  }

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    // Zeros before and behind, of which either may have length 0.
    let shape = backend.shape(x[0]), end = start + shape[axis]
    let zeros = [start, length - end].map { backend.fill(0, shape.replacing(axis: axis, with: $0), like: x[0]) }
    return backend.concatenate([zeros[0], x[0], zeros[1]], axis: axis)
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.applying(Slice(range: start..<start + operandShape[axis], axis: axis))
  }

  var description: String { "pad[\(start)… of \(length), axis \(axis)]" }
}

/// The operands one after the other along an axis.
struct Concatenate: Computed, CustomStringConvertible {
  static let name = "concatenate"
  let axis: Int

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let first = operands[0], axis = try first.validated(axis: axis)
    var length = first[axis]
    for i in 1..<operands.count {
      // Equal but for the length along the axis: each is compared with the first, as if it had the first one's length.
      guard operands[i].rank == first.rank, operands[i].replacing(axis: axis, with: first[axis]) == first else {
        throw TensorError("part \(i) has shape \(operands[i]), which differs from \(first) off axis \(axis)")
      }
      length += operands[i][axis]
    }
    return first.replacing(axis: axis, with: length)
  }

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.concatenate(x, axis: axis)
  }

  /// Joint, since each part begins where the one before ends.
  static var derivativeRule: DerivativeRule { .joint }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { vjps(cotangent: cotangent, operands: operands, result: result)[i] }

  /// The part of the cotangent that belongs to each operand.
  func vjps<S: TensorScalar>(
    cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> [Tensor<S>] {
    var start = 0, parts: [Tensor<S>] = []
    for i in 0..<operands.count {
      let end = start + operands.shape(i)[axis]
      parts.append(cotangent.applying(Slice(range: start..<end, axis: axis)))
      start = end
    }
    return parts
  }

  var description: String { "concatenate[axis \(axis)]" }
}

/// The slices of x at `indices` along an axis.
struct Gather: Linear, ChoosesByIndex, CustomStringConvertible {
  static let name = "gather"
  let indices: [Int]
  let axis: Int
  /// How exporters put it; `knownIndices` says that the indices are constants.
  var choice: IndexedChoice { .gather(axis: axis) }
  var knownIndices: [Int]? { indices }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let x = operands[0], axis = try x.validated(axis: axis)
    return x.replacing(axis: axis, with: try indices.validated(asIndicesBelow: x[axis], axis: axis).count)
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].gathered(indices, axis: axis)
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.placed { $0.applying(ScatterAdd(indices: indices, axis: axis, length: operandShape[axis])) }
  }

  var description: String { "gather[\(indices.abridged), axis \(axis)]" }
}

/// Zeros of length `length` along an axis, to which slice k of x is added at `indices[k]`.
struct ScatterAdd: Linear, ChoosesByIndex, CustomStringConvertible {
  static let name = "scatterAdd"
  let indices: [Int]
  let axis: Int
  let length: Int
  var choice: IndexedChoice { .scatterAdd(axis: axis) }
  var knownIndices: [Int]? { indices }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let x = operands[0], axis = try x.validated(axis: axis)
    // One index for each slice, each below the length that the result gets.
    guard x[axis] == indices.count, indices.allSatisfy({ (0..<length).contains($0) }) else {
      throw TensorError("\(indices.count) indices below \(length) do not position \(x[axis]) slices")
    }
    return x.replacing(axis: axis, with: length)
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].scatterAdded(indices, axis: axis, length: length)
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.applying(Gather(indices: indices, axis: axis))
  }

  var description: String { "scatterAdd[\(indices.abridged) of \(length), axis \(axis)]" }
}

extension [Int] {
  /// `3, 0, 3`; of many numbers the first four.
  fileprivate var abridged: String {
    prefix(4).map(String.init).joined(separator: ", ") + (count > 4 ? ", …" : "")
  }
}

extension Shape {
  /// An axis that the shape has.
  func validated(axis: Int) throws(TensorError) -> Int {
    guard axis >= 0, axis < rank else { throw TensorError("there is no axis \(axis) in a tensor of rank \(rank)") }
    return axis
  }

  /// The axis counted from the first; one that does not exist stays as it is, for the shape rule to report.
  func resolved(_ axis: Int) -> Int { self.axis(axis) ?? axis }
}

extension Tensor {
  /// The elements with indices in `range` along one axis (counted from the end if negative). The elements outside get
  /// a derivative of exactly 0.
  public func sliced(_ range: Range<Int>, axis: Int = 0) -> Tensor {
    rearranged(by: Slice(range: range, axis: shape.resolved(axis)))
  }

  /// The slices at `indices` along one axis, in that order. The derivatives of repeated ones add up.
  public func gathered(_ indices: [Int], axis: Int = 0) -> Tensor {
    rearranged(by: Gather(indices: indices, axis: shape.resolved(axis)))
  }
}

/// Tensors one after the other along an axis, along which alone their lengths may differ.
public func concatenate<S>(_ parts: [Tensor<S>], axis: Int = 0) -> Tensor<S> {
  guard let first = parts.first else {
    return Tensor(failing: TensorError("there is nothing to join"), Concatenate(axis: axis), [])
  }
  return first.applying(Concatenate(axis: first.shape.resolved(axis)), Array(parts.dropFirst()))
}
