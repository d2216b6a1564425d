/// A recorded computation, run again with one node's numbers replaced: what a numerical derivative differences.
package struct Replay: Sendable {
  private let nodes: ContiguousArray<Node>
  private let result: Int
  private let replaced: Int
  /// The nodes between the replaced one and the result, in order: only these are computed again. What a gradient treats
  /// as constant (behind `stopGradient`, say) stays as it is.
  private let path: [Int]

  /// Prepares to replace the numbers of node `replaced` and see what becomes of node `result`.
  init(_ nodes: ContiguousArray<Node>, of result: Int, replacing replaced: Int) {
    self.nodes = nodes
    self.result = result
    self.replaced = replaced
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
    var values: [Int: Value] = [replaced: Value(array)]
    for index in path {
      let node = nodes[index]
      guard let primitive = node.primitive else { continue }
      let operands = node.operands.map { values[$0] ?? nodes[$0].value }
      let reported = type(of: primitive).reportedOperand
      if let reported, node.operands[reported] == replaced {
        // The kernels of a recognised pair do not read this operand; the formula says what it means there.
        let names = operands.indices.map { "operand \($0)" }
        let symbols = Dictionary(uniqueKeysWithValues: zip(names, operands.map { Tensor<S>($0) }))
        values[index] = try primitive.formula(names.map { .symbol($0) }).evaluated(symbols).value
      } else {
        values[index] = apply(primitive, operands)
      }
    }
    return try Tensor((values[result] ?? nodes[result].value).plain).validated()
  }
}
