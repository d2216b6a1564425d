import TapeGradCore

extension DataSet {
  /// The examples in `range`, from 0, in their order.
  ///
  /// - Throws: ``DataSetError`` where `range` goes beyond the examples, `TensorError` where these have no numbers.
  public func examples(_ range: Range<Int>) throws -> DataSet {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw DataSetError("examples \(range), expected some in 0..<\(count)")
    }
    return try examples(Array(range))
  }

  /// The examples in groups of `size`, in their order; the last group may be smaller.
  ///
  /// - Throws: ``DataSetError`` unless `size` is positive, `TensorError` where the data have no numbers.
  public func batches(of size: Int) throws -> [DataSet] {
    guard size > 0 else { throw DataSetError("batches of \(size) examples, expected at least 1") }
    return try stride(from: 0, to: count, by: size).map { try examples($0..<min(count, $0 + size)) }
  }

  /// The examples in random order: the same order for a generator in the same state.
  ///
  /// - Throws: `TensorError` where the data have no numbers.
  public func shuffled(using generator: inout some RandomNumberGenerator) throws -> DataSet {
    try examples((0..<count).shuffled(using: &generator))
  }

  /// Two parts, drawn at random: `fraction` of the examples, rounded to a whole number of them, and all others.
  ///
  /// - Throws: ``DataSetError`` unless `fraction` lies in 0...1, `TensorError` where the data have no numbers.
  public func split(
    fraction: Double, using generator: inout some RandomNumberGenerator
  ) throws -> (training: DataSet, test: DataSet) {
    guard (0...1).contains(fraction) else {
      throw DataSetError("a split at the fraction \(fraction), expected one in 0...1")
    }
    let order = (0..<count).shuffled(using: &generator)
    let trainingCount = Int((fraction * Double(count)).rounded())
    return try (examples(Array(order[..<trainingCount])), examples(Array(order[trainingCount...])))
  }

  private func examples(_ indices: [Int]) throws -> DataSet {
    let features = try features.scalars, labels = try labels.scalars
    var selected: [Scalar] = []
    selected.reserveCapacity(featureNames.count * indices.count)
    for row in featureNames.indices {
      for index in indices { selected.append(features[row * count + index]) }
    }
    return DataSet(
      checkedFeatures: Tensor(selected, shape: [featureNames.count, indices.count]),
      labels: Tensor(indices.map { labels[$0] }, shape: [1, indices.count]),
      featureNames: featureNames, labelName: labelName, classNames: classNames)
  }
}
