// The product over an axis. Its derivative by an element is the product of the others, which y/xᵢ gives only where xᵢ
// is not 0:
//
//   x           2   0   5
//   before      1   2   0          running products from the left
//   after       0   5   1          and from the right
//   others      0   10  0          before · after: no division, right with one zero or several

/// `y = Π x` over the axes along which the target is shorter; an empty product is 1.
struct Product: Computed, Folding {
  static let name = "product", symbol = "Π"
  let target: Shape

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.fold(.product, x[0], to: target)
  }

  /// `x̄ᵢ = ȳ·Π xⱼ` over all j ≠ i. Nothing is divided, so it is right with one zero, with several, and to any order.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result y: Tensor<S>
  ) -> Tensor<S> {
    let shape = operands.shape(0)
    var others = Tensor<S>.ones(shape), folded = operands[0]
    for axis in 0..<shape.rank where shape[axis] != target.length(axis, ofRank: shape.rank) {
      others = others * (folded.products(before: axis) * folded.products(after: axis))
      folded = folded.product(axis: axis, keepingDimensions: true)
    }
    return cotangent.broadcast(to: shape).chained(with: others)
  }
}

extension Tensor {
  /// `Π x`, over all elements or over `axes`, which are removed, or kept with length 1. An empty product is 1. The
  /// derivative by an element is the product of the others.
  public func product(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduced(over: axes, keepingDimensions) { Product(target: $0) }
  }

  /// `Π x` over one axis.
  public func product(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    product(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// For each element the product of those before it along an axis, 1 for the first.
  fileprivate func products(before axis: Int) -> Tensor {
    let length = shape[axis], ones = Tensor.ones(shape.replacing(axis: axis, with: Swift.min(length, 1)))
    let products = accumulated(axis) { $0 * $1 }
    return concatenate([ones, products.sliced(0..<Swift.max(length - 1, 0), axis: axis)], axis: axis)
  }

  /// For each element the product of those after it along an axis, 1 for the last.
  fileprivate func products(after axis: Int) -> Tensor {
    let length = shape[axis], ones = Tensor.ones(shape.replacing(axis: axis, with: Swift.min(length, 1)))
    let products = accumulated(axis, fromEnd: true) { $0 * $1 }
    return concatenate([products.sliced(Swift.min(length, 1)..<length, axis: axis), ones], axis: axis)
  }
}
