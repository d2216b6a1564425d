// Stretching to a larger shape, and its transpose, summing to a smaller one.

/// `y = x` stretched to a larger shape: axes of length 1 and missing first axes repeat.
struct Broadcast: Linear {
  static let name = "broadcast"
  let target: Shape

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    guard target.defect != nil || operands[0].broadcasts(to: target) else {
      throw TensorError("it does not stretch to \(target)")
    }
    return target
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    operands.array(0).broadcast(to: target)
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.applying(Sum(target: operandShape))
  }

  func formula(_ x: [Formula]) -> Formula { .implicit(self, x[0]) }
}

/// `y = Σ x` over the axes along which the target is shorter; an empty sum is 0.
struct Sum: Linear {
  static let name = "sum"
  let target: Shape

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try target.validated(asReductionOf: operands[0])
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> { operands.array(0).sum(to: target) }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.applying(Broadcast(target: operandShape))
  }

  func formula(_ x: [Formula], shapes: [Shape]) -> Formula {
    .reduction(self, x[0], over: shapes[0].axes(foldedTo: target))
  }
}

extension Shape {
  /// This shape as the result of reducing `shape`.
  func validated(asReductionOf shape: Shape) throws(TensorError) -> Shape {
    guard defect != nil || broadcasts(to: shape) else { throw TensorError("it does not reduce to \(self)") }
    return self
  }

  /// The axes along which `target` is shorter, in words: `columns` or `rows` of a matrix, `axis 2`; empty for all.
  func axes(foldedTo target: Shape) -> String {
    let folded = (0..<rank).filter { self[$0] != target.length($0, ofRank: rank) || $0 < rank - target.rank }
    if target.rank == 0 || folded.count == rank { return "" }
    if rank == 2 { return folded == [0] ? "rows" : "columns" }
    return (folded.count == 1 ? "axis " : "axes ") + folded.map(String.init).joined(separator: ",")
  }

  /// The shape that remains when `axes` are reduced, and that shape with the axes kept at length 1.
  func reduced(over axes: [Int]?) throws(TensorError) -> (dropped: Shape, kept: Shape) {
    guard let axes else { return (Shape(), Shape([Int](repeating: 1, count: rank))) }
    var kept = dimensions
    var isReduced = [Bool](repeating: false, count: rank)
    for axis in axes {
      guard let resolved = self.axis(axis) else {
        throw TensorError("there is no axis \(axis) in a tensor of rank \(rank)")
      }
      kept[resolved] = 1
      isReduced[resolved] = true
    }
    return (Shape((0..<rank).filter { !isReduced[$0] }.map { self[$0] }), Shape(kept))
  }
}

/// Applies an operation on operands of one shape, stretching them where their shapes broadcast.
func applyBroadcasting(_ primitive: any Primitive, _ a: borrowing Value, _ b: borrowing Value) -> Value {
  if a.shape == b.shape { return apply(primitive, a, b) }
  do {
    let shape = try Shape.broadcast(a.shape, b.shape)
    return apply(primitive, stretched(a, to: shape), stretched(b, to: shape))
  } catch {
    return Value(failing: TensorError(error), primitive, [copy a, copy b])
  }
}

private func stretched(_ value: borrowing Value, to shape: Shape) -> Value {
  value.shape == shape ? copy value : apply(Broadcast(target: shape), value)
}

extension Value {
  /// The failed value of an operation whose operands do not fit; or the first of them that had failed already.
  init(failing error: TensorError, _ primitive: any Primitive, _ operands: [Value]) {
    if let failed = operands.first(where: { $0.content.error != nil }) {
      self = failed
      return
    }
    let described = operands.map { TensorError.Operand(shape: $0.shape, name: $0.name) }
    self.init(failed: error.met(by: type(of: primitive).name, operands: described))
  }
}

extension Tensor {
  /// Applies an operation on operands of one shape, stretching them where their shapes broadcast.
  @inline(__always) static func broadcasting(_ primitive: some Primitive, _ a: Tensor, _ b: Tensor) -> Tensor {
    Tensor(applyBroadcasting(primitive, a.value, b.value))
  }

  init(failing error: ShapeError, _ primitive: some Primitive, _ operands: [Tensor]) {
    self.init(failing: TensorError(error), primitive, operands)
  }

  init(failing error: TensorError, _ primitive: some Primitive, _ operands: [Tensor]) {
    self.init(Value(failing: error, primitive, operands.map { $0.value }))
  }

  /// The tensor stretched to a larger shape: axes of length 1 and missing first axes repeat. Its transpose is the sum.
  public func broadcast(to shape: Shape) -> Tensor {
    shape == self.shape ? self : applying(Broadcast(target: shape))
  }

  /// The sum over every axis along which `shape` is shorter (aligned at the last axis). Its transpose is broadcasting.
  public func sum(to shape: Shape) -> Tensor { shape == self.shape ? self : applying(Sum(target: shape)) }

  /// `Σ x`, over all elements or over `axes`, which vanish, or stay with length 1. An empty sum is 0. Derivative 1.
  public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduced(over: axes, keepingDimensions) { Sum(target: $0) }
  }

  /// `Σ x` over one axis.
  public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    sum(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// Reduces by the operation that `primitive` makes for a target shape, then drops the reduced axes if asked.
  func reduced(
    over axes: [Int]?, _ keepingDimensions: Bool, by primitive: (Shape) -> some Primitive
  ) -> Tensor {
    do {
      let (dropped, kept) = try shape.reduced(over: axes)
      if axes == nil && !keepingDimensions { return applying(primitive(dropped)) }
      let result = applying(primitive(kept))
      return keepingDimensions ? result : result.reshaped(to: dropped)
    } catch {
      return Tensor(failing: error, primitive(Shape()), [self])
    }
  }
}
