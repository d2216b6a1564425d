import TapeGradCore

/// The activation functions of the study notes: what a layer applies to `Z = W·A + b`, element by element.
///
/// ```swift
/// let g = Activation.leakyRelu(slope: 0.1)
/// let a = g(z)
/// ```
public enum Activation: Hashable, Sendable {
  /// `σ(z) = 1/(1 + e⁻ᶻ)`, in (0, 1): for the output of a binary classifier.
  case sigmoid
  /// `tanh z`, in (−1, 1): centered at 0.
  case tanh
  /// `max(0, z)`: the usual choice for hidden layers.
  case relu
  /// `z` where z > 0, `slope·z` elsewhere: keeps a gradient where relu has none.
  case leakyRelu(slope: Double = 0.01)
  /// `z`: no activation. As an output for regression; hidden, it leaves the network linear.
  case identity
}

extension Activation {
  /// `g(z)`.
  public func callAsFunction<S>(_ z: Tensor<S>) -> Tensor<S> {
    switch self {
    case .sigmoid: TapeGradCore.sigmoid(z)
    case .tanh: TapeGradCore.tanh(z)
    case .relu: TapeGradCore.relu(z)
    case .leakyRelu(let slope): TapeGradCore.leakyRelu(z, slope: S(slope))
    case .identity: z
    }
  }

  /// `g(z)` on an array, for equations written by hand.
  public func callAsFunction<S>(_ z: NDArray<S>) -> NDArray<S> {
    switch self {
    case .sigmoid: TapeGradArrays.sigmoid(z)
    case .tanh: TapeGradArrays.tanh(z)
    case .relu: TapeGradArrays.relu(z)
    case .leakyRelu(let slope): TapeGradArrays.leakyRelu(z, slope: S(slope))
    case .identity: z
    }
  }

  /// `g′(z)` as the notes write it, given z and `a = g(z)`.
  ///
  /// `a(1 − a)` and `1 − a²` cancel where `a` is close to ±1; the tape's rules keep their digits there.
  public func derivative<S>(at z: NDArray<S>, value a: NDArray<S>) -> NDArray<S> {
    switch self {
    case .sigmoid: a * (1 - a)
    case .tanh: 1 - a * a
    case .relu: step(z)  // 1 where z > 0, 0 elsewhere
    case .leakyRelu(let slope): leakyStep(z, slope: S(slope))  // 1 where z > 0, slope elsewhere
    case .identity: .ones(z.shape)
    }
  }
}

extension Activation: CaseIterable {
  /// Each activation once, with the usual slope.
  public static var allCases: [Activation] { [.sigmoid, .tanh, .relu, .leakyRelu(), .identity] }
}

extension Activation: LosslessStringConvertible {
  /// The activation of a name: `sigmoid`, `tanh`, `relu`, `leakyRelu`, `leakyRelu(0.2)`, `identity`; nil for another.
  public init?(_ name: String) {
    if let known = Activation.allCases.first(where: { $0.description == name }) {
      self = known
      return
    }
    let start = "leakyRelu("
    guard name.hasPrefix(start), name.hasSuffix(")"), let slope = Double(name.dropFirst(start.count).dropLast()) else {
      return nil
    }
    self = .leakyRelu(slope: slope)
  }

  /// The name; with the slope where it is not the usual one.
  public var description: String {
    switch self {
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .relu: "relu"
    case .leakyRelu(slope: 0.01): "leakyRelu"
    case .leakyRelu(let slope): "leakyRelu(\(slope))"
    case .identity: "identity"
    }
  }
}
