import TapeGradCore

/// x with a share of its elements set to 0 at random, and the others divided by `1 − rate`, which keeps the mean.
///
/// It keeps units from relying on each other while they learn; when the network is used, nothing is dropped. Random numbers
/// are an argument, so that a program can contain the operation: element i is dropped where `numbers[i] < rate`.
/// The derivative is `1/(1 − rate)` where an element was kept, 0 where it was dropped.
///
/// Nitish Srivastava, Geoffrey Hinton, Alex Krizhevsky, Ilya Sutskever, Ruslan Salakhutdinov: Dropout, JMLR 15, 2014.
/// - Parameters:
///   - x: any tensor.
///   - rate: the share to drop, from 0 up to, and without, 1. Other rates give a failed tensor.
///   - numbers: drawn evenly from 0 to 1, in x's shape.
public func dropout<S>(_ x: Tensor<S>, rate: Double, numbers: Tensor<S>) -> Tensor<S> {
  guard rate >= 0, rate < 1 else {
    return .failed(TensorError("a dropout rate of \(rate), expected one from 0 up to, and without, 1"))
  }
  guard numbers.shape == x.shape else {
    return .failed(TensorError("random numbers of shape \(numbers.shape) for the dropout of shape \(x.shape)"))
  }
  return select(numbers .< S(rate), 0, x / S(1 - rate))
}
