// Signs, and choices between elements.

/// `y = |x|`, with `y′ = sign x`; 0 at 0.
struct Absolute: Elementwise, UnaryKernel {
  static let name = "abs", symbol = "|$0|", kernel = UnaryFunction.absolute
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { sign(x) }
}

/// `y = −1, 0 or 1`.
struct Sign: PiecewiseConstant, UnaryKernel {
  static let name = "sign", kernel = UnaryFunction.sign
}

/// `z = max(x, y)`; the cotangent goes to the larger, in halves where they are equal.
struct Maximum: BinaryKernel {
  static let name = "maximum", kernel = BinaryFunction.maximum

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result z: Tensor<S>
  ) -> Tensor<S> {
    cotangent.chained(with: shareOfWinner(operands[i], over: operands[1 - i]))
  }
}

/// `z = min(x, y)`; the cotangent goes to the smaller, in halves where they are equal.
struct Minimum: BinaryKernel {
  static let name = "minimum", kernel = BinaryFunction.minimum

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result z: Tensor<S>
  ) -> Tensor<S> {
    cotangent.chained(with: shareOfWinner(-operands[i], over: -operands[1 - i]))
  }
}

/// 1 where x > y, ½ where they are equal, 0 where x < y, NaN where either is: the derivative of max(x, y) by x.
private func shareOfWinner<S>(_ x: Tensor<S>, over y: Tensor<S>) -> Tensor<S> {
  0.5 * (1 + sign(select(x .== y, Tensor.zeros(x.shape), x - y)))
}

/// `z = mask ≠ 0 ? x : y`; the cotangent goes to the operand that was chosen; the other was not used.
struct Select: SameShape, Computed {
  static let name = "select"

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.select(x[0], x[1], x[2])
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result z: Tensor<S>
  ) -> Tensor<S> {
    let mask = operands[0], unused = Tensor<S>.unused(cotangent.shape)
    switch i {
    case 1: return select(mask, cotangent, unused)
    case 2: return select(mask, unused, cotangent)
    default: return unused
    }
  }
}

/// `y = x`, moved into an interval; with `y′ = 1` within, its ends included, and 0 outside.
struct Clamp: Elementwise, Computed, CustomStringConvertible {
  static let name = "clamp"
  /// −∞ and ∞ where there is no bound.
  let lower, upper: Double

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    let shape = backend.shape(x[0])
    let raised = backend.zip(.maximum, x[0], backend.fill(lower, shape, like: x[0]))
    return backend.zip(.minimum, raised, backend.fill(upper, shape, like: x[0]))
  }

  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    select(isNaN(x), x, (x .>= S(lower)) .& (x .<= S(upper)))
  }

  /// With its bounds.
  var description: String { "\(Self.name)[\(short(lower))…\(short(upper))]" }
}

/// `|x|`. Derivative `sign x`, 0 at 0, NaN at NaN.
public func abs<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Absolute()) }
/// −1, 0 or 1; NaN at NaN. Derivative 0.
public func sign<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Sign()) }
/// The larger of two elements, NaN if either is; shapes broadcast. The derivative goes to the larger, in halves at ties.
public func maximum<S>(_ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> { .broadcasting(Maximum(), x, y) }
/// The smaller of two elements, NaN if either is; shapes broadcast. The derivative goes to the smaller, in halves at ties.
public func minimum<S>(_ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> { .broadcasting(Minimum(), x, y) }

/// `x` where the mask is not 0, `y` elsewhere; shapes broadcast (the `where` of other libraries).
///
/// The operand that was not chosen gets a derivative of exactly 0, whatever happens in it:
/// `select(x .> 0, log(x), 0)` has derivative 0 at x = 0, not NaN.
public func select<S>(_ mask: Tensor<S>, _ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> {
  if mask.shape == x.shape, x.shape == y.shape { return mask.applying(Select(), [x, y]) }
  do {
    let shape = try Shape.broadcast(mask.shape, Shape.broadcast(x.shape, y.shape))
    return mask.broadcast(to: shape).applying(Select(), [x.broadcast(to: shape), y.broadcast(to: shape)])
  } catch {
    return Tensor(failing: error, Select(), [mask, x, y])
  }
}

/// `x` where the mask is not 0, a number elsewhere.
public func select<S>(_ mask: Tensor<S>, _ x: Tensor<S>, _ y: S) -> Tensor<S> { select(mask, x, Tensor(y)) }
/// A number where the mask is not 0, `y` elsewhere.
public func select<S>(_ mask: Tensor<S>, _ x: S, _ y: Tensor<S>) -> Tensor<S> { select(mask, Tensor(x), y) }

extension Tensor {
  /// The elements moved into an interval: those below it to its lower end, those above to its upper end. Derivative 1 within,
  /// the ends included, and 0 outside.
  public func clamped(to bounds: ClosedRange<Scalar>) -> Tensor { clamped(bounds.lowerBound, bounds.upperBound) }

  /// The elements, or the bound where they are below it.
  public func clamped(to bounds: PartialRangeFrom<Scalar>) -> Tensor { clamped(bounds.lowerBound, .infinity) }

  /// The elements, or the bound where they are above it.
  public func clamped(to bounds: PartialRangeThrough<Scalar>) -> Tensor { clamped(-.infinity, bounds.upperBound) }

  private func clamped(_ lower: Scalar, _ upper: Scalar) -> Tensor {
    applying(Clamp(lower: Double(lower), upper: Double(upper)))
  }
}
