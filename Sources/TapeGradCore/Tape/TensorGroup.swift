/// Everything that can be differentiated, optimized, saved or compiled over: a tensor, an array of groups, a structure
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
/// Gradients come back in the same structure. A tensor that `visitTensors` forgets is an error wherever numbers depend on
/// it: `gradient`, `compiled` and the others say which. So is a class, whose copies are one and the same.
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
    if Self.self is AnyObject.Type { fatalError("\(Self.self) is a class: a group of tensors is a structure") }
    var copy = self
    try copy.visitTensors { $1 = try transform($1) }
    return copy
  }

  /// The group with each tensor and its counterpart in `other` combined. Where `other` has another structure (tensors of
  /// other names), all fail.
  public func zipTensors(
    _ other: Self, _ combine: (Tensor<Scalar>, Tensor<Scalar>) throws -> Tensor<Scalar>
  ) rethrows -> Self {
    // Names and values in arrays of their own: an array of generic pairs is slow.
    var others = other, names: [String] = [], values: [Value] = []
    others.visitTensors {
      names.append($0)
      values.append($1.value)
    }
    var result = self, index = 0, fits = true
    try result.visitTensors { name, tensor in
      fits = fits && index < names.count && names[index] == name
      if fits { tensor = try combine(tensor, Tensor(values[index])) }
      index += 1
    }
    if fits && index == names.count { return result }
    let error = structureDefect(of: other.tensors) ?? TensorError("the groups differ")
    let failed = Value(failed: error.within(operation: "zipTensors", operands: []))
    return mapTensors { $0.value.content.error == nil ? Tensor(failed) : $0 }
  }

  /// `self + rate · direction`, tensor by tensor. A rate below zero descends along a gradient. Where the direction has
  /// tensors of other names or shapes, they fail.
  public func moved(along direction: Self, by rate: Scalar) -> Self {
    zipTensors(direction) { $0.moved(along: $1) { $0 * rate } }
  }

  /// `self + rate · direction`, with a rate that is itself a tensor (an argument of a compiled step).
  public func moved(along direction: Self, by rate: Tensor<Scalar>) -> Self {
    zipTensors(direction) { $0.moved(along: $1) { $0 * rate } }
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

  /// Why tensors that another group has do not pair with this one's.
  private func structureDefect(of others: [(name: String, tensor: Tensor<Scalar>)]) -> TensorError? {
    let own = tensors
    if own.count != others.count {
      return TensorError("one group has \(own.count) tensors, and the other \(others.count)")
    }
    for (own, other) in zip(own, others) where own.name != other.name {
      return TensorError("one group has the tensor \(own.name), and the other \(other.name) in its position")
    }
    return nil
  }

  /// Checks that a direction has the structure and the shapes of this group.
  ///
  /// - Throws: `TensorError` that names the tensor which differs, and the operation.
  func validate(direction: Self, for operation: String) throws(TensorError) {
    let directions = direction.tensors
    if let error = structureDefect(of: directions) { throw error.within(operation: operation, operands: []) }
    for (own, other) in zip(tensors, directions) {
      try own.tensor.validated()
      try other.tensor.validated()
      if own.tensor.shape == other.tensor.shape { continue }
      let name = own.name.isEmpty ? "a tensor" : own.name
      throw TensorError("a direction of shape \(other.tensor.shape) at \(name) of shape \(own.tensor.shape)")
        .within(operation: operation, operands: [])
    }
  }
}

extension Tensor {
  /// `self + step(direction)`, for a direction of this shape.
  fileprivate func moved(along direction: Tensor, _ step: (Tensor) -> Tensor) -> Tensor {
    let moved = self + step(direction)
    if moved.value.content.error != nil || (shape == direction.shape && moved.shape == shape) { return moved }
    let error = TensorError("a direction of shape \(direction.shape), times the rate, does not fit shape \(shape)")
    return Tensor(Value(failing: error, Add(), [value, direction.value]))
  }
}
