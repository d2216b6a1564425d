import TapeGradCore

/// A table with a learned vector for each of n things (words, categories): thing k is column k.
public struct Embedding<Scalar: TensorScalar>: TensorGroup {
  /// The vectors, (d, n).
  public var vectors: Tensor<Scalar>

  /// A table of these vectors, (d, n).
  public init(vectors: Tensor<Scalar>) { self.vectors = vectors }

  /// A table of n vectors of d random numbers each, `scale·N(0, 1)`.
  public init(count: Int, dimension: Int, scale: Double = 1, using generator: inout some RandomNumberGenerator) {
    self.init(vectors: .randomNormal([dimension, count], scale: scale, using: &generator))
  }

  /// Visits `vectors`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    try visit("vectors", &vectors)
  }

  /// Nothing: a table is its vectors.
  public func hashConfiguration(into hasher: inout Hasher) {}

  /// The vectors of m things as columns, (d, m). The derivatives of a thing that comes several times add up. A number below
  /// 0, or n and above, gives a failed tensor.
  public func callAsFunction(_ things: [Int]) -> Tensor<Scalar> { vectors.gathered(things, axis: 1) }

  /// The vectors of m things that are an argument of a program.
  public func callAsFunction(_ things: Indices) -> Tensor<Scalar> { vectors.gathered(things, axis: 1) }
}
