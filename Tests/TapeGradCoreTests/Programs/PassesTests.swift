import TapeGradAudit
import Testing

@testable import TapeGradCore

/// Each rewrite on a graph that it is for.
struct PassesTests {
  private let x = Tensor<Double>([1, -2, 3])
  private let square = Tensor<Double>([[1, 2], [3, 4]])

  /// What remains of a function of one tensor: the operations besides inputs.
  private func operations(
    _ x: Tensor<Double>, _ function: (Tensor<Double>) -> Tensor<Double>
  ) throws -> [Operation] {
    let trace = try Trace(of: [x.value]) { [function(Tensor($0[0])).value] }
    return trace.lowered.simplified.nodes.map(\.operation).filter { if case .input = $0 { false } else { true } }
  }

  private func unary(_ function: UnaryFunction, _ number: Double = 0) -> Operation {
    .unary(function, ExactNumber(number))
  }

  @Test("only what moves by indices or windows, solves equations, looks at numbers or loops stays a primitive")
  func lowering() throws {
    let samples = PrimitiveSample.all.filter { $0.operands.allSatisfy { $0.shape.count > 0 } }
    let opaque = try samples.filter { sample in
      var generator = SeededGenerator(seed: 7)
      let trace = try Trace(of: sample.draw(using: &generator).map { (x: Tensor<Double>) in x.value }) { x in
        [sample(x.map { Tensor<Double>($0) }).value]
      }
      return trace.lowered.nodes.contains { $0.operation.isOpaque }
    }
    let moving: Set = ["gather", "scatterAdd", "labelTargets", "takeAlong", "addAlong", "scatter", "lastOccurrence"]
    let windows: Set = [
      "viewTranspose", "convolution", "convolutionImages", "convolutionWeights", "maxPool", "maxSpread", "maxCollect",
    ]
    let systems: Set = ["solve", "triangularSolve", "cholesky", "det", "logDet", "detSign"]
    let others: Set = ["binaryCrossEntropy", "checkpoint", "matmul", "argMax", "argSort"]
    #expect(
      Set(opaque.map { type(of: $0.primitive).name }) == moving.union(windows).union(systems).union(others))
    #expect(opaque.allSatisfy { !($0.primitive is MatrixProduct) })
  }

  @Test("what no result needs is dropped")
  func deadCode() throws {
    #expect(
      try operations(x) { x in
        _ = exp(x)
        return tanh(x)
      } == [unary(.tanh)])
  }

  @Test("elimination refuses no numbers, so a determinant is not computed where only its derivative is needed")
  func unneededDeterminant() throws {
    let program = compiled { (a: Tensor<Double>) in try gradient(at: a) { $0.signAndLogDeterminant().logarithm } }
    let description = try program.plan(for: square).description
    #expect(description.contains("1 result") && description.contains("solve") && !description.contains("logDet"))
  }

  @Test("what is computed twice is computed once")
  func commonSubexpressions() throws {
    #expect(try operations(x) { tanh($0) * tanh($0) } == [unary(.tanh), .binary(.multiply)])
  }

  @Test("operations on constants are done while tracing")
  func constantFolding() throws {
    let c = Tensor<Double>([4, 9, 16])
    let left = try operations(x) { $0 + sqrt(c) }
    #expect(left == [.constant(0), .binary(.add)])
  }

  @Test("operations with numbers that change nothing are dropped")
  func neutralNumbers() throws {
    #expect(try operations(x) { 1 * $0 } == [])
    #expect(try operations(x) { $0 / 1 } == [])
    #expect(try operations(x) { $0 - 0 } == [])
    #expect(try operations(x) { -(-$0) } == [])
    #expect(try operations(x) { $0 + 0 } == [unary(.offset, 0)], "x + 0 turns −0 into 0")
    #expect(try operations(x) { 0.0 * $0 } == [unary(.scale, 0)], "0·x is NaN at NaN")
  }

  @Test("a constant of one number is that number")
  func numericOperands() throws {
    let twos = Tensor<Double>(repeating: 2, shape: [3])
    #expect(try operations(x) { $0 * twos } == [unary(.scale, 2)])
    #expect(try operations(x) { $0 - twos } == [unary(.offset, -2)])
    #expect(try operations(x) { twos - $0 } == [unary(.complement, 2)])
    #expect(try operations(x) { twos / $0 } == [unary(.reciprocal, 2)])
    #expect(try operations(x) { maximum($0, twos) }.count == 2)
  }

  @Test("shape changes that cancel are dropped")
  func shapeChanges() throws {
    #expect(try operations(square) { $0.transposed.transposed } == [])
    #expect(try operations(square) { $0.reshaped(to: [4]).reshaped(to: [2, 2]) } == [])
    #expect(try operations(square) { $0.permuted([1, 0]) } == [.permute([1, 0])])
    #expect(try operations(Tensor([[1, 2, 3]])) { $0.transposed } == [.reshape])
  }

  @Test("transposes become flags of the product")
  func transposes() throws {
    #expect(
      try operations(square) { matmul($0.transposed, $0) } == [
        .matrixProduct(transposesLeft: true, transposesRight: false)
      ])
    #expect(
      try operations(square) { matmul($0, $0.transposed) } == [
        .matrixProduct(transposesLeft: false, transposesRight: true)
      ])
  }

  @Test("element-wise work is done before a broadcast")
  func broadcastSinking() throws {
    #expect(try operations(x) { tanh($0.broadcast(to: [5, 3])) } == [unary(.tanh), .broadcast])
  }

  @Test("what no state reaches is done before the loop, and a factor transposed there")
  func loopInvariants() throws {
    let trace = try Trace(of: [square.value, square.value]) { values in
      let (state, x) = (Tensor<Double>(values[0]), Tensor<Double>(values[1]))
      return [(matmul(state, x.transposed) + exp(x).sum()).value]
    }
    let split = try #require(trace.lowered.simplified.withoutInvariants(states: 1, inputs: 2))
    let before = split.before.nodes.map(\.operation), loop = split.loop.nodes.map(\.operation)
    #expect(before.contains(.permute([1, 0])) && before.contains(unary(.exp)))
    #expect(before.count == 4 && split.before.results.count == 2, "\(before)")
    #expect(loop.contains(.matrixProduct(transposesLeft: false, transposesRight: false)))
    #expect(loop.contains(.input(2)) && loop.contains(.input(3)) && !loop.contains(.input(1)))
    #expect(trace.lowered.simplified.withoutInvariants(states: 2, inputs: 2) == nil)
  }

  @Test("sigmoid and its cross-entropy go by the logits")
  func crossEntropy() throws {
    let labels = Tensor<Double>([0, 1, 1])
    let left = try operations(x) { binaryCrossEntropy(sigmoid($0), labels) }
    #expect(left.contains(.binary(.logitsCrossEntropy)) && !left.contains(unary(.sigmoid)))
  }
}
