// A group's configuration is what it is beside its tensors. Of a dense layer with W, b and an activation,
//
//   tensors          W, b                 a program takes them as arguments
//   configuration    tanh                 decides which instructions there are: relu gets a plan of its own

extension TensorGroup {
  /// Whatever is stored in the group beside tensors and groups, and the case that an enumeration is, found by reflection
  /// and taken bit by bit. What cannot be compared (a closure) counts as different at every call. An object of a class
  /// counts as itself, whatever changes inside it.
  public func hashConfiguration(into hasher: inout Hasher) { hasher.combine(partsOf: self) }
}

extension Tensor {
  /// Nothing: a tensor is its shape and its numbers.
  public func hashConfiguration(into hasher: inout Hasher) {}
}

extension Array where Element: TensorGroup {
  /// The number of groups, and what each of them stores beside tensors.
  public func hashConfiguration(into hasher: inout Hasher) {
    hasher.combine(count)
    for element in self { element.hashConfiguration(into: &hasher) }
  }
}
