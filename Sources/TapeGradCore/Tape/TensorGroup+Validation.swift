// A group says in `visitTensors` which tensors it has. One that forgets a tensor would train without it, and nobody
// would notice:
//
//   struct Net: TensorGroup {
//     var w, b: Tensor<Float>
//     mutating func visitTensors(_ visit: …) { visit("w", &w) }        forgets b
//   }
//
// How it is found: every tensor that is visited is replaced by a mark, a value like no other. Then reflection goes
// through all that the group stores; a tensor without a mark was not visited, and its path, `b`, goes into the error. A
// type that has passed with so many tensors is not looked at again, unless another value of it may hold tensors in
// places that this one lacks: where it has nil, an empty array, or another case of an enumeration.

extension TensorGroup {
  /// This group, once it is known that `visitTensors` visits every tensor in it.
  ///
  /// A copy is visited, each tensor in it replaced by a mark, and then looked through by reflection: a tensor without a
  /// mark was forgotten. Done once for each type and number of tensors, where that settles it.
  ///
  /// - Throws: `TensorError` that names the property; or says that the group is a class, whose tensors would be
  ///   replaced in every copy at once.
  ///
  /// - Parameter count: how many tensors `visitTensors` visits, where that is known.
  func validateStructure(count: Int? = nil) throws(TensorError) {
    if Self.self == Tensor<Scalar>.self { return }
    let key = StructureKey(type: ObjectIdentifier(Self.self), count: count ?? values.count)
    if knownStructures.withLock({ $0.contains(key) }) { return }
    if let type = classOfGroup(in: self) {
      throw structureError("\(type) is a class, whose copies are one and the same", suggestion: "make it a structure")
    }
    let marks = Marks()
    let marked = mapTensors { _ in Tensor(marks.next(Scalar.scalarType)) }
    if let property = marks.unmarked(in: marked) {
      throw structureError(
        "visitTensors of \(Self.self) forgets the property \(property)",
        suggestion: "visit every tensor, under its name")
    }
    if !marks.mayBeMore { _ = knownStructures.withLock { $0.insert(key) } }
  }

  private func structureError(_ message: String, suggestion: String) -> TensorError {
    TensorError(message, suggestion: suggestion).within(operation: "TensorGroup", operands: [])
  }
}

/// The type of the first group in `value` that is a class.
private func classOfGroup(in value: Any) -> Any.Type? {
  if type(of: value) is AnyObject.Type { return value is any TensorGroup ? type(of: value) : nil }
  if tensorValue(of: value) != nil { return nil }
  return Mirror(reflecting: value).children.lazy.compactMap { classOfGroup(in: $0.value) }.first
}

private struct StructureKey: Hashable {
  let type: ObjectIdentifier
  let count: Int
}

private let knownStructures = Lock<Set<StructureKey>>([])

/// Values that can be told from all others.
private final class Marks {
  private var marks: Set<ObjectIdentifier> = []
  private var kept: [TracedOutput] = []
  /// Whether other values of the same types may hold tensors in places that were not there to be looked at.
  private(set) var mayBeMore = false

  func next(_ scalarType: ScalarType) -> Value {
    let mark = TracedOutput(shape: Shape(), scalarType: scalarType)
    kept.append(mark)
    marks.insert(ObjectIdentifier(mark))
    return Value(content: .traced(mark))
  }

  /// The path of the first tensor without a mark among those that a value stores.
  func unmarked(in value: Any) -> String? {
    if let tensor = tensorValue(of: value) {
      guard case .traced(let mark) = tensor.content, marks.contains(ObjectIdentifier(mark)) else { return "" }
      return nil
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .class: return nil
    case .enum: mayBeMore = mayBeMore || value is any TensorGroup
    case .optional, .collection:
      mayBeMore = mayBeMore || mirror.children.isEmpty && (value is any TensorGroup || value is any OptionalGroup)
    default: break
    }
    for (position, child) in mirror.children.enumerated() {
      guard let rest = unmarked(in: child.value) else { continue }
      let label = child.label ?? "\(position)"
      return rest.isEmpty ? label : label == "some" ? rest : "\(label).\(rest)"
    }
    return nil
  }
}

/// What a tensor of either scalar type holds; nil for anything else. (A question to the type itself: whether a type conforms
/// to a protocol is looked up among all conformances of the program, which takes longer than a small step of training.)
private func tensorValue(of value: Any) -> Value? {
  let type = type(of: value)
  if type == Tensor<Float>.self { return (value as? Tensor<Float>)?.value }
  if type == Tensor<Double>.self { return (value as? Tensor<Double>)?.value }
  return nil
}

/// A group or nil.
private protocol OptionalGroup {}

extension Optional: OptionalGroup where Wrapped: TensorGroup {}
