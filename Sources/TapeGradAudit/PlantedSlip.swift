import TapeGradCore

// A fault put into the reverse sweep on purpose, to see what an audit makes of it. With the sign flipped at Z2 of the
// notes' network:
//
//   A2   right
//   Z2   wrong, the rule of binaryCrossEntropy      its own error
//   b2   wrong, inherited from Z2                   as W2, A1, Z1, b1 and W1

/// A mistake of those who derive gradients by hand, planted into the reverse sweep.
public enum PlantedSlip: String, Sendable, CaseIterable {
  /// The gradient by the node is negated.
  case sign
  /// The gradient by the node is m times as large: the 1/m of a mean is forgotten.
  case mean
  /// The gradient by the node is that by its function's value: f′ is forgotten.
  case derivative
  /// f′ is taken at the function's value, f′(f(x)), instead of f′(x).
  case value
}

extension PlantedSlip: CustomStringConvertible {
  /// The slip in words: `the sign flipped`.
  public var description: String {
    switch self {
    case .sign: "the sign flipped"
    case .mean: "the 1/m forgotten"
    case .derivative: "the derivative of the function forgotten"
    case .value: "the derivative taken at the function's value"
    }
  }
}

extension Audit {
  /// The audit of the same computation with a slip planted where the reverse sweep computes the gradient by a node.
  ///
  /// - Parameters:
  ///   - slip: what goes wrong.
  ///   - name: the node's name, the user's or that of the graph.
  ///   - limit: how many elements of a node are compared with finite differences.
  /// - Returns: Nil where the slip has no meaning at the node: no mean was taken after it, or no element-wise function
  ///   applied to it; or where no named node has that name alone.
  public func planting(_ slip: PlantedSlip, at name: String, limit: Int = 200) throws -> Audit? {
    switch scalarType {
    case .float: try planting(slip, at: name, limit: limit, as: Float.self)
    case .double: try planting(slip, at: name, limit: limit, as: Double.self)
    }
  }

  /// The slips that have a meaning somewhere, in backward order.
  public var plantable: [(slip: PlantedSlip, node: String)] {
    rows.flatMap { row in
      PlantedSlip.allCases.filter { slip in
        switch scalarType {
        case .float: planted(slip, at: row.name, as: Float.self) != nil
        case .double: planted(slip, at: row.name, as: Double.self) != nil
        }
      }.map { ($0, row.name) }
    }
  }

  private func planting<S: TensorScalar>(
    _ slip: PlantedSlip, at name: String, limit: Int, as _: S.Type
  ) throws -> Audit? {
    guard let planted = planted(slip, at: name, as: S.self) else { return nil }
    // What rounding explains is that of the right sweep: the planted numbers are no result of their operation.
    var auditor = Auditor<S>(
      planted, handDerived: [:], convention: .partialDerivatives, tolerance: tolerance, limit: limit,
      bounds: RoundingBounds(snapshot))
    return try auditor.audit(value: value)
  }

  private func planted<S: TensorScalar>(_ slip: PlantedSlip, at name: String, as _: S.Type) -> Snapshot? {
    let named = rows.filter { $0.name == name }
    guard named.count == 1, let gradient = wrongGradient(slip, at: named[0].node, as: S.self) else { return nil }
    return snapshot.planting(gradient, asCotangentOf: named[0].node)
  }

  private func wrongGradient<S: TensorScalar>(_ slip: PlantedSlip, at node: Int, as _: S.Type) -> NDArray<S>? {
    let gradient: NDArray<S> = snapshot.gradient(of: node)
    let users = snapshot.users(of: node)
    switch slip {
    case .sign: return -gradient
    case .mean:
      let counts = snapshot.means(after: node).map(\.count)
      return counts.count == 1 && counts[0] > 1 ? gradient * S(counts[0]) : nil
    case .derivative, .value:
      guard users.count == 1, let user = users.first else { return nil }
      let y: NDArray<S> = snapshot.numbers(of: user)
      guard y.shape == gradient.shape, let slope = snapshot.derivative(ofFunctionAt: user, at: y) else { return nil }
      let cotangent: NDArray<S> = snapshot.gradient(of: user)
      return slip == .derivative ? cotangent : cotangent * slope
    }
  }
}
