// Rounding to integers, and remainders.
//
//    x, y       7, 3    −7, 3    7, −3
//    remainder     1       2       −2     x − y·⌊x/y⌋, with the sign of y
//    fmod          1      −1        1     x − y·trunc(x/y), with the sign of x

/// `y = ⌊x⌋`.
struct Floor: PiecewiseConstant, UnaryKernel {
  static let name = "floor", kernel = UnaryFunction.floor
}

/// `y = ⌈x⌉`.
struct Ceiling: PiecewiseConstant, UnaryKernel {
  static let name = "ceil", kernel = UnaryFunction.ceiling
}

/// `y = ` the integer nearest to x; the even one of two as near.
struct Round: PiecewiseConstant, UnaryKernel {
  static let name = "round", kernel = UnaryFunction.round
}

/// `y = x` without its fraction.
struct Truncate: PiecewiseConstant, UnaryKernel {
  static let name = "trunc", kernel = UnaryFunction.truncate
}

/// `z = x − y·⌊x/y⌋`.
struct Remainder: BinaryKernel {
  static let name = "remainder", kernel = BinaryFunction.remainder

  /// `x̄ = z̄`; `ȳ = −z̄·⌊x/y⌋`, where the quotient is that of the remainder as it was computed: x/y may round to the
  /// integer above.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result z: Tensor<S>
  ) -> Tensor<S> {
    i == 0 ? cotangent : cotangent.chained(with: round((z - operands[0]) / operands[1]))
  }
}

/// `z = x − y·trunc(x/y)`.
struct TruncatedRemainder: BinaryKernel {
  static let name = "fmod", kernel = BinaryFunction.truncatedRemainder

  /// `x̄ = z̄`; `ȳ = −z̄·trunc(x/y)`, the quotient again that of the remainder as it was computed.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result z: Tensor<S>
  ) -> Tensor<S> {
    i == 0 ? cotangent : cotangent.chained(with: round((z - operands[0]) / operands[1]))
  }
}

/// `⌊x⌋`, the largest integer not above x. Derivative 0, at integers too; NaN and ±∞ stay.
public func floor<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Floor()) }
/// `⌈x⌉`, the smallest integer not below x. Derivative 0, at integers too; NaN and ±∞ stay.
public func ceil<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Ceiling()) }
/// The integer nearest to x, and of two as near the even one, as in NumPy: 0.5 and 2.5 become 0 and 2. Derivative 0;
/// NaN and ±∞ stay.
public func round<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Round()) }
/// x without its fraction: the integer next to it towards 0. Derivative 0; NaN and ±∞ stay.
public func trunc<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Truncate()) }
/// `x − y·⌊x/y⌋`, the remainder that has the sign of y, as in Python, without roundings; shapes broadcast.
///
/// Derivatives 1 by x and `−⌊x/y⌋` by y, where it jumps too. NaN where y is 0 or x infinite.
public func remainder<S>(_ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> { .broadcasting(Remainder(), x, y) }
/// `x − c·⌊x/c⌋`, the remainder that has the sign of c. Derivative 1.
public func remainder<S>(_ x: Tensor<S>, _ c: S) -> Tensor<S> { remainder(x, Tensor(c)) }
/// `x − y·trunc(x/y)`, the remainder that has the sign of x, as in C, without roundings; shapes broadcast.
///
/// Derivatives 1 by x and `−trunc(x/y)` by y, where it jumps too. NaN where y is 0 or x infinite.
public func fmod<S>(_ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> { .broadcasting(TruncatedRemainder(), x, y) }
/// `x − c·trunc(x/c)`, the remainder that has the sign of x. Derivative 1.
public func fmod<S>(_ x: Tensor<S>, _ c: S) -> Tensor<S> { fmod(x, Tensor(c)) }
