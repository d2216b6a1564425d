// A softmax over 3 numbers, for examples (3) and a batch (5, 3):
//
//   one example                      what the base is told
//   fold(max, x, to: (1))            fold(max, (5, 3), to: (5, 1))
//   zip(−, x (3), m (1))             zip(−, (5, 3), (5, 1))
//   map(exp, …)                      map(exp, (5, 3))
//
// An operand that is the same for all examples stays small for as long as it can: what works element by element broadcasts it,
// and only joins, selections and products of matrices need it repeated.

/// The words of the kernels for one example, carried out on a batch: each with its axes shifted by one, on a backend that
/// knows nothing of examples.
struct BatchedBackend<Base: KernelBackend>: KernelBackend {
  /// What stands for an array of the base, with a slice for each example along its first axis, or the same for all.
  struct Operand {
    let base: Base.Operand
    let isBatched: Bool
  }

  /// Lent for the length of one description: a copy would copy a graph.
  let base: UnsafeMutablePointer<Base>
  let count: Int

  /// The shape of one example: what the description believes its arrays to have.
  func shape(_ x: Operand) -> Shape {
    let shape = base.pointee.shape(x.base)
    return x.isBatched ? Shape(shape.dimensions.dropFirst()) : shape
  }

  /// One slice for each example.
  func repeated(_ x: Operand) -> Operand {
    x.isBatched ? x : batched(base.pointee.broadcast(x.base, to: shape(x).batched(count)))
  }

  private func batched(_ x: Base.Operand) -> Operand { Operand(base: x, isBatched: true) }

  /// A result that has examples if its only operand has.
  private func like(_ x: Operand, _ y: Base.Operand) -> Operand { Operand(base: y, isBatched: x.isBatched) }

  /// A batch whose examples have at least so many axes, the first ones of length 1, as broadcasting aligns them.
  private func aligned(_ x: Operand, to rank: Int) -> Operand {
    let shape = shape(x)
    guard x.isBatched, shape.rank < rank else { return x }
    return batched(base.pointee.reshape(x.base, to: shape.batched(count, alignedTo: rank)))
  }

  // Element-wise words do not see the axis of the examples.
  mutating func map(_ f: UnaryFunction, _ x: Operand, _ c: Double) -> Operand {
    like(x, base.pointee.map(f, x.base, c))
  }

  mutating func zip(_ f: BinaryFunction, _ a: Operand, _ b: Operand) -> Operand {
    // (5, 3) beside (4, 3) of one example would meet at the wrong axis: it is aligned as (5, 1, 3).
    let rank = max(shape(a).rank, shape(b).rank)
    let (a, b) = (aligned(a, to: rank), aligned(b, to: rank))
    return Operand(base: base.pointee.zip(f, a.base, b.base), isBatched: a.isBatched || b.isBatched)
  }

  mutating func select(_ mask: Operand, _ x: Operand, _ y: Operand) -> Operand {
    guard mask.isBatched || x.isBatched || y.isBatched else {
      return like(mask, base.pointee.select(mask.base, x.base, y.base))
    }
    return batched(base.pointee.select(repeated(mask).base, repeated(x).base, repeated(y).base))
  }

  mutating func fold(_ f: Reduction, _ x: Operand, to target: Shape) -> Operand {
    // The fold keeps folded axes with length 1, so that axes stay in place; the target may have fewer.
    guard x.isBatched else { return like(x, base.pointee.fold(f, x.base, to: target)) }
    let folded = base.pointee.fold(f, x.base, to: target.batched(count, alignedTo: shape(x).rank))
    return batched(base.pointee.reshape(folded, to: target.batched(count)))
  }

  mutating func logSumExpParts(_ x: Operand, axis: Int) -> (maximum: Operand, remainder: Operand) {
    let parts = base.pointee.logSumExpParts(x.base, axis: shifted(axis, of: x))
    return (like(x, parts.maximum), like(x, parts.remainder))
  }

  /// The axis of one example, in the batch.
  private func shifted(_ axis: Int, of x: Operand) -> Int { x.isBatched ? axis + 1 : axis }

  mutating func broadcast(_ x: Operand, to target: Shape) -> Operand {
    guard x.isBatched else { return like(x, base.pointee.broadcast(x.base, to: target)) }
    return batched(base.pointee.broadcast(aligned(x, to: target.rank).base, to: target.batched(count)))
  }

  mutating func reshape(_ x: Operand, to target: Shape) -> Operand {
    like(x, base.pointee.reshape(x.base, to: x.isBatched ? target.batched(count) : target))
  }

  mutating func permute(_ x: Operand, _ order: [Int]) -> Operand {
    // The examples stay in front.
    like(x, base.pointee.permute(x.base, x.isBatched ? [0] + order.map { $0 + 1 } : order))
  }

  mutating func slice(_ x: Operand, _ range: Range<Int>, axis: Int) -> Operand {
    like(x, base.pointee.slice(x.base, range, axis: shifted(axis, of: x)))
  }

  mutating func strided(_ x: Operand, shape target: Shape, start: Int, strides: [Int]) -> Operand {
    guard x.isBatched else {
      return like(x, base.pointee.strided(x.base, shape: target, start: start, strides: strides))
    }
    return batched(
      // From example to example it is as many elements as an example has.
      base.pointee.strided(x.base, shape: target.batched(count), start: start, strides: [shape(x).count] + strides))
  }

  mutating func concatenate(_ parts: [Operand], axis: Int) -> Operand {
    // Joined with parts that every example has of its own, a shared part is needed once for each.
    guard parts.contains(where: { $0.isBatched }) else {
      return like(parts[0], base.pointee.concatenate(parts.map(\.base), axis: axis))
    }
    return batched(base.pointee.concatenate(parts.map { repeated($0).base }, axis: axis + 1))
  }

  mutating func matrixProduct(
    _ a: Operand, transposed aIsTransposed: Bool, _ b: Operand, transposed bIsTransposed: Bool
  ) -> Operand {
    guard a.isBatched || b.isBatched else {
      return like(a, base.pointee.matrixProduct(a.base, transposed: aIsTransposed, b.base, transposed: bIsTransposed))
    }
    return batched(
      base.pointee.matrixProduct(
        // The kernel takes a batch of matrices on both sides.
        repeated(a).base, transposed: aIsTransposed, repeated(b).base, transposed: bIsTransposed))
  }

  mutating func fill(_ number: Double, _ shape: Shape, like x: Operand) -> Operand {
    // The same for all; it is repeated where it has to be.
    Operand(base: base.pointee.fill(number, shape, like: x.base), isBatched: false)
  }
}
