// The same elements in another shape or order.

/// `y = x`, read in another shape with as many elements.
struct Reshape: Linear {
  static let name = "reshape"
  let target: Shape

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    guard target.defect != nil || target.count == operands[0].count else {
      throw TensorError("\(operands[0].count) elements do not fill shape \(target), which has \(target.count)")
    }
    return target
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    operands.array(0).reshaped(to: target)
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.applying(Reshape(target: operandShape))
  }

  func formula(_ x: [Formula]) -> Formula { .implicit(self, x[0]) }
}

/// `y = x` with its axes in another order: axis i of y is axis `order[i]` of x.
struct Permute: Linear, CustomStringConvertible {
  static let name = "permute"
  let order: [Int]

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let x = operands[0]
    guard order.sorted() == Array(0..<x.rank) else {
      throw TensorError("\(order) is no order of the axes of a tensor of rank \(x.rank)")
    }
    return Shape(order.map { x[$0] })
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> { operands.array(0).permuted(order) }

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
  public func reshaped(to shape: Shape) -> Tensor { applying(Reshape(target: shape)) }

  /// The axes in another order: axis `i` of the result is axis `order[i]` of this tensor.
  public func permuted(_ order: [Int]) -> Tensor { applying(Permute(order: order)) }

  /// The last two axes exchanged: `Aᵀ` for a matrix. A tensor of rank below 2 is its own transpose.
  public var transposed: Tensor {
    let rank = shape.rank
    return rank < 2 ? self : permuted(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }
}
