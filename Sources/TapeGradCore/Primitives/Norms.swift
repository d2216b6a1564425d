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
    let scale = backend.scaleOfNorm(x[0], to: target)
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

/// `r = (Σ |x|ᵖ)^(1/p)` for p > 0, over the axes along which the target is shorter, with `∂r/∂x = sign(x)·(|x|/r)ᵖ⁻¹`.
///
/// For (3, −4) and p = 3: r = (27 + 64)^⅓ = 4.498, and the derivatives are (0.667², −0.889²) = (0.445, −0.791).
struct PowerNorm: Computed, Folding {
  static let name = "powerNorm"
  let target: Shape, order: Double

  /// `s·(Σ |x/s|ᵖ)^(1/p)`, as ``EuclideanNorm`` computes it.
  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    let scale = backend.scaleOfNorm(x[0], to: target)
    let ratios = backend.map(.absolute, backend.zip(.divide, x[0], scale))
    let sum = backend.fold(.sum, backend.map(.power, ratios, order), to: target)
    return backend.zip(.multiply, scale, backend.map(.power, sum, 1 / order))
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result r: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[0], direction = x.applying(Direction(), r.broadcast(to: x.shape))
    let slope = sign(direction) * pow(abs(direction), S(order - 1))
    // For p < 1 the slope grows to ±∞ from the two sides of 0; between them it is taken to be 0.
    let finite = order < 1 ? select(direction .== 0, Tensor.zeros(x.shape), slope) : slope
    return cotangent.broadcast(to: x.shape).chained(with: finite)
  }
}

extension KernelBackend {
  /// The largest |x|, by which norms divide; 1 where that is 0, ∞ or NaN.
  fileprivate mutating func scaleOfNorm(_ x: Operand, to target: Shape) -> Operand {
    let largest = fold(.maximum, map(.absolute, x), to: target)
    let shape = shape(largest), one = fill(1, shape, like: x)
    let isOrdinary = zip(
      .multiply, zip(.less, fill(0, shape, like: x), largest), zip(.less, largest, fill(.infinity, shape, like: x)))
    return select(isOrdinary, largest, one)
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
  /// `(Σ |x|ᵖ)^(1/p)`, the norm of order p > 0 (below 1 a measure, though no norm).
  case order(Double)
}

/// `√(x² + y²)`, without overflow on the way; shapes broadcast. Derivatives `x/r` and `y/r`, 0 where both are 0; those of an
/// infinite operand ±1.
public func hypot<S>(_ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> { .broadcasting(Hypotenuse(), x, y) }

extension Tensor {
  /// The norm of the elements, over all or over `axes`, which are removed, or kept with length 1: `√(Σ x²)`, `Σ |x|`,
  /// `max |x|` or `(Σ |x|ᵖ)^(1/p)`. Nothing overflows on the way.
  ///
  /// Derivative `x/r`; `sign x`; the sign of the largest, split evenly over ties; `sign(x)·(|x|/r)ᵖ⁻¹`, which is 0 for
  /// an element 0. Where all elements are 0 it is 0. The norm of no element is 0, but for the maximum, which gives a failed
  /// tensor, as an order does that is not above 0.
  public func norm(_ kind: NormKind = .euclidean, axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    switch kind {
    case .absolute: abs(self).sum(axes: axes, keepingDimensions: keepingDimensions)
    case .euclidean: reduced(over: axes, keepingDimensions) { EuclideanNorm(target: $0) }
    case .maximum, .order(.infinity): abs(self).max(axes: axes, keepingDimensions: keepingDimensions)
    case .order(1): norm(.absolute, axes: axes, keepingDimensions: keepingDimensions)
    case .order(2): norm(.euclidean, axes: axes, keepingDimensions: keepingDimensions)
    case .order(let p) where p > 0:
      reduced(over: axes, keepingDimensions) { PowerNorm(target: $0, order: p) }
    case .order(let p):
      Tensor(
        failing: TensorError("a norm has an order above 0, not \(p)"), PowerNorm(target: Shape(), order: p), [self])
    }
  }

  /// The norm of the elements along one axis.
  public func norm(_ kind: NormKind = .euclidean, axis: Int, keepingDimensions: Bool = false) -> Tensor {
    norm(kind, axes: [axis], keepingDimensions: keepingDimensions)
  }
}
