import TapeGradCore

// What only changes shapes, and the lengths that such nodes ask for. A length is a number, or a multiple of the batch's, which
// the model asks of one of its inputs when it runs: (3, 2·batch) is written as
//
//   Shape(x) → Gather at the batch's axis → Mul by 2 → Concat behind 3

extension ONNXWriter {
  /// Lengths as numbers of the graph.
  mutating func shapeNumbers(_ shape: [ONNXLength]) -> String {
    guard shape.contains(where: { if case .batches = $0 { true } else { false } }), let source else {
      return onnx.constant(shape.map { if case .fixed(let length) = $0 { length } else { 0 } })
    }
    // The batch's length is asked of an input when the model runs: the shape, and one number of it.
    let lengths = onnx.add("Shape", [inputs[source.input].name])
    let batch = onnx.add("Gather", [lengths, onnx.constant([source.axis])], ["axis": .integer(0)])
    let parts = shape.map { length in
      switch length {
      case .fixed(let length): onnx.constant([length])
      case .batches(1): batch
      case .batches(let count): onnx.add("Mul", [batch, onnx.constant([count])])
      }
    }
    return onnx.add("Concat", parts, ["axis": .integer(0)])
  }

  /// The value with all its elements.
  mutating func whole(_ x: ONNXValue) -> ONNXValue {
    if x.own == x.shape { return x }
    return ONNXValue(onnx.add("Expand", [x.name, shapeNumbers(x.shape)]), x.shape, x.element)
  }

  /// The same elements in another shape. `allowzero` says that a length of 0 is one; else it would mean "as before".
  mutating func reshape(_ x: ONNXValue, to shape: [ONNXLength]) -> ONNXValue {
    if x.shape == shape { return x }
    return ONNXValue(onnx.add("Reshape", [x.name, shapeNumbers(shape)], ["allowzero": .integer(1)]), shape, x.element)
  }

  /// The lengths of an element-wise operation's result.
  static func broadcast(_ shapes: [[ONNXLength]]) -> [ONNXLength] {
    let rank = shapes.map(\.count).max() ?? 0
    return (0..<rank).map { axis in
      // Shapes are aligned at their ends; an axis that a shape does not have counts as 1.
      let lengths = shapes.compactMap { $0.count > rank - 1 - axis ? $0[$0.count - rank + axis] : nil }
      return lengths.first { $0 != .fixed(1) } ?? .fixed(1)
    }
  }

  /// Elements by their places in the operand, read as one row.
  mutating func strided(
    _ x: ONNXValue, _ result: Shape, _ start: Int, _ strides: [Int], to shape: [ONNXLength], _ element: ONNXElement
  ) throws(ExportError) -> ONNXValue {
    guard !(x.shape + shape).contains(where: { if case .batches = $0 { true } else { false } }) else {
      throw ExportError("ONNX", "elements read with strides from a tensor that is as long as the batch")
    }
    // The place of each element of the result: its indices times the strides, from the last axis to the first.
    let places = (0..<result.count).map { place in
      var rest = place, from = start
      for axis in (0..<result.rank).reversed() {
        from += rest % result[axis] * strides[axis]
        rest /= result[axis]
      }
      return from
    }
    let row = onnx.add("Reshape", [x.name, onnx.constant([-1])])
    let indices = onnx.constant(places, shape: result.dimensions)
    return ONNXValue(onnx.add("Gather", [row, indices], ["axis": .integer(0)]), shape, element)
  }

  /// A part of an axis whose length is known: ends of a part of a batch would depend on the batch's size.
  mutating func slice(
    _ x: ONNXValue, _ axis: Int, _ start: Int, to shape: [ONNXLength]
  ) throws(ExportError) -> ONNXValue {
    guard case .fixed(let length) = shape[axis], case .fixed = x.shape[axis] else {
      throw ExportError("ONNX", "a part of the batch")
    }
    let numbers = [[start], [start + length], [axis]].map { onnx.constant($0) }
    return ONNXValue(onnx.add("Slice", [x.name] + numbers), shape, x.element)
  }
}
