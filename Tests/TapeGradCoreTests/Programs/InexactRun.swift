import TapeGradArrays

@testable import TapeGradCore

/// A program carried out where every operation is as far off as an engine's may be: in Double, each element of its result moved
/// by a random part of itself. How far the program's results move says how far those of a right engine may lie apart: where large
/// numbers cancel, far; where a rounding decides, arbitrarily.
///
/// Moving an element of a sum, or of a product of matrices, is moving each of its terms. What only moves numbers is exact.
struct InexactRun {
  let graph: ProgramGraph
  /// By how much an operation's result may be off, relative to itself.
  let error: Double

  /// The results for these inputs.
  func callAsFunction(_ inputs: [NDArray<Double>], using generator: inout SeededGenerator) throws -> [NDArray<Double>] {
    var values: [NDArray<Double>] = []
    let indices = indices
    for (number, node) in graph.nodes.enumerated() {
      let x = node.operands.map { values[$0] }
      let terms = node.operation.addsTerms ? x.map { moved($0, &generator) } : x
      let value = try result(of: node, terms, inputs)
      values.append(node.operation.isExact || indices.contains(number) ? value : moved(value, &generator))
    }
    return graph.results.map { values[$0] }
  }

  /// The nodes that indices are computed from, which are whole numbers.
  private var indices: Set<Int> {
    var indices: Set<Int> = []
    for (number, node) in graph.nodes.enumerated().reversed() {
      guard case .opaque(let opaque) = node.operation else {
        if indices.contains(number) { indices.formUnion(node.operands) }
        continue
      }
      let primitive = opaque.primitive, readsNumbers = primitive is ArgSort || primitive is ArgMax || primitive is Loop
      if primitive is any TakesIndices, !readsNumbers, let last = node.operands.last { indices.insert(last) }
    }
    return indices
  }

  private func moved(_ x: NDArray<Double>, _ generator: inout SeededGenerator) -> NDArray<Double> {
    NDArray(x.scalars.map { $0 * (1 + error * .random(in: -1...1, using: &generator)) }).reshaped(to: x.shape)
  }

  private func result(
    of node: ProgramGraph.Node, _ x: [NDArray<Double>], _ inputs: [NDArray<Double>]
  ) throws -> NDArray<Double> {
    let arrays = ArrayBackend<Double>(), shape = node.shape
    func split(_ x: NDArray<Double>, _ fold: Fold) -> NDArray<Double> {
      x.reshaped(to: [fold.outer, fold.length, fold.inner])
    }
    switch node.operation {
    case .input(let number): return inputs[number]
    case .constant(let number): return NDArray(storage: graph.constants[number])
    case .fill(let number): return NDArray(repeating: number.value, shape: shape)
    case .unary(let f, let c): return arrays.map(f, x[0], c.value)
    case .binary(let f): return arrays.zip(f, x[0], x[1])
    case .select: return arrays.select(x[0], x[1], x[2])
    case .broadcast: return arrays.broadcast(x[0], to: shape)
    case .reduce(let f, let fold):
      return arrays.fold(f, split(x[0], fold), to: [fold.outer, 1, fold.inner]).reshaped(to: shape)
    case .reshape: return x[0].reshaped(to: shape)
    case .permute(let order): return arrays.permute(x[0], order)
    case .slice(let axis, let start): return arrays.slice(x[0], start..<start + shape[axis], axis: axis)
    case .strided(let start, let strides): return arrays.strided(x[0], shape: shape, start: start, strides: strides)
    case .concatenate(let axis): return arrays.concatenate(x, axis: axis)
    case .logSumExp(let fold):
      let (maximum, remainder) = arrays.logSumExpParts(split(x[0], fold), axis: 1)
      return arrays.concatenate([maximum, remainder].map { $0.reshaped(to: [1, fold.outer * fold.inner]) }, axis: 0)
    case .matrixProduct(let left, let right):
      return arrays.matrixProduct(x[0], transposed: left, x[1], transposed: right)
    case .opaque(let opaque):
      return try Tensor<Double>(apply(opaque.primitive, x.map { Value($0) })).array
    }
  }
}

extension TapeGradCore.Operation {
  /// Whether it adds, so that its result may be smaller than what it was rounded with.
  fileprivate var addsTerms: Bool {
    switch self {
    case .reduce, .matrixProduct: true
    case .opaque(let opaque): !(opaque.primitive is any TakesIndices)
    default: false
    }
  }

  /// Whether it computes nothing.
  fileprivate var isExact: Bool {
    switch self {
    case .input, .constant, .fill, .select, .broadcast, .reshape, .permute, .slice, .strided, .concatenate: true
    case .opaque(let opaque): opaque.primitive is any TakesIndices && !(opaque.primitive is Loop)
    default: false
    }
  }
}
