// Words composed of other operations, whose misuse is said in their own name: `squeeze of (2, 3): axis 1 has length 3`.

extension Tensor {
  /// What `body` makes. Where it throws, or an operand has failed, the failed tensor of an operation of this name.
  func attempt(
    _ operation: String, with others: [Tensor] = [], _ body: () throws(TensorError) -> Tensor
  ) -> Tensor {
    attempts(operation, with: others) { () throws(TensorError) in [try body()] }[0]
  }

  /// The tensors that `body` makes, or a single failed one.
  func attempts(
    _ operation: String, with others: [Tensor] = [], _ body: () throws(TensorError) -> [Tensor]
  ) -> [Tensor] {
    let operands = [self] + others
    if let failed = operands.first(where: { $0.value.content.error != nil }) { return [failed] }
    do {
      return try body()
    } catch {
      let described = operands.map { TensorError.Operand(shape: $0.shape, name: $0.value.name) }
      return [Tensor(Value(failed: error.within(operation: operation, operands: described)))]
    }
  }
}

extension Shape {
  /// The axis that `axis` names, counted from the end where it is negative.
  func existing(_ axis: Int) throws(TensorError) -> Int {
    guard let resolved = self.axis(axis) else {
      throw TensorError("there is no axis \(axis) in a tensor of rank \(rank)")
    }
    return resolved
  }

  /// The axes that these name, each once.
  func existing(_ axes: [Int]) throws(TensorError) -> [Int] {
    var found: [Int] = []
    for axis in axes {
      let resolved = try existing(axis)
      if found.contains(resolved) { throw TensorError("axis \(axis) is named twice") }
      found.append(resolved)
    }
    return found
  }

  /// The place of a new axis, counted behind the last one where it is negative.
  func place(_ axis: Int) throws(TensorError) -> Int {
    let resolved = axis < 0 ? axis + rank + 1 : axis
    guard 0...rank ~= resolved else {
      throw TensorError("there is no place \(axis) for an axis in a tensor of rank \(rank)")
    }
    return resolved
  }

  /// This shape as three axes, with `axis` in the middle.
  func around(_ axis: Int) -> (outer: Int, length: Int, inner: Int) {
    (count(of: 0..<axis), self[axis], count(of: axis + 1..<rank))
  }
}
