// Sine and cosine.

/// `y = sin x`, with `y′ = cos x`.
struct Sine: Elementwise, UnaryKernel {
  static let name = "sin", kernel = UnaryFunction.sine
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { cos(x) }
}

/// `y = cos x`, with `y′ = −sin x`.
struct Cosine: Elementwise, UnaryKernel {
  static let name = "cos", kernel = UnaryFunction.cosine
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -sin(x) }
}

/// `sin x`, x in radians. Derivative `cos x`. By the C library, right for every finite argument; NaN at ±∞.
public func sin<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Sine()) }
/// `cos x`, x in radians. Derivative `−sin x`. By the C library, right for every finite argument; NaN at ±∞.
public func cos<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Cosine()) }
