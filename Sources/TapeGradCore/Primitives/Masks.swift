// Comparisons, and what is made of them. A mask is a tensor of ones and zeros; where one is read, any number but 0 counts
// as true. Nothing has a derivative by what it is compared with: the derivative of a mask is 0, and no rule is asked.
//
// The operators are those of Swift's own SIMD masks.

/// `z = 1` where x < y, 0 elsewhere.
struct Less: PiecewiseConstant, BinaryKernel {
  static let name = "less", symbol = "[$0 < $1]", kernel = BinaryFunction.less
}

/// `z = 1` where x ≤ y, 0 elsewhere.
struct LessOrEqual: PiecewiseConstant, BinaryKernel {
  static let name = "lessOrEqual", kernel = BinaryFunction.lessOrEqual
}

/// `z = 1` where x = y, 0 elsewhere.
struct Equal: PiecewiseConstant, BinaryKernel {
  static let name = "equal", symbol = "[$0 = $1]", kernel = BinaryFunction.equal
}

extension Tensor {
  /// 1 where `x < y`, 0 elsewhere, at NaN too; shapes broadcast. Derivative 0.
  public static func .< (x: Tensor, y: Tensor) -> Tensor { broadcasting(Less(), x, y) }
  /// 1 where `x ≤ y`, 0 elsewhere, at NaN too; shapes broadcast. Derivative 0.
  public static func .<= (x: Tensor, y: Tensor) -> Tensor { broadcasting(LessOrEqual(), x, y) }
  /// 1 where `x > y`, 0 elsewhere, at NaN too; shapes broadcast. Derivative 0.
  public static func .> (x: Tensor, y: Tensor) -> Tensor { broadcasting(Less(), y, x) }
  /// 1 where `x ≥ y`, 0 elsewhere, at NaN too; shapes broadcast. Derivative 0.
  public static func .>= (x: Tensor, y: Tensor) -> Tensor { broadcasting(LessOrEqual(), y, x) }
  /// 1 where `x = y`, 0 elsewhere, at NaN too; shapes broadcast. Derivative 0.
  public static func .== (x: Tensor, y: Tensor) -> Tensor { broadcasting(Equal(), x, y) }
  /// 1 where `x ≠ y`, at NaN too, 0 elsewhere; shapes broadcast. Derivative 0.
  public static func .!= (x: Tensor, y: Tensor) -> Tensor { .!(x .== y) }

  /// 1 where `x < c`, 0 elsewhere. Derivative 0.
  public static func .< (x: Tensor, c: Scalar) -> Tensor { x .< Tensor(c) }
  /// 1 where `x ≤ c`, 0 elsewhere. Derivative 0.
  public static func .<= (x: Tensor, c: Scalar) -> Tensor { x .<= Tensor(c) }
  /// 1 where `x > c`, 0 elsewhere. Derivative 0.
  public static func .> (x: Tensor, c: Scalar) -> Tensor { x .> Tensor(c) }
  /// 1 where `x ≥ c`, 0 elsewhere. Derivative 0.
  public static func .>= (x: Tensor, c: Scalar) -> Tensor { x .>= Tensor(c) }
  /// 1 where `x = c`, 0 elsewhere. Derivative 0.
  public static func .== (x: Tensor, c: Scalar) -> Tensor { x .== Tensor(c) }
  /// 1 where `x ≠ c`, at NaN too, 0 elsewhere. Derivative 0.
  public static func .!= (x: Tensor, c: Scalar) -> Tensor { x .!= Tensor(c) }

  /// 1 where both masks are true (not 0), 0 elsewhere; shapes broadcast. Derivative 0.
  public static func .& (a: Tensor, b: Tensor) -> Tensor { (a .== 0) + (b .== 0) .== 0 }
  /// 1 where one of the masks is true (not 0), 0 elsewhere; shapes broadcast. Derivative 0.
  public static func .| (a: Tensor, b: Tensor) -> Tensor { (a .== 0) + (b .== 0) .< 2 }
  /// 1 where the mask is 0, 0 elsewhere. Derivative 0.
  public static prefix func .! (a: Tensor) -> Tensor { a .== 0 }

  /// 1 where any element of the mask is true (not 0), over all or over `axes`, which are removed, or kept with length 1; 0
  /// where there is none. Derivative 0.
  public func any(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    (self .!= 0).sum(axes: axes, keepingDimensions: keepingDimensions) .!= 0
  }

  /// 1 where all elements of the mask are true (not 0), over all or over `axes`, which are removed, or kept with length 1; 1
  /// where there is none. Derivative 0.
  public func all(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    (self .== 0).sum(axes: axes, keepingDimensions: keepingDimensions) .== 0
  }

  /// Whether any element along one axis is true.
  public func any(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    any(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// Whether all elements along one axis are true.
  public func all(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    all(axes: [axis], keepingDimensions: keepingDimensions)
  }
}

/// 1 where x is NaN, 0 elsewhere. Derivative 0.
public func isNaN<S>(_ x: Tensor<S>) -> Tensor<S> { x .!= x }
/// 1 where x is neither NaN nor infinite, 0 elsewhere. Derivative 0.
public func isFinite<S>(_ x: Tensor<S>) -> Tensor<S> { abs(x) .< .infinity }
