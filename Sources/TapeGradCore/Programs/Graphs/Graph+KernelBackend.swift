// How a primitive becomes nodes of a graph: in the words of the kernels, where it speaks them. The mean of x, (2, 3), say,
// is written down as
//
//   v1 = sum of v0           (1, 1)
//   v2 = v1, reshaped        ()
//   v3 = v2 / 6              ()
//
// No primitive is named here.

extension Graph {
  /// Inserts what computes a primitive's result from the nodes `x`: what the primitive says in the words of the kernels;
  /// or, where it evaluates on arrays, the primitive itself.
  mutating func insert(_ primitive: any Primitive, _ x: [NodeIndex], shape: Shape, scalarType: ScalarType) -> NodeIndex
  {
    if let node = primitive.described(x, on: &self) { return node }
    return insert(
      Node(operation: .opaque(OpaquePrimitive(primitive)), operands: x, shape: shape, scalarType: scalarType))
  }
}

extension Graph: KernelBackend {
  // Each function below is a word of `KernelBackend`, written down as a node instead of carried out. What arrays would
  // do in several steps is several nodes: the order of the operations, hence the bits, is that of arrays.
  func shape(_ x: NodeIndex) -> Shape { self[x].shape }

  mutating func map(_ f: UnaryFunction, _ x: NodeIndex, _ c: Double) -> NodeIndex {
    insert(.unary(f, ExactNumber(c)), x)
  }

  /// Shapes that differ are broadcast by nodes of their own, which cost nothing where the group can read them with a
  /// stride of 0.
  mutating func zip(_ f: BinaryFunction, _ a: NodeIndex, _ b: NodeIndex) -> NodeIndex {
    guard self[a].shape != self[b].shape else { return insert(.binary(f), a, b) }
    do {
      let shape = try Shape.broadcast(self[a].shape, self[b].shape)
      return insert(.binary(f), broadcast(a, to: shape), broadcast(b, to: shape))
    } catch {
      fatalError("\(f) of operands that the shape rule should have refused: \(error)")
    }
  }

  mutating func select(_ mask: NodeIndex, _ x: NodeIndex, _ y: NodeIndex) -> NodeIndex { insert(.select, mask, x, y) }

  /// The reductions that fold x to `target`, in the order in which arrays do it: each run of neighboring axes at once, the
  /// last run first.
  ///
  /// Of x (2, 3, 4) to (2, 1, 1), one run of two axes: (outer 2, length 12, inner 1). To (1, 3, 1), two runs: first (6,
  /// 4, 1), which gives (2, 3, 1), then (1, 2, 3).
  mutating func fold(_ f: Reduction, _ x: NodeIndex, to target: Shape) -> NodeIndex {
    let shape = self[x].shape, rank = shape.rank
    let isFolded = { (axis: Int) in shape[axis] != target.length(axis, ofRank: rank) }
    guard let last = (0..<rank).last(where: isFolded) else { return reshape(x, to: target) }
    var first = last
    while first > 0, isFolded(first - 1) || shape[first - 1] == 1 { first -= 1 }
    let fold = Fold(
      outer: shape.count(of: 0..<first), length: shape.count(of: first..<last + 1),
      inner: shape.count(of: last + 1..<rank))
    let folded = Shape(rank: rank) { first...last ~= $0 ? 1 : shape[$0] }
    return self.fold(f, insert(.reduce(f, fold), x, shape: folded), to: target)
  }

  /// One node computes both parts, one after the other.
  mutating func logSumExpParts(_ x: NodeIndex, axis: Int) -> (maximum: NodeIndex, remainder: NodeIndex) {
    let shape = self[x].shape, kept = shape.replacing(axis: axis, with: 1)
    let fold = Fold(
      outer: shape.count(of: 0..<axis), length: shape[axis], inner: shape.count(of: axis + 1..<shape.rank))
    let parts = insert(.logSumExp(fold), x, shape: Shape([2, kept.count]))
    return (
      reshape(slice(parts, 0..<1, axis: 0), to: kept), reshape(slice(parts, 1..<2, axis: 0), to: kept)
    )
  }

  mutating func broadcast(_ x: NodeIndex, to shape: Shape) -> NodeIndex {
    self[x].shape == shape ? x : insert(.broadcast, x, shape: shape)
  }

  mutating func reshape(_ x: NodeIndex, to shape: Shape) -> NodeIndex { insert(.reshape, x, shape: shape) }

  mutating func permute(_ x: NodeIndex, _ order: [Int]) -> NodeIndex {
    let shape = self[x].shape
    return insert(.permute(order), x, shape: Shape(rank: order.count) { shape[order[$0]] })
  }

  mutating func slice(_ x: NodeIndex, _ range: Range<Int>, axis: Int) -> NodeIndex {
    insert(
      .slice(axis: axis, start: range.lowerBound), x, shape: self[x].shape.replacing(axis: axis, with: range.count))
  }

  mutating func strided(_ x: NodeIndex, shape: Shape, start: Int, strides: [Int]) -> NodeIndex {
    insert(.strided(start: start, strides: strides), x, shape: shape)
  }

  mutating func concatenate(_ parts: [NodeIndex], axis: Int) -> NodeIndex {
    let first = self[parts[0]], length = parts.reduce(0) { $0 + self[$1].shape[axis] }
    return insert(
      Node(
        operation: .concatenate(axis: axis), operands: parts, shape: first.shape.replacing(axis: axis, with: length),
        scalarType: first.scalarType))
  }

  /// The shape is (…, rows of op(A), columns of op(B)).
  mutating func matrixProduct(
    _ a: NodeIndex, transposed aIsTransposed: Bool, _ b: NodeIndex, transposed bIsTransposed: Bool
  ) -> NodeIndex {
    let left = self[a], right = self[b].shape, rank = right.rank
    let rows = left.shape[aIsTransposed ? rank - 1 : rank - 2], columns = right[bIsTransposed ? rank - 2 : rank - 1]
    return insert(
      Node(
        operation: .matrixProduct(transposesLeft: aIsTransposed, transposesRight: bIsTransposed), operands: [a, b],
        shape: left.shape.replacing(axis: rank - 2, with: rows).replacing(axis: rank - 1, with: columns),
        scalarType: left.scalarType))
  }

  mutating func fill(_ number: Double, _ shape: Shape, like x: NodeIndex) -> NodeIndex {
    insert(Node(operation: .fill(ExactNumber(number)), shape: shape, scalarType: self[x].scalarType))
  }

  /// A node of one operand's scalar type, of another shape.
  private mutating func insert(_ operation: Operation, _ x: NodeIndex, shape: Shape) -> NodeIndex {
    insert(Node(operation: operation, operands: [x], shape: shape, scalarType: self[x].scalarType))
  }
}
