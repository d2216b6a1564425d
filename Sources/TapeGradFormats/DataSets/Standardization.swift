// The values 2, 4, 4, 4, 5, 5, 7, 9 have mean 5. Their squared distances from it sum to 32, so that the variance is
// 32 / 8 = 4 and the deviation 2. Standardized they are −1.5, −0.5, −0.5, −0.5, 0, 0, 1, 2. A new value 11
// becomes 3.
//
// Features of similar size are easier to train with: the gradient by a weight is proportional to its feature, and
// one step size has to suit them all.

import TapeGradCore

/// A shift and a scale for each feature, after which it has mean 0 and deviation 1: `(x − mean) / deviation`.
///
/// It is taken from the training data, and new data are treated with the same numbers.
public struct Standardization<Scalar: TensorScalar>: Sendable {
  /// The mean of each feature, shape (n_x, 1).
  public var means: Tensor<Scalar>
  /// The deviation of each feature, shape (n_x, 1): that of the population, `√(Σ (x − mean)² / m)`; 1 for a feature
  /// that is constant, whose standardized values are thus 0.
  public var deviations: Tensor<Scalar>

  /// The standardization of features of shape (n_x, m), computed in `Double`. Of no examples, it changes nothing.
  ///
  /// - Throws: ``DataSetError`` for another rank than 2, `TensorError` where the features have no numbers.
  public init(of features: Tensor<Scalar>) throws {
    guard features.shape.rank == 2 else {
      throw DataSetError("features of shape \(features.shape), expected (n_x, m)")
    }
    let rows = features.shape[0], examples = features.shape[1]
    let scalars = try features.scalars.map { Double($0) }
    let moments = (0..<rows).map { Self.moments(scalars[$0 * examples..<($0 + 1) * examples]) }
    means = Tensor(moments.map { Scalar($0.mean) }, shape: [rows, 1])
    deviations = Tensor(moments.map { Scalar($0.deviation) }, shape: [rows, 1])
  }

  init(means: Tensor<Scalar>, deviations: Tensor<Scalar>) {
    self.means = means
    self.deviations = deviations
  }

  /// Features of shape (n_x, k), standardized. Features of another n_x give a failed tensor.
  public func applied(to features: Tensor<Scalar>) -> Tensor<Scalar> {
    (features - means) / deviations
  }

  /// Numbers of shape (n_x, k) that were standardized, in their own units again: `mean + deviation · x`.
  public func reverted(from standardized: Tensor<Scalar>) -> Tensor<Scalar> {
    standardized * deviations + means
  }

  /// Mean and deviation of the values of a feature; deviation 1 where it would be 0.
  private static func moments(_ values: ArraySlice<Double>) -> (mean: Double, deviation: Double) {
    guard let first = values.first else { return (0, 1) }
    // Not by the deviation being 0: rounding makes it 1e-17 or so.
    guard values.contains(where: { $0 != first }) else { return (first, 1) }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    // Scaled, so that the squares neither overflow nor underflow.
    let scale = values.reduce(0) { max($0, abs($1 - mean)) }
    let variance = values.reduce(0) { $0 + ($1 - mean) / scale * (($1 - mean) / scale) } / count
    return (mean, scale * variance.squareRoot())
  }
}

extension Standardization: TensorGroup {
  /// Visits `means` and `deviations`, so that they can be saved beside a model.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    try visit("means", &means)
    try visit("deviations", &deviations)
  }
}

extension DataSet {
  /// The data set with every feature shifted and scaled to mean 0 and deviation 1, and the standardization that did so,
  /// for use on new data.
  ///
  /// - Throws: `TensorError` where the features have no numbers.
  public func standardized() throws -> (dataSet: DataSet, standardization: Standardization<Scalar>) {
    let standardization = try Standardization(of: features)
    return (replacing(features: standardization.applied(to: features)), standardization)
  }
}
