// Axes that come, go or change places, and tensors in pieces along them. All are compositions of reshape, permute, slice,
// concatenate and broadcast, which are linear: the derivative of each is the same change the other way.
//
// An axis counts from the end where it is negative. For a new axis there is one place more than there are axes: −1 is behind
// the last one.

extension Tensor {
  /// Without the axes of length 1.
  public func squeezed() -> Tensor { reshaped(to: Shape(shape.dimensions.filter { $0 != 1 })) }

  /// Without one axis, which has length 1: (2, 1, 3) squeezed at 1 is (2, 3). An axis of another length gives a failed tensor.
  public func squeezed(axis: Int) -> Tensor {
    attempt("squeeze") { () throws(TensorError) in
      let axis = try shape.existing(axis)
      guard shape[axis] == 1 else { throw TensorError("axis \(axis) has length \(shape[axis]), and not 1") }
      return reshaped(to: shape.removing(axis))
    }
  }

  /// With a new axis of length 1 before axis `axis`: (2, 3) expanded at 1 is (2, 1, 3), at −1 it is (2, 3, 1).
  public func expandedDimensions(axis: Int) -> Tensor {
    attempt("expandDimensions") { () throws(TensorError) in
      reshaped(to: shape.inserting(1, at: try shape.place(axis)))
    }
  }

  /// The axes from `axis` on as one: (2, 3, 4) flattened is (24), flattened from 1 it is (2, 12).
  public func flattened(from axis: Int = 0) -> Tensor {
    attempt("flatten") { () throws(TensorError) in
      // A number is a vector of length 1, as in NumPy.
      if shape.rank == 0, axis == 0 { return reshaped(to: [1]) }
      let axis = try shape.existing(axis)
      return reshaped(to: Shape(shape.dimensions[..<axis] + [shape.count(of: axis..<shape.rank)]))
    }
  }

  /// Two axes exchanged.
  public func swappedAxes(_ a: Int, _ b: Int) -> Tensor {
    attempt("swapAxes") { () throws(TensorError) in
      var order = Array(0..<shape.rank)
      order.swapAt(try shape.existing(a), try shape.existing(b))
      return permuted(order)
    }
  }

  /// Axis `source` at the place `destination`; the others keep their order.
  public func movedAxis(from source: Int, to destination: Int) -> Tensor {
    attempt("moveAxis") { () throws(TensorError) in
      var order = Array(0..<shape.rank)
      let axis = order.remove(at: try shape.existing(source))
      // (2, 3, 4) with axis 0 moved to −1: the others move up, (3, 4, 2).
      order.insert(axis, at: try shape.existing(destination))
      return permuted(order)
    }
  }

  /// The slices along an axis, which they lose: the rows of a matrix are vectors. Where there is no such axis, one failed
  /// tensor.
  public func unstacked(axis: Int = 0) -> [Tensor] {
    attempts("unstack") { () throws(TensorError) in
      let axis = try shape.existing(axis), slice = shape.removing(axis)
      // Each slice is an operation of its own; where all are wanted in one computation, a reshape or `vmap` is cheaper.
      return (0..<shape[axis]).map { sliced($0..<$0 + 1, axis: axis).reshaped(to: slice) }
    }
  }

  /// The tensor in `count` parts of one length along an axis. Where its length is no multiple of `count`, one failed tensor.
  public func split(into count: Int, axis: Int = 0) -> [Tensor] {
    attempts("split") { () throws(TensorError) in
      let axis = try shape.existing(axis), length = shape[axis]
      guard count > 0, length % count == 0 else {
        throw TensorError("axis \(axis) has length \(length), which \(count) parts do not divide evenly")
      }
      return (0..<count).map { sliced($0 * (length / count)..<($0 + 1) * (length / count), axis: axis) }
    }
  }

  /// The tensor in parts of these lengths along an axis. Where they do not sum to its length, one failed tensor.
  public func split(lengths: [Int], axis: Int = 0) -> [Tensor] {
    attempts("split") { () throws(TensorError) in
      let axis = try shape.existing(axis)
      // Each length by itself too: −1 and 4 make up an axis of length 3.
      guard lengths.allSatisfy({ 0...shape[axis] ~= $0 }), lengths.reduce(0, +) == shape[axis] else {
        throw TensorError("parts of lengths \(lengths) do not make up axis \(axis), which has length \(shape[axis])")
      }
      var start = 0
      return lengths.map { length in
        defer { start += length }
        return sliced(start..<start + length, axis: axis)
      }
    }
  }
}

/// Tensors of one shape along a new axis: two of shape (3) at axis 0 are (2, 3), at axis −1 they are (3, 2).
public func stack<S>(_ parts: [Tensor<S>], axis: Int = 0) -> Tensor<S> {
  guard let first = parts.first else {
    return .failed(TensorError("there is nothing to stack").within(operation: "stack", operands: []))
  }
  return first.attempt("stack", with: Array(parts.dropFirst())) { () throws(TensorError) in
    let axis = try first.shape.place(axis)
    for (i, part) in parts.enumerated() where part.shape != first.shape {
      throw TensorError("part \(i) has shape \(part.shape), and the first \(first.shape)")
    }
    // The parts get the new axis with length 1, along which they are then joined.
    return concatenate(parts.map { $0.expandedDimensions(axis: axis) }, axis: axis)
  }
}

extension Shape {
  /// Without an axis.
  func removing(_ axis: Int) -> Shape { Shape(rank: rank - 1) { self[$0 < axis ? $0 : $0 + 1] } }

  /// With an axis of this length before axis `axis`.
  func inserting(_ length: Int, at axis: Int) -> Shape {
    Shape(dimensions[..<axis] + [length] + dimensions[axis...])
  }
}
