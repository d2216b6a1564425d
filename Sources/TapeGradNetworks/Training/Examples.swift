import TapeGradCore

/// Examples to learn from, as columns: features (n_x, m), and labels with m columns.
public struct Examples<Scalar: TensorScalar>: Sendable {
  /// X, (n_x, m).
  public let features: Tensor<Scalar>
  /// Y: (n_L, m), or (1, m) numbers of classes.
  public let labels: Tensor<Scalar>

  /// Examples with their labels.
  ///
  /// - Throws: ``TrainingError/unusable(_:)`` where the two are not matrices of equally many columns, there is no example,
  ///   or a number is not finite; the error of a failed tensor.
  public init(_ features: Tensor<Scalar>, labels: Tensor<Scalar>) throws {
    for (name, tensor) in [("features", features), ("labels", labels)] {
      let scalars = try tensor.scalars
      guard tensor.shape.rank == 2 else {
        throw TrainingError.unusable(
          "\(name) of shape \(tensor.shape), expected rows of numbers, one column an example")
      }
      guard let wrong = scalars.firstIndex(where: { !$0.isFinite }) else { continue }
      let (row, column) = (wrong / tensor.shape[1], wrong % tensor.shape[1])
      throw TrainingError.unusable("row \(row) of the \(name) is \(scalars[wrong]) in example \(column)")
    }
    guard features.shape[1] == labels.shape[1], features.shape[1] > 0 else {
      throw TrainingError.unusable(
        "features of shape \(features.shape) and labels of shape \(labels.shape), expected as many columns, at least one"
      )
    }
    (self.features, self.labels) = (features, labels)
  }

  private init(_ features: Tensor<Scalar>, checkedLabels labels: Tensor<Scalar>) {
    (self.features, self.labels) = (features, labels)
  }

  /// m.
  public var count: Int { features.shape[1] }

  /// The examples of these numbers, in their order; each below m.
  public subscript(columns: [Int]) -> Examples {
    Examples(features.gathered(columns, axis: 1), checkedLabels: labels.gathered(columns, axis: 1))
  }

  /// The examples in a range, without a copy where that is all of them.
  subscript(columns: Range<Int>) -> Examples {
    if columns == 0..<count { return self }
    return Examples(features.sliced(columns, axis: 1), checkedLabels: labels.sliced(columns, axis: 1))
  }

  /// Two parts: a share of the examples, drawn at random as the seed says and rounded to a whole number of them, to validate
  /// with; and the others, in their order, to learn from.
  ///
  /// - Throws: ``TrainingError/unusable(_:)`` where a part would be empty.
  public func split(validation share: Double, seed: UInt64) throws -> (training: Examples, validation: Examples) {
    let chosen = share >= 0 && share <= 1 ? Int((share * Double(count)).rounded()) : 0
    guard chosen > 0, chosen < count else {
      throw TrainingError.unusable(
        "a share of \(share) of \(count) examples leaves nothing to validate with, or to learn from")
    }
    var generator = SeededGenerator(seed: seed)
    let order = generator.order(of: count)
    return (self[order[chosen...].sorted()], self[order[..<chosen].sorted()])
  }
}

extension SeededGenerator {
  /// The numbers from 0 to count − 1 in random order (Fisher and Yates; not the standard library's, which may change).
  package mutating func order(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, Int(next().multipliedFullWidth(by: UInt64(i + 1)).high))
    }
    return order
  }

  /// The generator of one epoch: its order of examples and its random numbers depend on seed and epoch alone.
  init(seed: UInt64, epoch: Int) {
    var mixed = SeededGenerator(seed: seed &+ UInt64(bitPattern: Int64(epoch)) &* 0xD605_BBB5_8C8A_BC03)
    self.init(seed: mixed.next())
  }
}
