// Sums over the examples. A weight that all examples share gets the sum of its cotangents, one from each; that of a product
// W·xᵢ is Σ dᵢ·xᵢᵀ. Computed as it reads, that is an m × n matrix for every example, and then their sum. But
//
//   Σᵢ dᵢ·xᵢᵀ = [d₁ d₂ …]·[x₁ x₂ …]ᵀ
//
// is one product, of the examples as columns. And a linear operation may as well be applied to the sum.

extension Trace {
  /// Results of a replay on a batch of `count`, all of them unless said otherwise; as their sums over the examples where
  /// `sums` says so.
  ///
  /// For a function y = W·x + b, the sum of W's cotangents is one product, and that of b's is the sum of ȳ over the batch.
  func batchedResults(
    _ some: Range<Int>? = nil, on values: inout [BatchedValue?], count: Int, summing sums: [Bool] = []
  ) -> [BatchedValue] {
    var batched: [BatchedValue] = []
    for (number, result) in results[some ?? results.indices].enumerated() {
      let isSum = number < sums.count && sums[number]
      if let index = result.index, isSum {
        batched.append(BatchedValue(value: sum(of: index, on: &values, count: count), isBatched: false))
      } else if let index = result.index {
        replay([index], on: &values, count: count)
        batched.append(operand(index, values))
      } else {
        // The same in each example: its sum is `count` times as much.
        let constant = BatchedValue(value: result.value, isBatched: false)
        batched.append(isSum ? BatchedValue(value: constant.sum(count), isBatched: false) : constant)
      }
    }
    return batched
  }

  /// The sum of a node over the examples.
  private func sum(of index: Int, on values: inout [BatchedValue?], count: Int) -> Value {
    // Down the left operands of a sum, which may be as many as a function has uses of a weight.
    var index = index, terms: [Int] = []
    while values[index] == nil, nodes[index].primitive is Add {
      terms.append(nodes[index].operands[1])
      index = nodes[index].operands[0]
    }
    var total = sum(ofTerm: index, on: &values, count: count)
    for term in terms.reversed() { total = apply(Add(), total, sum(ofTerm: term, on: &values, count: count)) }
    return total
  }

  /// One term: through linear operations to what they are applied to; a product as one product; anything else as it is, then
  /// summed.
  private func sum(ofTerm index: Int, on values: inout [BatchedValue?], count: Int) -> Value {
    let operands = nodes[index].operands
    if values[index] == nil, let primitive = nodes[index].primitive, primitive is any Linear, operands.count == 1 {
      return apply(primitive, sum(of: operands[0], on: &values, count: count))
    }
    if values[index] == nil, let product = nodes[index].primitive as? MatrixProduct {
      replay(Array(operands), on: &values, count: count)
      let factors = operands.map { operand($0, values) }
      if let sum = product.sum(factors[0], factors[1], count: count) { return sum }
    }
    replay([index], on: &values, count: count)
    return operand(index, values).sum(count)
  }
}

extension MatrixProduct {
  /// `Σᵢ op(Aᵢ)·op(Bᵢ)` of batches of matrices, as one product; nil where these are no matrices.
  fileprivate func sum(_ a: BatchedValue, _ b: BatchedValue, count: Int) -> Value? {
    guard a.isBatched, b.isBatched, a.value.shape.rank == 3 else { return nil }
    let (left, right) = (a.value.shape, b.value.shape)
    // op(Aᵢ) is (m, inner), op(Bᵢ) is (inner, n); the batch is the first of three axes.
    let inner = left[transposesLeft ? 1 : 2]
    let m = left[transposesLeft ? 2 : 1], n = right[transposesRight ? 1 : 2]
    // The examples belong beside the inner axis: (m, i·k)·(i·k, n).
    if inner == 1 {
      return apply(
        MatrixProduct(transposesLeft: true), apply(Reshape(target: [count, m]), a.value),
        apply(Reshape(target: [count, n]), b.value))
    }
    return apply(
      self,
      apply(
        Reshape(target: transposesLeft ? [count * inner, m] : [m, count * inner]),
        transposesLeft ? a.value : apply(Permute(order: [1, 0, 2]), a.value)),
      apply(
        Reshape(target: transposesRight ? [n, count * inner] : [count * inner, n]),
        transposesRight ? apply(Permute(order: [1, 0, 2]), b.value) : b.value))
  }
}
