// Where a NaN came from. For J = Σ log(W·x) with an element of W·x below 0, nodes are, in the order of recording: W·x, finite;
// its logarithm, NaN; the sum, NaN. The first is what a reader wants: "the result of log[0] is nan".
//
// A gradient may be NaN where every value is finite, as √x at 0 times 0: so gradients are looked through as well, in the order in
// which they are computed.

/// A number of a recorded computation that is NaN or infinite, and where it stands.
public struct NonFiniteNumber: Hashable, Sendable {
  /// `Z1` or `∂J/∂Z1`; where the node has no name, `the result of log` or `operand 2 of matmul`.
  public let name: String
  /// Which element: one index for each axis.
  public let index: [Int]
  /// NaN or ±∞.
  public let value: Double
}

extension NonFiniteNumber: CustomStringConvertible {
  /// `Z1[0, 3] is nan`.
  public var description: String { "\(name)\(index.isEmpty ? "" : "\(index)") is \(short(value))" }
}

extension NonFiniteNumber {
  /// The first element of a tensor that is NaN or infinite, in row-major order; nil where all are finite.
  package init?<S>(in tensor: Tensor<S>, named name: String) throws(TensorError) {
    guard let found = try tensor.array.firstNonFinite else { return nil }
    self.init(name: name, index: tensor.shape.indices(at: found.offset), value: found.value)
  }
}

extension Snapshot {
  /// The first number that is NaN or infinite: of the computation, in the order in which it was recorded, or else of the
  /// gradients, in backward order.
  package var firstNonFinite: NonFiniteNumber? {
    for node in ancestors {
      guard let (offset, value) = nodes[node].value.firstNonFinite else { continue }
      return NonFiniteNumber(
        name: title(of: node), index: shape(of: node).indices(at: offset), value: value)
    }
    return reached.lazy.compactMap { firstNonFinite(inGradientOf: $0) }.first
  }

  /// The first number of a node's gradient that is NaN or infinite, in row-major order.
  package func firstNonFinite(inGradientOf node: Int) -> NonFiniteNumber? {
    guard let (offset, value) = cotangents[node].flatMap({ nodes[$0].value.firstNonFinite }) else { return nil }
    return NonFiniteNumber(
      name: "∂\(name(of: result) ?? "J")/∂\(name(of: node) ?? "(\(title(of: node)))")",
      index: shape(of: node).indices(at: offset), value: value)
  }

  /// What to call a node: by its name, by its operation, or by the first operation that uses it.
  private func title(of node: Int) -> String {
    if let name = name(of: node) { return name }
    if let operation = operation(of: node) { return "the result of \(operation)" }
    // A leaf without a name is called by what uses it first.
    for user in node + 1..<result + 1 {
      guard let place = nodes[user].operands.firstIndex(of: node), let operation = operation(of: user) else { continue }
      return "operand \(place + 1) of \(operation)"
    }
    return "a constant"
  }

  /// The nodes that the result was computed from, in the order of the tape.
  private var ancestors: [Int] {
    var isAncestor = [Bool](repeating: false, count: result + 1)
    isAncestor[result] = true
    for index in stride(from: result, through: 0, by: -1) where isAncestor[index] {
      for operand in nodes[index].operands { isAncestor[operand] = true }
    }
    return isAncestor.indices.filter { isAncestor[$0] }
  }
}

extension Value {
  fileprivate var firstNonFinite: (offset: Int, value: Double)? {
    guard content.storage != nil else { return nil }
    switch scalarType ?? .double {
    case .float: return array(Float.self).firstNonFinite
    case .double: return array(Double.self).firstNonFinite
    }
  }
}

extension NDArray {
  fileprivate var firstNonFinite: (offset: Int, value: Double)? {
    withUnsafeBufferPointer { numbers in
      numbers.firstIndex { !$0.isFinite }.map { ($0, numbers[$0].doubleValue) }
    }
  }
}

extension Shape {
  /// The indices of the element at `offset` in row-major order.
  package func indices(at offset: Int) -> [Int] {
    var (rest, indices) = (offset, [Int]())
    for length in dimensions.reversed() {
      // The last axis counts fastest.
      indices.append(rest % length)
      rest /= length
    }
    return indices.reversed()
  }
}
