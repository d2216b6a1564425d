// Eager evaluation. Where a primitive says `backend.zip(.divide, e, sum)`, this backend divides arrays and hands back
// an array, while a program's graph (Graph+KernelBackend.swift) adds a node `e / sum` and hands back its index. Both
// call the same kernels in the same order, one now and one later: eager results and compiled ones have the same bits.

/// The kernels, carried out on arrays as they are asked for.
struct ArrayBackend<Scalar: TensorScalar>: KernelBackend {
  typealias Operand = NDArray<Scalar>

  /// One byte, so that each backend has an address of its own: all empty values share one, and the thread sanitizer takes
  /// their mutating uses on several threads for a race.
  private let place: UInt8 = 0

  func shape(_ x: Operand) -> Shape { x.shape }
  func map(_ f: UnaryFunction, _ x: Operand, _ c: Double) -> Operand { .elementwise(f, x, Scalar(c)) }
  func zip(_ f: BinaryFunction, _ a: Operand, _ b: Operand) -> Operand { .elementwise(f, a, b) }
  func select(_ mask: Operand, _ x: Operand, _ y: Operand) -> Operand { TapeGradArrays.select(mask, x, y) }
  func fold(_ f: Reduction, _ x: Operand, to target: Shape) -> Operand { x.reduced(f, to: target) }

  func logSumExpParts(_ x: Operand, axis: Int) -> (maximum: Operand, remainder: Operand) {
    x.logSumExpParts(axis: axis)
  }

  func broadcast(_ x: Operand, to shape: Shape) -> Operand { x.broadcast(to: shape) }
  func reshape(_ x: Operand, to shape: Shape) -> Operand { x.reshaped(to: shape) }
  func permute(_ x: Operand, _ order: [Int]) -> Operand { x.permuted(order) }
  func slice(_ x: Operand, _ range: Range<Int>, axis: Int) -> Operand { x.sliced(range, axis: axis) }
  func strided(_ x: Operand, shape: Shape, start: Int, strides: [Int]) -> Operand {
    x.strided(shape: shape, start: start, strides: AxisVector(rank: shape.rank) { strides[$0] })
  }

  func concatenate(_ parts: [Operand], axis: Int) -> Operand { .concatenated(parts, axis: axis) }

  func matrixProduct(
    _ a: Operand, transposed aIsTransposed: Bool, _ b: Operand, transposed bIsTransposed: Bool
  ) -> Operand {
    matmul(a, b, transposingFirst: aIsTransposed, transposingSecond: bIsTransposed)
  }

  func fill(_ number: Double, _ shape: Shape, like x: Operand) -> Operand {
    NDArray(repeating: Scalar(number), shape: shape)
  }
}
