// A reverse sweep with a fault put into it on purpose. Of J = Σ tanh(Z), Z = W·x, with the sign of ∂J/∂Z flipped:
//
//   node      was                  is
//   ∂J/∂Z     1 − tanh² Z          −(1 − tanh² Z)     planted
//   ∂J/∂W     ∂J/∂Z·xᵀ             computed again     wrong, though its rule is right

extension Snapshot {
  /// The snapshot with other numbers for the cotangent of a node, and all that the sweep made of them computed again.
  ///
  /// Nil where the sweep has no node of its own for that cotangent, or uses it for another named node too: there a fault at
  /// this node alone cannot be told.
  package func planting<S>(_ numbers: NDArray<S>, asCotangentOf node: Int) -> Snapshot? {
    guard let planted = cotangents[node], planted > result, numbers.shape == nodes[planted].value.shape else {
      return nil
    }
    for other in names.keys where other != node && other <= result && cotangents[other] == planted { return nil }
    var copy = self
    copy.nodes[planted].value = Value(numbers)
    var isMoved = [Bool](repeating: false, count: nodes.count)
    isMoved[planted] = true
    for index in nodes.indices.dropFirst(planted + 1) {
      guard let primitive = nodes[index].primitive, nodes[index].operands.contains(where: { isMoved[$0] }) else {
        continue
      }
      copy.nodes[index].value = apply(primitive, nodes[index].operands.map { copy.nodes[$0].value.detached })
      if copy.nodes[index].value.content.error != nil { return nil }
      isMoved[index] = true
    }
    return copy
  }
}
