/// A program for arguments of certain shapes, as another engine needs it: what it computes, and how its results are put
/// together from arrays.
package struct ProgramOutline<Output: Sendable>: Sendable {
  package let graph: ProgramGraph
  /// The results without numbers.
  package let template: Output
  /// A result with its tensors replaced.
  let replacing: @Sendable (Output, inout ValueCursor) -> Output

  /// The results with these numbers, in visiting order.
  package func results(from arrays: [ArrayStorage]) -> Output {
    var cursor = ValueCursor(arrays)
    return replacing(template, &cursor)
  }
}

extension TensorGroup {
  /// The group with the shapes of its tensors only.
  package var withoutNumbers: Self { mapTensors { Tensor(Value(traced: $0.shape, Scalar.scalarType)) } }

  /// The group with these numbers, in visiting order.
  package func filled(with arrays: [ArrayStorage]) -> Self {
    var cursor = ValueCursor(arrays)
    return taking(&cursor)
  }
}
