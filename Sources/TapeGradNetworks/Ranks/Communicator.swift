// Data-parallel training: every rank holds the whole model and computes the loss and the gradient of its own examples;
// their sum over all ranks, with each loss weighted by its share of the rows, is the loss and the gradient of all examples,
//
//     J = Σ_r (m_r/m)·J_r      ∂J = Σ_r (m_r/m)·∂J_r      with m = Σ_r m_r
//
// and every rank takes the same step. So the ranks exchange numbers once a step, in one flat array. What they exchange
// them with (MPI, threads of one process) is a `Communicator`.

import TapeGradCore

/// The ranks that train one model together, as one of them sees it: processes on one machine or many, each with a copy of
/// the model and a part of the examples.
///
/// `TapeGradMPI` has one over MPI. One of your own says how numbers are summed and copied; everything else, in
/// ``TrainingState/fit(_:epochs:batchSize:validation:patience:isCompiled:over:shouldContinue:)`` and below, follows from that.
/// All ranks make the same calls in the same order: a call waits for the others.
public protocol Communicator: Sendable {
  /// The number of this rank, from 0.
  var rank: Int { get }

  /// How many ranks there are.
  var size: Int { get }

  /// Puts in the place of each number its sum over all ranks, with the same bits on each of them. All give equally many.
  func sum<Scalar: TensorScalar>(_ numbers: UnsafeMutableBufferPointer<Scalar>) throws

  /// Puts rank 0's bytes in the place of these. All give equally many.
  func broadcast(_ bytes: UnsafeMutableRawBufferPointer) throws
}

extension Communicator {
  /// The sum of a number over all ranks.
  public func sum(_ number: Double) throws -> Double {
    var number = number
    try withUnsafeMutablePointer(to: &number) { try sum(UnsafeMutableBufferPointer(start: $0, count: 1)) }
    return number
  }

  /// This rank's share of the rows of all ranks, `m_r/m`: the weight of its loss. It is 0 where no rank has a row.
  public func share(of rows: Int) throws -> Double {
    let total = try sum(Double(rows))
    return total > 0 ? Double(rows) / total : 0
  }

  /// A loss and its gradient, each number summed over all ranks, in one exchange.
  ///
  /// Where each rank has weighted its loss by its ``share(of:)`` of the rows, that is the mean over all rows:
  /// ```swift
  /// let (loss, gradient) = try world.sum(valueWithGradient(at: network) { $0.loss(x, labels: y) * Float(share) })
  /// ```
  /// - Throws: the error of a failed tensor, before anything is exchanged; what the communicator throws.
  public func sum<Group: TensorGroup>(
    _ evaluated: (value: Tensor<Group.Scalar>, gradient: Group)
  ) throws -> (value: Tensor<Group.Scalar>, gradient: Group) {
    if size == 1 { return evaluated }
    let arrays = try [evaluated.value.array] + evaluated.gradient.tensors.map { try $0.tensor.array }
    // Not one axis, which holds no more than 2³¹ numbers; the last row is not full.
    let count = arrays.reduce(0) { $0 + $1.count }
    var flat = NDArray<Group.Scalar>(shape: [count / 1024 + 1, 1024]) { start in
      var next = UnsafeMutableRawPointer(start)
      for array in arrays {
        array.withUnsafeBufferPointer {
          let bytes = UnsafeRawBufferPointer($0)
          UnsafeMutableRawBufferPointer(start: next, count: bytes.count).copyMemory(from: bytes)
          next += bytes.count
        }
      }
    }
    try flat.withUnsafeMutableBufferPointer {
      try sum(UnsafeMutableBufferPointer(rebasing: $0[..<count]))
    }
    return flat.withUnsafeBufferPointer { sums in
      var rest = UnsafeRawBufferPointer(sums)
      func next(_ shape: Shape) -> Tensor<Group.Scalar> {
        let count = shape.count * MemoryLayout<Group.Scalar>.stride
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
        return Tensor(
          NDArray(shape: shape) {
            UnsafeMutableRawBufferPointer(start: $0, count: count)
              .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
          })
      }
      let value = next(evaluated.value.shape)
      return (value, evaluated.gradient.mapTensors { next($0.shape) })
    }
  }

  /// The group with rank 0's numbers: a model that all ranks begin with. Its tensors have the same shapes on all ranks.
  ///
  /// - Throws: the error of a failed tensor; what the communicator throws.
  public func broadcast<Group: TensorGroup>(_ group: Group) throws -> Group {
    try group.mapTensors { tensor in
      var array = try tensor.array
      try array.withUnsafeMutableBufferPointer { try broadcast(UnsafeMutableRawBufferPointer($0)) }
      return Tensor(array)
    }
  }

  /// Rank 0's text.
  func broadcast(_ text: String) throws -> String {
    var count = text.utf8.count
    try withUnsafeMutableBytes(of: &count) { try broadcast($0) }
    var bytes = Array(text.utf8.prefix(count)) + Array(repeating: 0, count: max(count - text.utf8.count, 0))
    try bytes.withUnsafeMutableBytes { try broadcast($0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
