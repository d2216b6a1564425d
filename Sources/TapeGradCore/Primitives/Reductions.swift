// Sums and means over axes.
//
// A target shape says what is folded, as it does for broadcasting: of x (4, 3), to (4, 1) each row, to (1, 3) or (3)
// each column, to () everything. So a sum and a broadcast between the same two shapes are each other's transposes:
//
//   sum to (3)          (4, 3) → (3)          cotangent: broadcast (3) → (4, 3)
//   broadcast to (4, 3)    (3) → (4, 3)       cotangent: sum to (3)

/// A reduction of every axis along which a target shape is shorter.
protocol Folding: Primitive {
  var target: Shape { get }
  /// How it reads on an operand of this shape, which tells the axes that are folded.
  func formula(_ x: Formula, ofShape shape: Shape) -> Formula
}

extension Folding {
  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try target.validated(asReductionOf: operands[0])
  }

  /// `Σ_columns(x)`.
  func formula(_ x: Formula, ofShape shape: Shape) -> Formula {
    .reduction(self, x, over: shape.axes(foldedTo: target))
  }
}

extension Primitive {
  /// How the operation reads on operands of these shapes.
  func formula(_ x: [Formula], shapes: [Shape]) -> Formula {
    (self as? any Folding)?.formula(x[0], ofShape: shapes[0]) ?? formula(x)
  }
}

/// `y = Σ x` over the axes along which the target is shorter; an empty sum is 0.
struct Sum: Linear, Computed, Folding {
  static let name = "sum", symbol = "Σ"
  let target: Shape

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.fold(.sum, x[0], to: target)
  }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.applying(Broadcast(target: operandShape))
  }
}

/// `y = (1/n)·Σ x` over the axes along which the target is shorter; an empty mean is NaN.
struct Mean: Linear, Computed, Folding {
  static let name = "mean"
  let target: Shape

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.map(.quotient, backend.fold(.sum, x[0], to: target), Double(count(backend.shape(x[0]))))
  }

  /// `x̄ = ȳ/n`, in every element.
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.applying(PerElement(count: count(operandShape))).broadcast(to: operandShape)
  }

  /// `(1/n)·Σ x`.
  func formula(_ x: Formula, ofShape shape: Shape) -> Formula {
    1 / .count(count(shape)) * Sum(target: target).formula(x, ofShape: shape)
  }

  private func count(_ shape: Shape) -> Int { target.count == 0 ? 0 : shape.count / target.count }
}

/// `y = x/n`, for a number of elements n.
struct PerElement: Linear, UnaryKernel {
  static let name = "perElement", kernel = UnaryFunction.quotient
  let count: Int
  var number: Double { Double(count) }

  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> { cotangent.applying(self) }
  func formula(_ x: [Formula]) -> Formula { x[0] / .count(count) }
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
    guard let axes else { return (Shape(), Shape(rank: rank) { _ in 1 }) }
    var kept = dimensions
    var isReduced = [Bool](repeating: false, count: rank)
    for axis in axes {
      guard let resolved = self.axis(axis) else {
        throw TensorError("there is no axis \(axis) in a tensor of rank \(rank)")
      }
      if isReduced[resolved] { throw TensorError("axis \(axis) is named twice") }
      kept[resolved] = 1
      isReduced[resolved] = true
    }
    return (Shape((0..<rank).filter { !isReduced[$0] }.map { self[$0] }), Shape(kept))
  }
}

extension Tensor {
  /// The sum over every axis along which `shape` is shorter (aligned at the last axis). Its transpose is broadcasting.
  public func sum(to shape: Shape) -> Tensor { shape == self.shape ? self : applying(Sum(target: shape)) }

  /// `Σ x`, over all elements or over `axes`, which are removed, or kept with length 1. An empty sum is 0. Derivative 1.
  public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduced(over: axes, keepingDimensions) { Sum(target: $0) }
  }

  /// `Σ x` over one axis.
  public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    sum(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The mean, over all elements or over `axes`, which are removed, or kept with length 1. An empty mean is NaN.
  /// Derivative `1/n`.
  public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduced(over: axes, keepingDimensions) { Mean(target: $0) }
  }

  /// The mean over one axis.
  public func mean(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    mean(axes: [axis], keepingDimensions: keepingDimensions)
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
