// The same elements in another shape or order.
//
// Linear maps that compute nothing: each element of y is one of x, so the transpose puts every cotangent back where its
// element was.
//
//   permuted by [2, 0, 1]      (2, 3, 4) → (4, 2, 3)      transposed: by [1, 2, 0]

/// `y = x`, read in another shape with as many elements.
struct Reshape: Linear, Computed {
  static let name = "reshape"
  let target: Shape

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    guard target.defect != nil || target.count == operands[0].count else {
      throw TensorError("\(operands[0].count) elements do not fill shape \(target), which has \(target.count)")
    }
    return target
  }

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.reshape(x[0], to: target)
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.applying(Reshape(target: operandShape))
  }

  func formula(_ x: [Formula]) -> Formula { .implicit(self, x[0]) }
}

/// `y = x` with its axes in another order: axis i of y is axis `order[i]` of x.
struct Permute: Linear, Computed, CustomStringConvertible {
  static let name = "permute"
  let order: [Int]

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let x = operands[0]
    guard order.sorted() == Array(0..<x.rank) else {
      throw TensorError("\(order) is not an order of the axes of a tensor of rank \(x.rank)")
    }
    return Shape(rank: order.count) { x[order[$0]] }
  }

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.permute(x[0], order)
  }

  /// The inverse order.
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.applying(Permute(order: order.indices.sorted { order[$0] < order[$1] }))
  }

  func formula(_ x: [Formula]) -> Formula { exchangesLastTwo ? .transposed(x[0]) : .call(self, x) }

  private var exchangesLastTwo: Bool {
    order.count >= 2 && order == Array(0..<order.count - 2) + [order.count - 1, order.count - 2]
  }

  var description: String { "permute[\(order.map(String.init).joined(separator: ", "))]" }
}

extension Tensor {
  /// The same elements in another shape of as many elements. Its transpose reshapes back.
  public func reshaped(to shape: Shape) -> Tensor { rearranged(by: Reshape(target: shape)) }

  /// The same elements in a shape of these lengths. One of them may be −1, and is then what the others leave: six elements in
  /// `[2, -1]` are `(2, 3)`. Where they leave no whole number, or two are −1, the tensor is failed.
  public func reshaped(to lengths: [Int]) -> Tensor {
    guard let free = lengths.firstIndex(of: -1) else { return reshaped(to: Shape(lengths)) }
    let others = Shape(lengths.indices.map { $0 == free ? 1 : lengths[$0] }), count = shape.count
    if others.defect == nil, others.count > 0, count % others.count == 0 {
      return reshaped(to: others.replacing(axis: free, with: count / others.count))
    }
    let isOnly = lengths[(free + 1)...].allSatisfy { $0 != -1 }
    let error = TensorError(
      isOnly ? "\(count) elements in \(lengths) leave no length for the -1" : "only one length of \(lengths) can be -1")
    return Tensor(failing: error, Reshape(target: others), [self])
  }

  /// The axes in another order: axis `i` of the result is axis `order[i]` of this tensor, counted from the end where it is
  /// negative.
  public func permuted(_ order: [Int]) -> Tensor {
    rearranged(by: Permute(order: order.map { shape.resolved($0) }))
  }

  /// Applies a change of shape. The value of a sigmoid goes on remembering its logits, in the new shape.
  func rearranged(by primitive: some Primitive) -> Tensor { rearranged { apply(primitive, $0) } }

  /// Applies a change of shape, and to the logits of a sigmoid too.
  func rearranged(_ change: (Value) -> Value) -> Tensor {
    var y = change(value)
    if case .sigmoid(let output) = value.content, y.content.error == nil {
      y.content = .sigmoid(SigmoidOutput(y.content, logits: change(output.logits)))
    }
    return Tensor(y)
  }

  /// The last two axes exchanged: `Aᵀ` for a matrix. A tensor of rank below 2 is its own transpose.
  public var transposed: Tensor {
    let rank = shape.rank
    return rank < 2 ? self : permuted(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }
}
