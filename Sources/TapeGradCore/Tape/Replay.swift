/// A recorded computation, run again with one node's numbers replaced: what a numerical derivative differences.
package struct Replay: Sendable {
  private let nodes: ContiguousArray<Node>
  private let result: Int
  private let replaced: Int
  /// The nodes between the replaced one and the result, in order: only these are computed again.
  private let path: [Int]

  /// Prepares to replace the numbers of `tensor` and see what becomes of `result`.
  ///
  /// - Throws: `TensorError` where either is not recorded on the tape.
  package init<S>(of result: Tensor<S>, on tape: Tape, replacing tensor: Tensor<S>) throws(TensorError) {
    guard let end = result.value.index(onTape: tape.place.generation),
      let start = tensor.value.index(onTape: tape.place.generation)
    else {
      throw TensorError("the tensor is not recorded on this tape").met(by: "replay", operands: [])
    }
    nodes = tape.nodes
    self.result = end
    replaced = start
    var depends = [Bool](repeating: false, count: end + 1)
    if start <= end { depends[start] = true }
    for index in stride(from: start + 1, through: end, by: 1) {
      depends[index] = nodes[index].operands.contains { depends[$0] }
    }
    path = depends.indices.filter { depends[$0] && $0 != start }
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
