/// Everything that can be differentiated, optimised, saved or compiled over: a tensor, an array of groups, a structure
/// of groups.
///
/// Conform by visiting every tensor, always in the same order, under a name:
/// ```swift
/// struct Regressor<Scalar: TensorScalar>: TensorGroup {
///   var weight, bias: Tensor<Scalar>
///   mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
///     try visit("weight", &weight)
///     try visit("bias", &bias)
///   }
/// }
/// ```
/// Gradients come back in the same structure.
public protocol TensorGroup: Sendable {
  /// The scalar type of all tensors in the group.
  associatedtype Scalar: TensorScalar

  /// Calls `visit` with each tensor and its name.
  mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows

  /// Feeds whatever the group stores beside tensors (an activation, a number of layers) to a hasher: programs are traced
  /// again when it changes. Found by reflection unless you say it yourself, which makes calls of programs faster.
  func hashConfiguration(into hasher: inout Hasher)
}

extension Tensor: TensorGroup {
  /// Visits the tensor itself, without a name.
  public mutating func visitTensors(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("", &self)
  }
}

extension Array: TensorGroup where Element: TensorGroup {
  /// The scalar type of the elements.
  public typealias Scalar = Element.Scalar

  /// Visits the tensors of each element, under the names `0.…`, `1.…` and so on.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    for i in indices {
      try self[i].visitTensors { name, tensor in try visit(name.isEmpty ? "\(i)" : "\(i).\(name)", &tensor) }
    }
  }
}

extension TensorGroup {
  /// The tensors with their names, in visiting order.
  public var tensors: [(name: String, tensor: Tensor<Scalar>)] {
    var copy = self
    var tensors: [(String, Tensor<Scalar>)] = []
    copy.visitTensors { tensors.append(($0, $1)) }
    return tensors
  }

  /// The group with each tensor replaced.
  public func mapTensors(_ transform: (Tensor<Scalar>) throws -> Tensor<Scalar>) rethrows -> Self {
    var copy = self
    try copy.visitTensors { $1 = try transform($1) }
    return copy
  }

  /// The group with each tensor and its counterpart in `other` combined. Where `other` has fewer tensors, the rest fail.
  public func zipTensors(
    _ other: Self, _ combine: (Tensor<Scalar>, Tensor<Scalar>) throws -> Tensor<Scalar>
  ) rethrows -> Self {
    let others = other.values
    var index = 0
    return try mapTensors { tensor in
      defer { index += 1 }
      return try combine(tensor, index < others.count ? Tensor(others[index]) : Tensor(repeating: 0, shape: [-1]))
    }
  }

  /// `self + rate · direction`, tensor by tensor. A rate below zero descends along a gradient.
  public func moved(along direction: Self, by rate: Scalar) -> Self {
    zipTensors(direction) { $0 + $1 * rate }
  }

  /// `self + rate · direction`, with a rate that is itself a tensor (an argument of a compiled step).
  public func moved(along direction: Self, by rate: Tensor<Scalar>) -> Self {
    zipTensors(direction) { $0 + $1 * rate }
  }

  /// Moves the group along a direction, in place.
  public mutating func move(along direction: Self, by rate: Scalar) {
    self = moved(along: direction, by: rate)
  }

  /// Moves the group along a direction, in place, with a rate that is itself a tensor.
  public mutating func move(along direction: Self, by rate: Tensor<Scalar>) {
    self = moved(along: direction, by: rate)
  }

  /// The core values, in visiting order.
  var values: [Value] {
    var copy = self
    var values: [Value] = []
    copy.visitTensors { values.append($1.value) }
    return values
  }

}
