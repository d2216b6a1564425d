import TapeGradCore

/// A small computation drawn at random: inputs, and operations on earlier values, with shared subexpressions.
package struct RandomGraph: Sendable, CustomStringConvertible {
  /// One operation: which, on which earlier values; `choice` settles what the operation leaves open (an axis, say).
  struct Node: Sendable {
    var operation: Int
    var operands: [Int]
    var choice: Int
  }

  package var inputs: [Shape]
  var nodes: [Node]

  /// The operations to draw from: a name, a number of operands, and what it does.
  typealias Operation<S: TensorScalar> = (
    name: String, arity: Int, apply: ([Tensor<S>], Int) -> Tensor<S>
  )

  static func operations<S: TensorScalar>(_: S.Type = S.self) -> [Operation<S>] {
    [
      ("+", 2, { x, _ in x[0] + x[1] }), ("-", 2, { x, _ in x[0] - x[1] }), ("*", 2, { x, _ in x[0] * x[1] }),
      ("/", 2, { x, _ in x[0] / x[1] }), ("maximum", 2, { x, _ in maximum(x[0], x[1]) }),
      ("minimum", 2, { x, _ in minimum(x[0], x[1]) }), ("select", 3, { x, _ in select(x[0] .> x[1], x[1], x[2]) }),
      ("tanh", 1, { x, _ in tanh(x[0]) }), ("sigmoid", 1, { x, _ in sigmoid(x[0]) }),
      ("relu", 1, { x, _ in relu(x[0]) }), ("leakyRelu", 1, { x, _ in leakyRelu(x[0]) }),
      ("exp", 1, { x, _ in exp(x[0]) }), ("log", 1, { x, _ in log(x[0]) }), ("sqrt", 1, { x, _ in sqrt(x[0]) }),
      ("square", 1, { x, _ in square(x[0]) }), ("softplus", 1, { x, _ in softplus(x[0]) }),
      ("abs", 1, { x, _ in abs(x[0]) }), ("negate", 1, { x, _ in -x[0] }), ("scale", 1, { x, c in S(c) / 2 * x[0] }),
      ("offset", 1, { x, c in x[0] + S(c) }), ("complement", 1, { x, c in S(c) - x[0] }),
      ("reciprocal", 1, { x, c in S(c) / x[0] }), ("pow", 1, { x, c in pow(x[0], S(c)) }),
      ("matmul", 2, { x, _ in matmul(x[0], x[1]) }), ("matmulT", 2, { x, _ in matmul(x[0].transposed, x[1]) }),
      ("matmulTT", 2, { x, _ in matmul(x[0].transposed, x[1].transposed) }),
      ("transpose", 1, { x, _ in x[0].transposed }), ("flatten", 1, { x, _ in x[0].reshaped(to: [x[0].shape.count]) }),
      ("sum", 1, { x, _ in x[0].sum() }), ("mean", 1, { x, _ in x[0].mean() }),
      ("sumAxis", 1, { x, c in x[0].sum(axis: c, keepingDimensions: true) }),
      ("meanAxis", 1, { x, c in x[0].mean(axis: c) }),
      ("maxAxis", 1, { x, c in x[0].max(axis: c, keepingDimensions: true) }),
      ("softmax", 1, { x, c in softmax(x[0], axis: c) }), ("logSumExp", 1, { x, c in logSumExp(x[0], axis: c) }),
      ("logSoftmax", 1, { x, c in logSoftmax(x[0], axis: c) }),
      ("softmaxCrossEntropy", 2, { x, c in softmaxCrossEntropy(logits: x[0], targets: sigmoid(x[1]), axis: c) }),
      ("slice", 1, { x, c in x[0].sliced(0..<1, axis: c) }),
      ("concatenate", 2, { x, c in concatenate(x, axis: c) }),
      ("crossEntropy", 2, { x, _ in binaryCrossEntropy(sigmoid(x[0]), x[1]) }),
      ("flip", 1, { x, c in x[0].flipped(axis: c) }), ("roll", 1, { x, c in x[0].rolled(by: 1, axis: c) }),
      ("tile", 1, { x, c in x[0].tiled([c + 1]) }), ("repeat", 1, { x, c in x[0].repeated(2, axis: c) }),
      ("pad", 1, { x, c in x[0].padded(before: 1, after: 0, axis: c, with: S(c)) }),
      ("stack", 2, { x, c in stack(x, axis: c) }), ("swapAxes", 1, { x, c in x[0].swappedAxes(0, c) }),
      ("triangle", 1, { x, c in x[0].lowerTriangle(diagonal: c - 1) }),
      ("diagonal", 1, { x, c in x[0].diagonal(c - 1) }),
      ("embedDiagonal", 1, { x, c in x[0].embeddedDiagonal(c - 1) }),
      ("steps", 1, { x, c in x[0][.every(c - 1), .ellipsis] }),
      ("last", 1, { x, c in x[0][.ellipsis, -1] }), ("list", 1, { x, c in x[0][[0, -1, 0]] }),
      (
        "takeAlong", 1,
        { x, c in x[0].taken(at: Indices([Int](repeating: 0, count: x[0].shape.count), shape: x[0].shape), along: c) }
      ),
      ("scatter", 2, { x, c in x[0].scattered(x[1], at: places([0, 1, 0], x[0].shape, c), axis: c) }),
      ("scatterAdd", 2, { x, c in x[0].scatterAdded(x[1], at: places([0, 1], x[0].shape, c), axis: c) }),
      ("outer", 2, { x, _ in outer(x[0], x[1]) }), ("einsum", 2, { x, _ in einsum("...ij,ij->j...", x[0], x[1]) }),
      ("windows", 1, { x, c in averagePool1D(x[0], window: c + 1, stride: 1) }),
      ("maxWindows", 1, { x, c in maxPool1D(x[0], window: c + 1, stride: 1) }),
      ("convolve", 2, { x, c in convolution1D(x[0], x[1].expandedDimensions(axis: 1), padding: c) }),
      (
        "solve", 2, { x, _ in solve(matmul(x[0].transposed, x[0]) + Tensor.eye(x[0].shape.dimensions.last ?? 0), x[1]) }
      ),
      (
        "cholesky", 1,
        { x, _ in (matmul(x[0], x[0].transposed) + Tensor.eye(x[0].shape.dimensions.first ?? 0)).cholesky() }
      ),
      ("stop", 1, { x, _ in stopGradient(x[0]) }),
      ("constant", 1, { x, c in x[0] * Tensor(repeating: S(c), shape: x[0].shape) }),
    ] + words()
  }

  /// These indices, or the last one along an axis where they are beyond it; none along an empty axis.
  private static func places(_ indices: [Int], _ shape: Shape, _ axis: Int) -> Indices {
    let length = axis < shape.rank ? shape[axis] : 1
    return Indices(length == 0 ? [] : indices.map { min($0, length - 1) })
  }

  /// Up to `limit` nodes on inputs of a few related shapes; what does not fit is drawn again.
  ///
  /// - Parameter longest: the most elements along an axis of an input.
  package init(limit: Int, longest: Int = 5, using generator: inout SeededGenerator) {
    let m = Int.random(in: 1...longest, using: &generator), n = Int.random(in: 1...longest, using: &generator)
    let shapes: [Shape] = [[m, n], [m, n], [m, 1], [n], [], [n, m], [2, m, n]]
    inputs = (0..<Int.random(in: 1...4, using: &generator)).map { _ in shapes.randomElement(using: &generator) ?? [] }
    nodes = []
    let operations = Self.operations(Double.self)
    var values = inputs.map { Tensor<Double>.zeros($0) }
    for _ in 0..<4 * limit where nodes.count < limit {
      let operation = Int.random(in: operations.indices, using: &generator)
      let operands = (0..<operations[operation].arity).map { _ in
        Bool.random(using: &generator) ? values.count - 1 : Int.random(in: values.indices, using: &generator)
      }
      let choice = Int.random(in: 0...2, using: &generator)
      let value = operations[operation].apply(operands.map { values[$0] }, choice)
      guard (try? value.validated()) != nil, value.shape.count < 40 * longest else { continue }
      nodes.append(Node(operation: operation, operands: operands, choice: choice))
      values.append(value)
    }
  }

  /// All values, inputs first.
  package func values<S>(_ inputs: [Tensor<S>]) -> [Tensor<S>] {
    let operations = Self.operations(S.self)
    return nodes.reduce(into: inputs) { values, node in
      values.append(operations[node.operation].apply(node.operands.map { values[$0] }, node.choice))
    }
  }

  /// A number that depends on all the graph: the sum of its last value, and that of one halfway.
  @Sendable func sum<S>(_ inputs: [Tensor<S>]) -> Tensor<S> {
    let values = values(inputs)
    return values[values.count - 1].sum() + values[values.count / 2].sum()
  }

  /// Whether an operation of this name is in the graph.
  func mentions(_ name: String) -> Bool {
    let operations = Self.operations(Double.self)
    return nodes.contains { operations[$0.operation].name == name }
  }

  /// Whether a remainder is in the graph: a saw of many teeth, where its divisor is small, which makes large errors of small ones.
  var hasTeeth: Bool { ["fmod", "remainder", "mod"].contains(where: mentions) }

  /// The graph without node `index`, whose place another value of its shape takes; nil where there is none.
  func removing(_ index: Int, for replacement: Int) -> RandomGraph? {
    let value = inputs.count + index
    guard replacement < value else { return nil }
    var smaller = self
    smaller.nodes.remove(at: index)
    for i in smaller.nodes.indices {
      smaller.nodes[i].operands = smaller.nodes[i].operands.map {
        $0 == value ? replacement : $0 > value ? $0 - 1 : $0
      }
    }
    return smaller
  }

  /// The smallest graph, reached by leaving out one node after the other, of which `fails` is still true.
  func shrunk(while fails: (RandomGraph) -> Bool) -> RandomGraph {
    for index in nodes.indices.reversed() {
      for replacement in 0..<inputs.count + index {
        guard let smaller = removing(index, for: replacement), smaller.isValid, fails(smaller) else { continue }
        return smaller.shrunk(while: fails)
      }
    }
    return self
  }

  private var isValid: Bool {
    values(inputs.map { Tensor<Double>.zeros($0) }).allSatisfy { (try? $0.validated()) != nil }
  }

  package var description: String {
    let operations = Self.operations(Double.self)
    let lines = inputs.enumerated().map { "v\($0) = input \($1)" }
    return
      (lines
      + nodes.enumerated().map { index, node in
        let operands = node.operands.map { "v\($0)" }.joined(separator: ", ")
        return "v\(inputs.count + index) = \(operations[node.operation].name)(\(operands); \(node.choice))"
      }).joined(separator: "\n")
  }
}
