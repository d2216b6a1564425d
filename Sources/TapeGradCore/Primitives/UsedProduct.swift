// A matrix product in which what was not used does not count. In a reverse sweep, a cotangent C̄ of which nothing used the
// first row meets the first row of A, in B̄ = Aᵀ·C̄:
//
//   Aᵀ = ⎡ NaN  2 ⎤     C̄ = ⎡ 0 ⎤  not used        Aᵀ·C̄ = ⎡ NaN ⎤        without the terms that were not used: ⎡ 2 ⎤
//        ⎣ 1    3 ⎦         ⎣ 1 ⎦  used                    ⎣  3  ⎦                                              ⎣ 3 ⎦
//
// Where A is finite, the two are the same: 0 times a finite number is 0. So A is looked through, which is little beside a
// product, and only where something in it is not finite the terms are left out one by one.

/// `C = op(A)·op(B)` of operands (A, B, mask), without the terms in which the mask is 0. The mask belongs to one of the
/// factors, which is 0 where it is.
struct UsedProduct: Checked {
  static let name = "matmul"
  let product: MatrixProduct
  /// The factor that the mask belongs to: 0 or 1.
  let masked: Int

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    guard operands[2] == operands[masked] else {
      throw TensorError("a mask of shape \(operands[2]) for a factor of shape \(operands[masked])")
    }
    return try product.shape(operands)
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let factors = [operands[0], operands[1]]
    if factors[1 - masked].isFinite { return try product.evaluate(operands) }
    return masked == 0
      ? usedTerms(factors[0], product.transposesLeft, operands[2], factors[1], product.transposesRight)
      : usedTerms(factors[1], !product.transposesRight, operands[2], factors[0], !product.transposesLeft).transposed
  }

  /// The product without what no element of the factor with the mask uses: whole rows and columns of the other factor.
  func compute<B: KernelBackend>(checked x: [B.Operand], on backend: inout B) -> B.Operand {
    let mask = backend.shape(x[2]), rank = mask.rank, other = backend.shape(x[1 - masked])
    // The axis that the product sums, of the factor with the mask and of the other one.
    let transposed = [product.transposesLeft, product.transposesRight]
    let axis = masked == 0 ? rank - (transposed[0] ? 2 : 1) : rank - (transposed[1] ? 1 : 2)
    let otherAxis = masked == 0 ? rank - (transposed[1] ? 1 : 2) : rank - (transposed[0] ? 2 : 1)
    let kept = mask.replacing(axis: axis == rank - 1 ? rank - 2 : rank - 1, with: 1)
    var used = backend.fold(.maximum, x[2], to: kept)
    if axis != otherAxis { used = backend.permute(used, Array(0..<rank - 2) + [rank - 1, rank - 2]) }
    used = backend.broadcast(used, to: other)
    var factors = [x[0], x[1]]
    factors[1 - masked] = backend.select(used, x[1 - masked], backend.fill(0, other, like: x[1 - masked]))
    return backend.matrixProduct(
      factors[0], transposed: product.transposesLeft, factors[1], transposed: product.transposesRight)
  }

  /// `op(C)·op(A)` row by row, each with the rows of op(A) that it uses.
  private func usedTerms<S>(
    _ c: NDArray<S>, _ transposesC: Bool, _ mask: NDArray<S>, _ a: NDArray<S>, _ transposesA: Bool
  ) -> NDArray<S> {
    let c = transposesC ? c.transposed : c, mask = transposesC ? mask.transposed : mask
    let a = transposesA ? a.transposed : a, axis = c.shape.rank - 2
    let zeros = NDArray<S>.zeros(a.shape)
    let rows = (0..<c.shape[axis]).map { row in
      let used = mask.sliced(row..<row + 1, axis: axis).transposed.broadcast(to: a.shape)
      return matmul(c.sliced(row..<row + 1, axis: axis), select(used, a, zeros))
    }
    return rows.isEmpty ? .zeros(a.shape.replacing(axis: axis, with: 0)) : .concatenated(rows, axis: axis)
  }

  /// The products' transposes, again without the terms that were not used. The mask has no derivative.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    if i == 2 { return .unused(operands.shape(2)) }
    let rule = i == 0 ? product.leftRule : product.rightRule, mask = operands[2]
    if i == masked { return rule.product(of: cotangent, operands[1 - i]).whereUsed(mask) }
    // The factor with the mask takes the place of the other one.
    let used = UsedProduct(product: rule.product, masked: rule.isCotangentFirst ? 1 : 0), factor = operands[masked]
    return rule.isCotangentFirst ? cotangent.applying(used, [factor, mask]) : factor.applying(used, [cotangent, mask])
  }

  func formula(_ x: [Formula]) -> Formula { product.formula(x) }
}

extension NDArray {
  /// The last two axes exchanged.
  fileprivate var transposed: NDArray {
    let rank = shape.rank
    return permuted(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }

  /// Whether there is neither an infinity nor a NaN: whether no exponent is all ones. Looked at to the end, since a loop that
  /// may leave early looks at one number at a time.
  fileprivate var isFinite: Bool {
    let bytes = UnsafeRawBufferPointer(start: storage.bytes, count: storage.byteCount)
    switch Scalar.scalarType {
    case .float:
      var found: UInt32 = 0
      for bits in bytes.assumingMemoryBound(to: UInt32.self) { found |= (bits & 0x7f80_0000) &+ 0x0080_0000 }
      return found & 0x8000_0000 == 0
    case .double:
      var found: UInt64 = 0
      for bits in bytes.assumingMemoryBound(to: UInt64.self) {
        found |= (bits & 0x7ff0_0000_0000_0000) &+ 0x0010_0000_0000_0000
      }
      return found & 0x8000_0000_0000_0000 == 0
    }
  }
}
