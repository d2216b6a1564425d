extension TensorGroup {
  /// Whatever is stored in the group beside tensors and groups, found by reflection. What cannot be compared (a closure)
  /// counts as different at every call.
  public func hashConfiguration(into hasher: inout Hasher) {
    for child in Mirror(reflecting: self).children {
      switch child.value {
      case let group as any TensorGroup: group.hashConfiguration(into: &hasher)
      case let value as any Hashable: hasher.combine(value)
      default: hasher.combine(UInt64.random(in: .min ... .max))
      }
    }
  }
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
