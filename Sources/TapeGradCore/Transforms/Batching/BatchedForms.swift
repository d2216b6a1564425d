// Operations that shift their axes to work on a batch. For examples of shape (4, 3), and three of them,
//
//   one example                       the batch (3, 4, 3)
//   slice 0..<2 along axis 1          slice 0..<2 along axis 2
//   reshape to (12)                   reshape to (3, 12)
//   sum to (3)                        sum to (3, 1, 3), reshaped to (3, 3)
//   xᵢ·W, W the same for all          (12, 3)·W, the rows of all examples one below the other
//
// These are ordinary operations again, with ordinary derivatives: that by W is one product, not a sum of three.
//
// A form that gives nil does not apply, and the operation becomes a `Batched` one.

extension Reshape: Batchable {
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    apply(Reshape(target: target.batched(count)), x[0].value)
  }
}

extension Permute: Batchable {
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    apply(Permute(order: [0] + order.map { $0 + 1 }), x[0].value)
  }
}

// (3, 2) of examples (2), to (4, 2): (3, 2) → (3, 1, 2) → (3, 4, 2).

extension Broadcast: Batchable {
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    let aligned = x[0].exampleShape.batched(count, alignedTo: target.rank)
    return apply(Broadcast(target: target.batched(count)), x[0].value.reshaped(to: aligned))
  }
}

extension Slice: Batchable {
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    apply(Slice(range: range, axis: axis + 1), x[0].value)
  }
}

extension StridedLayout {
  /// The same way to read each of `count` examples.
  fileprivate func batched(_ count: Int) -> StridedLayout {
    // Example i is read from i·(elements of one) on.
    let strides = (0..<shape.rank).map { self.strides[$0] }
    return StridedLayout(
      word, of: source.batched(count), shape.batched(count), start: start, strides: [source.count] + strides)
  }
}

extension View: Batchable {
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    apply(View(layout: layout.batched(count)), x[0].value)
  }
}

extension ViewTranspose: Batchable {
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    apply(ViewTranspose(layout: layout.batched(count)), x[0].value)
  }
}

extension Pad: Batchable {
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    apply(Pad(start: start, length: length, axis: axis + 1), x[0].value)
  }
}

extension Concatenate: Batchable {
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    // Parts that are the same for all examples are repeated, so that each example has all its parts.
    apply(Concatenate(axis: axis + 1), x.map { $0.repeated(count) })
  }
}

// Indices are the same for all examples: each loses the same slices.

extension Gather: Batchable {
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    apply(Gather(indices: indices, axis: axis + 1), x[0].value)
  }
}

extension ScatterAdd: Batchable {
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    apply(ScatterAdd(indices: indices, axis: axis + 1, length: length), x[0].value)
  }
}

// Two steps, since a target may lack axes: (3, 4, 3) summed to (3) is (3, 1, 3), and then (3, 3).

extension Sum: Batchable {
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    let kept = target.batched(count, alignedTo: x[0].exampleShape.rank)
    return apply(Sum(target: kept), x[0].value).reshaped(to: target.batched(count))
  }
}

extension Mean: Batchable {
  /// The mean's divisor is a number of elements of one example, which an empty batch does not tell.
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    if count == 0 { return nil }
    let kept = target.batched(count, alignedTo: x[0].exampleShape.rank)
    return apply(Mean(target: kept), x[0].value).reshaped(to: target.batched(count))
  }
}

extension Lookup: Batchable {
  /// Where all examples look things up in the same tensor: at all their indices, one behind the other.
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    guard !x[0].isBatched else { return nil }
    let shape = x[0].value.shape, indices = x[1].exampleShape.count
    let slices = apply(Lookup(axis: axis), x[0].value, x[1].value.reshaped(to: [count * indices]))
    let dimensions = shape.dimensions
    let split = Shape(dimensions[..<axis] + [count, indices] + dimensions[(axis + 1)...])
    return slices.reshaped(to: split).permuted([axis] + (0..<split.rank).filter { $0 != axis })
  }
}

extension Checkpoint: Batchable {
  /// The function on a batch, computed again in the reverse sweep as that on an example is.
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    let isBatched = x.map(\.isBatched), function = self.function
    let batched = Checkpoint { values in
      let inputs = zip(values, isBatched).map { BatchedValue(value: $0, isBatched: $1) }
      return try mapExamples(inputs, count: count) { [try function($0)] }[0].repeated(count)
    }
    return apply(batched, x.map(\.value))
  }
}

extension MatrixProduct: Batchable {
  /// Of two batches, a product with one more axis. Where one factor is the same for all, the rows of all examples make one
  /// matrix.
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    batched(x, count: count) { apply($0, $1) }
  }
}

extension UsedProduct: Batchable {
  func batched(_ x: [BatchedValue], count: Int) -> Value? {
    // A mask that is 0 nowhere makes no difference.
    if x[2].value.content.isNowhereZero {
      return apply(product, batched: Array(x.prefix(2)), count: count).repeated(count)
    }
    if !x[masked].isBatched && !x[2].isBatched { return nil }
    let factor = BatchedValue(value: x[masked].repeated(count), isBatched: true)
    let mask = BatchedValue(value: x[2].repeated(count), isBatched: true)
    let factors = masked == 0 ? [factor, x[1]] : [x[0], factor]
    return product.batched(factors + [mask], count: count) { product, values in
      // What was the right factor's transpose is the left factor.
      let isSwapped = masked == 1 && !x[0].isBatched && x[0].value.shape.rank == 2
      return apply(UsedProduct(product: product, masked: isSwapped ? 0 : masked), values)
    }
  }
}

extension MatrixProduct {
  /// The factors, and the mask of one of them where there is one, brought into the shapes of one product, which `multiply`
  /// computes.
  fileprivate func batched(
    _ x: [BatchedValue], count: Int, _ multiply: (MatrixProduct, [Value]) -> Value
  ) -> Value {
    let (a, b) = (x[0], x[1]), masks = x.dropFirst(2).map(\.value)
    // A kernel's batch of products: as many small ones.
    if a.isBatched && b.isBatched || a.exampleShape.rank != 2 {
      return multiply(self, [a.repeated(count), b.repeated(count)] + masks)
    }
    if a.isBatched {
      // One large product is faster than many small ones, and the derivative by the shared factor is one product as well.
      // (i, m, k) as (i·m, k)
      let rows = { (x: Value) in (transposesLeft ? x.lastAxesExchanged : x).rowsOfExamples }
      let m = a.exampleShape[transposesLeft ? 1 : 0], n = b.exampleShape[transposesRight ? 0 : 1]
      let product = multiply(
        MatrixProduct(transposesRight: transposesRight), [rows(a.value), b.value] + masks.map(rows))
      return product.reshaped(to: [count, m, n])
    }
    // Cᵀ = op(B)ᵀ·op(A)ᵀ, with (i, n, k) as (i·n, k)
    let rows = { (x: Value) in (transposesRight ? x : x.lastAxesExchanged).rowsOfExamples }
    let m = a.exampleShape[transposesLeft ? 1 : 0], n = b.exampleShape[transposesRight ? 0 : 1]
    let product = multiply(MatrixProduct(transposesRight: !transposesLeft), [rows(b.value), a.value] + masks.map(rows))
    return product.reshaped(to: [count, n, m]).lastAxesExchanged
  }
}

extension Value {
  func reshaped(to shape: Shape) -> Value { self.shape == shape ? self : apply(Reshape(target: shape), self) }

  func permuted(_ order: [Int]) -> Value {
    order == Array(order.indices) ? self : apply(Permute(order: order), self)
  }

  /// A batch of matrices with their rows one below the other.
  fileprivate var rowsOfExamples: Value { reshaped(to: [shape[0] * shape[1], shape[2]]) }

  /// A batch of matrices, each transposed; where one of the axes has length 1, no element moves.
  fileprivate var lastAxesExchanged: Value {
    if shape.defect != nil || shape.rank != 3 { return self }
    if shape[1] == 1 || shape[2] == 1 { return reshaped(to: [shape[0], shape[2], shape[1]]) }
    return permuted([0, 2, 1])
  }
}
