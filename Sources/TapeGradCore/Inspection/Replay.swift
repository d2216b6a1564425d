// For a numerical derivative a number is changed a little, and the result computed again. Of J = Σ tanh(W·x), changing
// node 2, W·x,
//
//   0 W   1 x   2 W·x   3 tanh   4 Σ = J
//                 ↑ new numbers
//                         3, 4 are computed again; 0 and 1 are as they were
//
// so that the derivative by any node can be checked, not only those by variables.

/// A recorded computation, run again with one node's numbers replaced: what a numerical derivative differences.
package struct Replay: Sendable {
  private let snapshot: Snapshot
  private let replaced: Int
  /// The nodes between the replaced one and the result, in order: only these are computed again. What a gradient treats
  /// as constant (behind `stopGradient`, say) stays as it is.
  private let path: [Int]

  /// Prepares to replace the numbers of node `replaced` and see what becomes of the result.
  package init(_ snapshot: Snapshot, replacing replaced: Int) {
    self.snapshot = snapshot
    self.replaced = replaced
    let (nodes, result) = (snapshot.nodes, snapshot.result)
    var depends = [Bool](repeating: false, count: result + 1)
    depends[replaced] = true
    for index in stride(from: replaced + 1, through: result, by: 1) {
      depends[index] = nodes[index].isVaried && nodes[index].operands.contains { depends[$0] }
    }
    path = depends.indices.filter { depends[$0] && $0 != replaced }
  }

  /// The result's value when the node's numbers are `array`.
  ///
  /// - Throws: `TensorError` where the numbers leave an operation's domain.
  package func value<S>(with array: NDArray<S>) throws(TensorError) -> Tensor<S> {
    let (nodes, result) = (snapshot.nodes, snapshot.result)
    var values: [Int: Value] = [replaced: Value(array)]
    for index in path {
      let node = nodes[index]
      guard let primitive = node.primitive else { continue }
      let operands = node.operands.map { values[$0] ?? nodes[$0].value }
      let reported = type(of: primitive).reportedOperand
      if let reported, node.operands[reported] == replaced {
        // The kernels of a recognized pair do not read this operand; the formula says what it means there.
        let names = operands.indices.map { "operand \($0)" }
        let symbols = Dictionary(uniqueKeysWithValues: zip(names, operands.map { Tensor<S>($0) }))
        values[index] = try primitive.formula(names.map { .symbol($0) }).evaluated(symbols).value
      } else {
        values[index] = apply(primitive, operands)
      }
    }
    return try Tensor((values[result] ?? nodes[result].value).detached).validated()
  }
}
