import TapeGradCore

/// The share of predictions that are right: how often `probability > ½` agrees with `label > ½`, over all elements.
///
/// - Throws: `TensorError` where the shapes differ, a tensor has no numbers, there is no element, or one is NaN: it is
///   in neither class.
public func binaryAccuracy<S>(_ probabilities: Tensor<S>, _ labels: Tensor<S>) throws(TensorError) -> Double {
  let (predictions, truths) = (try probabilities.scalars, try labels.scalars)
  guard probabilities.shape == labels.shape, !predictions.isEmpty else {
    throw TensorError("no accuracy of predictions \(probabilities.shape) for labels \(labels.shape)")
  }
  if let k = zip(predictions, truths).enumerated().first(where: { $1.0.isNaN || $1.1.isNaN })?.offset {
    let what = predictions[k].isNaN ? "probability" : "label"
    throw TensorError("there is no accuracy: \(what) \(k) of \(predictions.count) is NaN")
  }
  let right = zip(predictions, truths).count { prediction, truth in (prediction > 0.5) == (truth > 0.5) }
  return Double(right) / Double(predictions.count)
}
