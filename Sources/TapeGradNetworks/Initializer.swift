import TapeGradCore

/// How the weights of a layer begin, given how many inputs n_in and outputs n_out it has. Biases begin at 0.
public enum Initializer: Hashable, Sendable {
  /// `scale·N(0, 1)`: small random numbers, `0.01·randn` in the study notes.
  case normal(scale: Double = 0.01)
  /// All 0. Every hidden unit then has the same gradient for ever: for tests and for showing just that.
  case zeros
  /// `N(0, 2/(n_in + n_out))`, for tanh and sigmoid.
  ///
  /// Xavier Glorot, Yoshua Bengio: Understanding the difficulty of training deep feedforward neural networks, AISTATS
  /// 2010, equation 12 in its normal form.
  case xavierNormal
  /// `U(−√(6/(n_in + n_out)), √(6/(n_in + n_out)))`: the same variance. Glorot and Bengio 2010, equation 16.
  case xavierUniform
  /// `N(0, 2/n_in)`, for relu.
  ///
  /// Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun: Delving deep into rectifiers, ICCV 2015, equation 10.
  case he

  /// What suits the units of a layer with this activation: `he` for relu and leaky relu, `xavierNormal` for the others.
  public static func recommended(for activation: Activation) -> Initializer {
    switch activation {
    case .relu, .leakyRelu: .he
    case .sigmoid, .tanh, .identity: .xavierNormal
    }
  }

  /// Weights of shape (outputs, inputs). Sizes that no tensor can have give a failed tensor.
  public func weights<S>(
    outputs: Int, inputs: Int, using generator: inout some RandomNumberGenerator
  ) -> Tensor<S> {
    let shape: Shape = [outputs, inputs]
    let (fanIn, fanOut) = (Double(inputs), Double(outputs))
    switch self {
    case .normal(let scale):
      return .randomNormal(shape, scale: scale, using: &generator)
    case .zeros:
      return .zeros(shape)
    case .xavierNormal:
      return .randomNormal(shape, scale: (2 / (fanIn + fanOut)).squareRoot(), using: &generator)
    case .xavierUniform:
      let bound = (6 / (fanIn + fanOut)).squareRoot()
      return .randomUniform(shape, in: -bound...bound, using: &generator)
    case .he:
      return .randomNormal(shape, scale: (2 / fanIn).squareRoot(), using: &generator)
    }
  }
}
