import TapeGradCore

/// What a step sees: this rank's part of a batch.
struct Batch<Scalar: TensorScalar> {
  /// How many examples all ranks see.
  let count: Int
  /// Those of this rank; none where there are fewer than ranks.
  let own: Examples<Scalar>
  /// The random numbers for them.
  let noise: [Tensor<Scalar>]
}

/// The examples of a training as one rank meets them, batch by batch.
struct Batches<Scalar: TensorScalar> {
  let examples: Examples<Scalar>
  let size: Int
  private let division: Division
  /// This rank's part of all examples, where they are one batch.
  private let whole: Examples<Scalar>?

  init(of examples: Examples<Scalar>, size: Int, _ division: Division) {
    (self.examples, self.size, self.division) = (examples, size, division)
    whole = size < examples.count ? nil : examples[division.part(of: examples.count)]
  }

  /// Hands out the batches of an epoch. Their order and their random numbers depend on seed and epoch alone, so that each rank
  /// draws those of all.
  ///
  /// - Parameter shapes: the shapes of the random numbers for so many examples.
  func forEach(
    epoch: Int, seed: UInt64, shapes: (Int) -> [Shape], _ body: (Batch<Scalar>) throws -> Void
  ) rethrows {
    var generator = SeededGenerator(seed: seed, epoch: epoch)
    let order = whole == nil ? generator.order(of: examples.count) : []
    for start in stride(from: 0, to: examples.count, by: size) {
      let count = min(size, examples.count - start), part = division.part(of: count)
      let own = whole ?? examples[Array(order[start + part.lowerBound..<start + part.upperBound])]
      let noise: [Tensor<Scalar>] = shapes(count).map { .randomUniform($0, using: &generator) }
      try body(Batch(count: count, own: own, noise: division.noise(noise, of: part, shapes: shapes(part.count))))
    }
  }
}
