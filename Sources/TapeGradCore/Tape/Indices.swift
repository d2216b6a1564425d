/// Integers that choose: the classes of examples, the rows of an embedding, the slices to gather.
/// ```swift
/// let step = compiled { (network: Network, x: Tensor<Float>, y: Labels) in
///   try valueWithGradient(at: network) { softmaxCrossEntropy(logits: $0(x), labels: y) }
/// }
/// for batch in batches { let (loss, gradient) = try step(network, batch.x, Labels(batch.classes)) }
/// ```
/// An argument of programs like a tensor: what differs from one batch to the next is passed in, and the plan is made once
/// for each shape. What a program captures is constant, as ever. Nothing has a derivative by an integer: the gradient at
/// indices is 0.
public struct Indices: TensorGroup {
  /// The integers as numbers: Double holds all of them up to 2⁵³, which no axis is as long as.
  private var numbers: Tensor<Double>

  /// A vector of integers.
  public init(_ integers: [Int]) { numbers = Tensor(integers.map(Double.init)) }

  /// Integers in row-major order. Where their number does not match the shape, whatever they choose is a failed tensor.
  public init(_ integers: [Int], shape: Shape) { numbers = Tensor(integers.map(Double.init), shape: shape) }

  /// The indices that a primitive finds in a tensor of any scalar type: its second operand, behind a number of the type that
  /// indices have.
  init<S>(of x: Tensor<S>, by primitive: some TakesIndices) {
    numbers = Tensor<Double>(1).applying(primitive, Tensor<Double>(stopGradient(x).value))
  }

  /// The indices after a change of their numbers.
  func rearranged(_ change: (Tensor<Double>) -> Tensor<Double>) -> Indices {
    var indices = self
    indices.numbers = change(numbers)
    return indices
  }

  /// The lengths of the axes.
  public var shape: Shape { numbers.shape }

  /// The integers in row-major order.
  ///
  /// - Throws: `TensorError` where there are none: while a function is traced, or where the indices failed.
  public var integers: [Int] {
    get throws(TensorError) { try TapeGradCore.integers(in: numbers.array) }
  }

  /// Visits the numbers, without a name.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
    try visit("", &numbers)
  }

  /// Nothing: indices are their shape and their numbers.
  public func hashConfiguration(into hasher: inout Hasher) {}

  /// The integers, where there are any.
  var known: [Int]? {
    numbers.value.content.storage == nil ? nil : try? TapeGradCore.integers(in: numbers.value.array())
  }

  /// The operand of a primitive that takes indices beside tensors of any scalar type; see `TakesIndices`.
  package func operand<S>(as _: S.Type = S.self) -> Tensor<S> { Tensor<S>(stopGradient(numbers).value) }
}

/// The class of each example.
public typealias Labels = Indices

/// A primitive whose last operand is ``Indices``: numbers in Double, whatever the scalar type of the others.
protocol TakesIndices: Primitive {}

/// What is done with slices that integers choose, in words that other engines know too.
package enum IndexedChoice: Sendable {
  /// Slice k of the result is slice `index[k]` of the operand, along an axis.
  case gather(axis: Int)
  /// Slice k of the operand is added to slice `index[k]` of zeros, along an axis.
  case scatterAdd(axis: Int)
  /// The operand, one number, where the class is the index; 0 elsewhere. The classes stand along a new first axis; one that
  /// is −1 is no index.
  case oneHot([Int])
}

/// A primitive that evaluates on arrays because its indices are checked there, and that exporters can put in other words.
package protocol ChoosesByIndex: Primitive {
  /// What it does with the slices.
  var choice: IndexedChoice { get }
  /// The integers, where they are a parameter; nil where they are the last operand.
  var knownIndices: [Int]? { get }
}

extension ChoosesByIndex {
  /// None: they are the last operand.
  package var knownIndices: [Int]? { nil }
}

extension OperandArrays {
  /// The integers that an operand holds.
  ///
  /// - Throws: `TensorError` where it holds something else.
  func integers(_ i: Int) throws(TensorError) -> [Int] { try TapeGradCore.integers(in: values[i].pointee.array()) }
}

private func integers(in numbers: NDArray<Double>) throws(TensorError) -> [Int] {
  var integers: [Int] = []
  integers.reserveCapacity(numbers.count)
  for (position, number) in numbers.scalars.enumerated() {
    guard let integer = Int(exactly: number) else {
      throw TensorError("\(number) at position \(position) is not an integer, which an index is")
    }
    integers.append(integer)
  }
  return integers
}

extension [Int] {
  /// These integers, each of which is an index along an axis of this length.
  ///
  /// - Throws: `TensorError` that names the first one which is not.
  func validated(asIndicesBelow length: Int, axis: Int) throws(TensorError) -> [Int] {
    guard let position = firstIndex(where: { $0 < 0 || $0 >= length }) else { return self }
    throw TensorError(
      "index \(self[position]) at position \(position) is out of bounds along axis \(axis), which has length \(length)")
  }
}
