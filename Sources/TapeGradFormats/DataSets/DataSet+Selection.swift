// A feature is a row and an example is a column, so that a batch is a choice of columns: the examples 2 and 0,
// in this order, are the last column and the first
//
//     1 2 3  →  3 1
//     4 5 6     6 4
//
// Ten examples in batches of 4 give batches of 4, 4 and 2: no example is dropped.

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

  /// The examples of these indices, in their order.
  func examples(_ indices: [Int]) throws -> DataSet {
    DataSet(
      checkedFeatures: try features.columns(indices), labels: try labels.columns(indices), encoding: encoding,
      notes: notes, source: source?.selecting(indices))
  }
}

extension Tensor {
  /// Some columns of a matrix. It is row-major, so that the result is written in order and the source is read at steps.
  fileprivate func columns(_ indices: [Int]) throws -> Tensor {
    let rows = shape[0], count = shape[1], array = try array
    return Tensor(
      NDArray(shape: [rows, indices.count]) { target in
        array.withUnsafeBufferPointer { source in
          for row in 0..<rows {
            for (position, index) in indices.enumerated() {
              target[row * indices.count + position] = source[row * count + index]
            }
          }
        }
      })
  }
}
