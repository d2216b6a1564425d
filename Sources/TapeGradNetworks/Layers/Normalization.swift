import TapeGradCore

/// A normalization between `W·A + b` and the activation of a hidden layer.
public enum Normalization<Scalar: TensorScalar>: TensorGroup {
  /// Each feature over the examples of a batch.
  case batch(BatchNormalization<Scalar>)
  /// Each example over its features.
  case layer(LayerNormalization<Scalar>)

  /// A normalization of n features.
  public init(_ kind: NormalizationKind, features: Int) {
    switch kind {
    case .batch: self = .batch(BatchNormalization(features: features))
    case .layer: self = .layer(LayerNormalization(features: features))
    }
  }

  /// Which of the two it is.
  public var kind: NormalizationKind {
    switch self {
    case .batch: .batch
    case .layer: .layer
    }
  }

  /// Visits the tensors of the normalization.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    switch self {
    case .batch(var normalization):
      try normalization.visitTensors(visit)
      self = .batch(normalization)
    case .layer(var normalization):
      try normalization.visitTensors(visit)
      self = .layer(normalization)
    }
  }

  /// Which of the two it is, and its configuration.
  public func hashConfiguration(into hasher: inout Hasher) {
    hasher.combine(kind)
    switch self {
    case .batch(let normalization): normalization.hashConfiguration(into: &hasher)
    case .layer(let normalization): normalization.hashConfiguration(into: &hasher)
    }
  }

  /// X normalized, for a network that is used.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    switch self {
    case .batch(let normalization): normalization(x)
    case .layer(let normalization): normalization(x)
    }
  }

  /// X normalized, for a network that learns.
  public func learning(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    switch self {
    case .batch(let normalization): normalization.learning(x)
    case .layer(let normalization): normalization(x)
    }
  }

  /// This normalization after it has seen a batch.
  public func observing(_ x: Tensor<Scalar>) -> Self {
    switch self {
    case .batch(let normalization): .batch(normalization.observing(x))
    case .layer: self
    }
  }
}

/// Over what a hidden layer is normalized.
public enum NormalizationKind: String, CaseIterable, Sendable {
  /// Each feature over the examples of a batch: ``BatchNormalization``.
  case batch
  /// Each example over its features: ``LayerNormalization``.
  case layer
}
