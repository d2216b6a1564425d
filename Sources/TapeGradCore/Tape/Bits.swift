// Two values are the same to a program where their bits are: `==` takes −0 for 0, and NaN for another NaN.
//
//   relu(x) and tanh(x), cases of an enumeration     the case's name counts
//   x + 0.0 and x + (−0.0)                           other bits: −0 + 0.0 is 0, −0 + (−0.0) is −0
//   two closures                                     never the same: they cannot be compared
//   Set([1, 2]) and Set([2, 1])                      the same: the elements' hashes are added, in any order
//
// A plan that was made for one of two such functions must not serve the other. A mirror shows what a value stores, and
// finds by this what no protocol asks an author to say.

extension Hasher {
  /// Feeds a value bit by bit, found by reflection. Tensors count for nothing, and what cannot be compared (a closure)
  /// is different each time.
  mutating func combine(bitsOf value: Any) {
    switch value {
    case let number as Double: combine(number.bitPattern)
    case let number as Float: combine(number.bitPattern)
    case let number as Int: combine(number)
    case let group as any TensorGroup: group.hashConfiguration(into: &self)
    case let type as Any.Type: combine(ObjectIdentifier(type))
    default: combine(partsOf: value)
    }
  }

  /// Feeds the type of a value, the name of its case, and its stored properties.
  mutating func combine(partsOf value: Any) {
    let mirror = Mirror(reflecting: value)
    combine(ObjectIdentifier(type(of: value)))
    switch mirror.displayStyle {
    case .class:
      combine(ObjectIdentifier(value as AnyObject))
      return
    case .set, .dictionary:
      // In any order.
      combine(
        mirror.children.reduce(0) { sum, child in
          var hasher = Hasher()
          hasher.combine(bitsOf: child.value)
          return sum &+ hasher.finalize()
        })
      return
    case .collection, .optional, .tuple: combine(mirror.children.count)
    default:
      // A type may show other things to a mirror than it stores.
      if mirror.children.isEmpty || value is any CustomReflectable { combine(leaf: value, mirror) }
    }
    for child in mirror.children {
      combine(child.label)
      combine(bitsOf: child.value)
    }
  }

  /// Feeds a value of which a mirror shows no parts.
  private mutating func combine(leaf value: Any, _ mirror: Mirror) {
    if let value = value as? any Hashable { return combine(value) }
    let showsCase = mirror.displayStyle == .enum && !(value is any CustomStringConvertible)
    if showsCase { return combine("\(value)") }
    if !isEmpty(value) { combine(UInt64.random(in: .min ... .max)) }
  }
}

private func isEmpty(_ value: some Any) -> Bool { MemoryLayout.size(ofValue: value) == 0 }

/// Whether two primitives are the same operation with the same parameters, bit by bit.
func haveSameBits<P: Primitive>(_ a: P, _ b: any Primitive) -> Bool {
  guard let b = b as? P else { return false }
  let haveSameBytes = withUnsafeBytes(of: a) { a in withUnsafeBytes(of: b) { b in a.elementsEqual(b) } }
  if haveSameBytes { return true }
  guard a == b else { return false }
  // Equal, in other bytes: other references, padding, or numbers of which one is 0 and one is −0.
  var first = Hasher(), second = Hasher()
  first.combine(partsOf: a)
  second.combine(partsOf: b)
  return first.finalize() == second.finalize()
}
