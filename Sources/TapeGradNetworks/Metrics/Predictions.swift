import TapeGradCore

// What metrics read: tensors as plain numbers, checked once.

/// Scores with a yes or no for each, as numbers: (m) or (1, m), labels 0 or 1.
///
/// - Throws: `TensorError` where the shapes differ or are no single row, there is no example, a score is NaN, or a label is
///   another number.
func binaryScores<S>(_ scores: Tensor<S>, _ labels: Tensor<S>) throws(TensorError) -> [(score: Double, isTrue: Bool)] {
  let pairs = try singleRow(scores, labels)
  if let wrong = pairs.first(where: { $0.label != 0 && $0.label != 1 }) {
    throw TensorError("the label \(wrong.label) is neither 0 nor 1")
  }
  return pairs.map { ($0.prediction, $0.label == 1) }
}

/// Predictions with their labels, as numbers: (m) or (1, m), none of them NaN.
func singleRow<S>(
  _ predictions: Tensor<S>, _ labels: Tensor<S>
) throws(TensorError) -> [(prediction: Double, label: Double)] {
  let (p, t) = (try predictions.scalars, try labels.scalars), shape = predictions.shape
  guard shape == labels.shape, shape.rank == 1 || shape.rank == 2 && shape[0] == 1, !p.isEmpty else {
    throw TensorError("predictions \(predictions.shape) and labels \(labels.shape), expected one row of each")
  }
  if let k = p.indices.first(where: { p[$0].isNaN || t[$0].isNaN }) {
    throw TensorError("\(p[k].isNaN ? "prediction" : "label") \(k) of \(p.count) is NaN")
  }
  return zip(p, t).map { ($0.doubleValue, $1.doubleValue) }
}

/// Probabilities of classes with the class of each example: (1, m) or (m), the probability of class 1 of two; or (K, m). One
/// list of K probabilities for each example.
///
/// - Throws: `TensorError` where the shapes do not fit, there is no example, a probability is outside [0, 1], or a label is
///   not the number of a class.
func classProbabilities<S>(
  _ probabilities: Tensor<S>, _ labels: Tensor<S>
) throws(TensorError) -> [(probabilities: [Double], label: Int)] {
  let (p, t) = (try probabilities.scalars, try labels.scalars), shape = probabilities.shape
  let rows = shape.rank == 2 ? shape[0] : 1, m = t.count
  guard shape.rank == 1 || shape.rank == 2, rows > 0, m > 0, p.count == rows * m else {
    throw TensorError("probabilities \(shape) and labels \(labels.shape), expected one label a column")
  }
  if let wrong = p.first(where: { !($0 >= 0 && $0 <= 1) }) { throw TensorError("\(wrong) is not a probability") }
  let classes = max(rows, 2)
  if let wrong = t.first(where: { Int(exactly: $0).map { $0 < 0 || $0 >= classes } ?? true }) {
    throw TensorError("the label \(wrong) is not one of the \(classes) classes")
  }
  return (0..<m).map { k in
    let column = (0..<rows).map { p[$0 * m + k].doubleValue }
    return (rows == 1 ? [1 - column[0], column[0]] : column, Int(t[k]))
  }
}

/// a/b, and 0 where there is nothing to divide by.
func share(_ a: Int, of b: Int) -> Double { b == 0 ? 0 : Double(a) / Double(b) }

extension [Double] {
  /// The sum over the number; NaN where there is none.
  var mean: Double { reduce(0, +) / Double(count) }
}
