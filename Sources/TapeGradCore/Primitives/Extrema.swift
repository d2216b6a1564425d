// The largest and the smallest element, and where they stand.
//
// For x = (2, 5, 5), y = 5 and a cotangent of 1, the winners are (0, 1, 1) and the shares (0, ½, ½): their sum is 1, as that of
// a derivative along (1, 1, 1) has to be. With one winner it gets everything, which is the derivative in the strict sense.

/// The element of a fold that wins over the others; the cotangent is split evenly over ties.
protocol Extremum: Computed, Folding {
  static var reduction: Reduction { get }
}

extension Extremum {
  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let shape = try target.validated(asReductionOf: operands[0])
    guard operands[0].count > 0 || target.count == 0 else {
      throw TensorError("an empty \(Self.reduction.name) has no value")
    }
    return shape
  }

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.fold(Self.reduction, x[0], to: target)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result y: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[0]
    // Both masks are piecewise constant, so the second derivative is 0, as it should be.
    let isWinner = x .== y.broadcast(to: x.shape)
    let share = isWinner / isWinner.sum(to: target).broadcast(to: x.shape)
    return cotangent.broadcast(to: x.shape).chained(with: share)
  }
}

/// `y = max x` over the axes along which the target is shorter.
struct Max: Extremum {
  static let name = "max", reduction = Reduction.maximum
  let target: Shape
}

/// `y = min x` over the axes along which the target is shorter.
struct Min: Extremum {
  static let name = "min", reduction = Reduction.minimum
  let target: Shape
}

/// The index of the first largest element along an axis, or of the first smallest; of NaN, where there is one.
struct ArgMax: TakesIndices, Worded, CustomStringConvertible {
  static let name = "argMax"
  static var derivativeRule: DerivativeRule { .zero }
  let axis: Int
  /// Whether the smallest element is looked for.
  let isOfMinimum: Bool
  var word: ArrayWord { .argMax(axis: axis, isOfMinimum: isOfMinimum) }

  /// The first operand is a number that says in which type the indices are.
  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let x = operands[1], axis = try x.validated(axis: axis)
    guard x[axis] > 0 else { throw TensorError("there is no element along axis \(axis), which has length 0") }
    return Shape((0..<x.rank).filter { $0 != axis }.map { x[$0] })
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let x = operands.doubles(1), shape = x.shape
    let length = shape[axis], inner = shape.count(of: axis + 1..<shape.rank)
    // Line i of the result in row-major order, without the axis.
    let target = Shape((0..<shape.rank).filter { $0 != axis }.map { shape[$0] })
    return x.withUnsafeBufferPointer { x in
      NDArray(shape: target) { indices in
        for i in 0..<target.count {
          // Where the line of this result begins; its elements are `inner` apart.
          let start = i / inner * length * inner + i % inner
          var best = 0
          for k in 1..<length {
            let a = x[start + k * inner], b = x[start + best * inner]
            // The first NaN wins, and nothing wins over it.
            if b.isNaN { break }
            if a.isNaN || (isOfMinimum ? a < b : a > b) { best = k }
          }
          (indices + i).initialize(to: S(best))
        }
      }
    }
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { .zeros(operands.shape(i)) }

  var description: String { "\(isOfMinimum ? "argMin" : Self.name)[axis \(axis)]" }
}

extension OperandArrays {
  /// The numbers of an operand of any scalar type.
  func doubles(_ i: Int) -> NDArray<Double> {
    values[i].pointee.scalarType == .float
      ? values[i].pointee.array(Float.self).converted() : values[i].pointee.array(Double.self)
  }
}

extension Tensor {
  /// The largest element, over all or over `axes`, which are removed, or kept with length 1; NaN wins. The derivative is
  /// split evenly over ties. An empty maximum gives a failed tensor.
  public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduced(over: axes, keepingDimensions) { Max(target: $0) }
  }

  /// The largest element along one axis.
  public func max(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    max(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The smallest element, over all or over `axes`, which are removed, or kept with length 1; NaN wins. The derivative is
  /// split evenly over ties. An empty minimum gives a failed tensor.
  public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduced(over: axes, keepingDimensions) { Min(target: $0) }
  }

  /// The smallest element along one axis.
  public func min(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    min(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The index of the largest element along an axis, which is removed: the first of those that tie; that of NaN, where
  /// there is one. Nothing has a derivative by an index. An axis of length 0 gives failed indices.
  public func argMax(axis: Int) -> Indices { indexOfExtremum(axis, isOfMinimum: false) }

  /// The index of the smallest element along an axis, which is removed: the first of those that tie; that of NaN, where
  /// there is one. Nothing has a derivative by an index. An axis of length 0 gives failed indices.
  public func argMin(axis: Int) -> Indices { indexOfExtremum(axis, isOfMinimum: true) }

  private func indexOfExtremum(_ axis: Int, isOfMinimum: Bool) -> Indices {
    Indices(of: self, by: ArgMax(axis: shape.resolved(axis), isOfMinimum: isOfMinimum))
  }
}
