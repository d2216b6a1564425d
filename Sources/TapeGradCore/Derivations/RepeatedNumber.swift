// A constant may be one number in every element. A formula then writes the number:
//
//   [2, 2, 2] ⊙ x      2·x
//   [1, 2, 3] ⊙ x      c1 ⊙ x, with c1 among the given values

extension Value {
  /// The number that every element is; nil where they differ, where there is none, and while tracing.
  var repeatedNumber: Double? {
    guard content.storage != nil else { return nil }
    switch scalarType {
    case .float: return array(Float.self).repeatedNumber
    case .double: return array(Double.self).repeatedNumber
    case nil: return nil
    }
  }
}

extension NDArray {
  fileprivate var repeatedNumber: Double? {
    withUnsafeBufferPointer { elements in
      guard let first = elements.first, elements.allSatisfy({ $0 == first }) else { return nil }
      return first.doubleValue
    }
  }
}
