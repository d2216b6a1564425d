// Lengths of vectors.
//
// The derivative of a length r by a component x is the direction x/r. Where all components are 0 there is none, and it is
// taken to be 0; the next derivatives do not exist there, and are not taken to be anything: 1/0.

/// `w = x/r` for a component x of a vector of length r; 0 where r = 0, ±1 where x is infinite.
struct Direction: BinaryKernel {
  static let name = "direction", kernel = BinaryFunction.direction

  /// `x̄ = w̄/r`; `r̄ = −w̄ ⊙ w/r`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result w: Tensor<S>
  ) -> Tensor<S> {
    let r = operands[1]
    return i == 0 ? cotangent.whereUsed { $0 / r } : -cotangent.whereUsed { $0 * w / r }
  }

  func formula(_ x: [Formula]) -> Formula { x[0] / x[1] }
}

/// `r = √(x² + y²)`, with `∂r/∂x = x/r`.
struct Hypotenuse: BinaryKernel {
  static let name = "hypot", kernel = BinaryFunction.hypotenuse

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result r: Tensor<S>
  ) -> Tensor<S> {
    cotangent.chained(with: operands[i].applying(Direction(), r))
  }
}

/// `r = √(Σ x²)` over the axes along which the target is shorter, with `∂r/∂x = x/r`.
struct EuclideanNorm: Computed, Folding {
  static let name = "norm"
  let target: Shape

  /// `s·√(Σ (x/s)²)`, with the largest |x| for s: squares neither overflow nor vanish.
  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    let largest = backend.fold(.maximum, backend.map(.absolute, x[0]), to: target)
    let shape = backend.shape(largest), one = backend.fill(1, shape, like: x[0])
    let isOrdinary = backend.zip(
      .multiply, backend.zip(.less, backend.fill(0, shape, like: x[0]), largest),
      backend.zip(.less, largest, backend.fill(.infinity, shape, like: x[0])))
    let scale = backend.select(isOrdinary, largest, one)
    let squares = backend.map(.square, backend.zip(.divide, x[0], scale))
    return backend.zip(.multiply, scale, backend.map(.squareRoot, backend.fold(.sum, squares, to: target)))
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result r: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[0]
    return cotangent.broadcast(to: x.shape).chained(with: x.applying(Direction(), r.broadcast(to: x.shape)))
  }
}

/// How the length of a vector is measured.
public enum NormKind: Sendable {
  /// `Σ |x|`, the norm of order 1.
  case absolute
  /// `√(Σ x²)`, the norm of order 2.
  case euclidean
  /// `max |x|`, the norm of order ∞.
  case maximum
}

/// `√(x² + y²)`, without overflow on the way; shapes broadcast. Derivatives `x/r` and `y/r`, 0 where both are 0; those of an
/// infinite operand ±1.
public func hypot<S>(_ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> { .broadcasting(Hypotenuse(), x, y) }

extension Tensor {
  /// The norm of the elements, over all or over `axes`, which are removed, or kept with length 1: `√(Σ x²)`, `Σ |x|` or
  /// `max |x|`. Nothing overflows on the way.
  ///
  /// Derivative `x/r`; `sign x`; the sign of the largest, split evenly over ties. Where all elements are 0 it is 0. The
  /// norm of no element is 0, but for the maximum, which gives a failed tensor.
  public func norm(_ kind: NormKind = .euclidean, axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    switch kind {
    case .absolute: abs(self).sum(axes: axes, keepingDimensions: keepingDimensions)
    case .euclidean: reduced(over: axes, keepingDimensions) { EuclideanNorm(target: $0) }
    case .maximum: abs(self).max(axes: axes, keepingDimensions: keepingDimensions)
    }
  }

  /// The norm of the elements along one axis.
  public func norm(_ kind: NormKind = .euclidean, axis: Int, keepingDimensions: Bool = false) -> Tensor {
    norm(kind, axes: [axis], keepingDimensions: keepingDimensions)
  }
}
