// Elements read with strides: flips, steps, diagonals, windows. What one layout of strides reads, the other primitive puts
// back, so the two are each other's transposes, to any order:
//
//   x (3, 3), its diagonal: from 0 in steps of 4      y (3)
//   ȳ (3), added to zeros from 0 in steps of 4        x̄ (3, 3)

/// A way to read a tensor: `y[i, j, …] = x[start + i·s₀ + j·s₁ + …]`, the elements of x counted in row-major order.
struct StridedLayout: Hashable, Sendable {
  /// The shape of x.
  let source: Shape
  /// The shape of y.
  let shape: Shape
  let start: Int
  let strides: AxisVector<Int>
  /// How it reads: `flip[axis 1]`.
  let word: String

  init(_ word: String, of source: Shape, _ shape: Shape, start: Int = 0, strides: [Int]) {
    (self.word, self.source, self.shape, self.start) = (word, source, shape, start)
    self.strides = AxisVector(rank: shape.rank) { strides[$0] }
  }

  /// Whether every element of x may be read: then nothing of a cotangent is known to be unused.
  var mayReadAll: Bool { shape.count >= source.count }

  /// - Throws: `TensorError` where the operand has another shape, or an element beyond it is read.
  func validate(_ operand: Shape, _ expected: Shape) throws(TensorError) {
    guard operand == expected else { throw TensorError("\(word) reads shape \(expected)") }
    guard shape.count == 0 || shape.reach(start: start, strides).isWithin(0..<source.count) else {
      throw TensorError("\(word) reads beyond shape \(source)")
    }
  }
}

/// The elements that a layout reads.
struct View: Linear, Computed, CustomStringConvertible {
  static let name = "view"
  let layout: StridedLayout

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try layout.validate(operands[0], layout.source)
    return layout.shape
  }

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    let strides = (0..<layout.shape.rank).map { layout.strides[$0] }
    return backend.strided(x[0], shape: layout.shape, start: layout.start, strides: strides)
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    let transpose = ViewTranspose(layout: layout)
    return layout.mayReadAll ? cotangent.applying(transpose) : cotangent.placed { $0.applying(transpose) }
  }

  var description: String { layout.word }
}

/// Zeros, to which each element is added where a layout reads it from.
struct ViewTranspose: Linear, Worded, CustomStringConvertible {
  static let name = "viewTranspose"
  let layout: StridedLayout
  var word: ArrayWord {
    .stridedSum(start: layout.start, strides: (0..<layout.shape.rank).map { layout.strides[$0] })
  }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try layout.validate(operands[0], layout.shape)
    return layout.source
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].stridedSum(into: layout.source, start: layout.start, strides: layout.strides)
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.applying(View(layout: layout))
  }

  var description: String { "\(layout.word)ᵀ" }
}

extension View: MaskCarrying {}
extension ViewTranspose: MaskCarrying {}
