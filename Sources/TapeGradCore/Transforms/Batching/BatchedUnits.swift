// A batch of one element each. The rows of a Jacobian begin with the cotangents (1, 0, 0), (0, 1, 0), (0, 0, 1): of example i,
// only element i is used. Such a batch is its diagonal, and stays one through what works element by element:
//
//   cotangents            ⊙ d                       then Wᵀ·
//   diagonal (1, 1, 1)    diagonal (d₀, d₁, d₂)     row i is dᵢ · row i of W: no product at all
//
// What is not on the diagonal is 0 because nothing used it: no derivative of it is ever computed, and a NaN in one row of W
// stays in that row.

/// The result of a primitive on operands of which at least one is a batch of units; nil where it is not known to be simpler
/// than on all elements written out.
func apply(_ primitive: any Primitive, toUnits x: [BatchedValue], count: Int) -> BatchedValue? {
  // x ⊙ d with a diagonal d is a diagonal; diagonal + diagonal too. Diagonal + full is full, and goes the ordinary way.
  guard x.contains(where: { $0.units != nil }) else { return nil }
  switch primitive {
  case is Multiply, is Divide, is Add, is Subtract:
    // One that all examples share is used where the other is. A quotient by units is none.
    let isProduct = primitive is Multiply || primitive is Divide
    if let a = x[0].units, let b = x[1].units, !(primitive is Divide) { return units(apply(primitive, a, b)) }
    if isProduct, let a = x[0].units, !x[1].isBatched { return units(apply(primitive, a, x[1].value)) }
    if primitive is Multiply, let b = x[1].units, !x[0].isBatched { return units(apply(primitive, x[0].value, b)) }
  case let primitive as any UnaryKernel where primitive is any Linear:
    return x[0].units.map { units(apply(primitive, $0)) }
  case is Reshape:
    return x[0].units.map { units(apply(primitive, $0)) }
  case let sum as Sum:
    // An example's sum is its only element.
    guard let weights = x[0].units else { return nil }
    if sum.target == weights.shape { return x[0] }
    if sum.target.count == 1 {
      return BatchedValue(value: weights.reshaped(to: sum.target.batched(count)), isBatched: true)
    }
  case is Select:
    guard x[0].units?.content.isNowhereZero == true, x[2].isZero else { return nil }
    if x[1].units != nil { return x[1] }
    if !x[1].isBatched { return BatchedValue(units: x[1].value) }
  case let used as UsedProduct:
    guard let weights = x[used.masked].units, !x[1 - used.masked].isBatched,
      x[2].units?.content.isNowhereZero == true, weights.shape.rank == 2
    else { return nil }
    return used.product.rows(x[1 - used.masked].value, times: weights, isRight: used.masked == 1, count: count)
  default: break
  }
  return nil
}

private func units(_ weights: Value) -> BatchedValue { BatchedValue(units: weights) }

extension BatchedValue {
  /// Whether it is known to be 0 throughout.
  fileprivate var isZero: Bool { units == nil && value.content.storage?.onlyNumber == 0 }
}

extension MatrixProduct {
  /// The product of a matrix and vectors of one element each: that element times the matrix's row, or column, which it meets.
  fileprivate func rows(_ matrix: Value, times weights: Value, isRight: Bool, count: Int) -> BatchedValue? {
    // For W (2, 3) and eᵢ·dᵢ on its right, the product is column i of W, times dᵢ.
    // The vectors are columns on the right of the matrix, or rows on its left.
    let inner = weights.shape[(isRight ? transposesRight : !transposesLeft) ? 1 : 0]
    // Each example's vector is one column, or one row, whose only element is its own.
    guard inner == count, weights.shape.count == count else { return nil }
    let isTransposed = isRight ? !transposesLeft : transposesRight
    let rows = isTransposed ? apply(Permute(order: [1, 0]), matrix) : matrix
    let product = applyBroadcasting(Multiply(), rows, weights.reshaped(to: [count, 1]))
    let length = rows.shape[1]
    return BatchedValue(
      value: product.reshaped(to: isRight ? [count, length, 1] : [count, 1, length]), isBatched: true)
  }
}

extension Value {
  /// The batch of which this is the diagonal, which knows that nothing else is used.
  var writtenOut: Value {
    if content.error != nil { return self }
    let count = shape.count, batch = shape.batched(count)
    func mask<S: TensorScalar>(_: S.Type) -> Value {
      var units = NDArray<S>.zeros(batch)
      units.withUnsafeMutableBufferPointer { for row in 0..<count { $0[row * count + row] = 1 } }
      return Value(units)
    }
    let type = scalarType ?? .double, mask = type == .float ? mask(Float.self) : mask(Double.self)
    // Ones on the diagonal are the mask itself.
    if content.storage?.onlyNumber == 1 { return mask }
    let zeros = Value(repeating: 0, shape: batch, scalarType: type)
    return apply(Select(), [mask, apply(Broadcast(target: batch), self), zeros])
  }
}
