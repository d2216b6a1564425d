import Testing

@testable import TapeGradCore

/// An operation that does not fit: what its error must say, and the line on which it stands.
private struct Misfit: CustomTestStringConvertible, Sendable {
  let operation: String
  let says: [String]
  let line: Int
  let tensor: @Sendable () -> Tensor<Double>

  init(_ operation: String, _ says: String..., line: Int = #line, tensor: @escaping @Sendable () -> Tensor<Double>) {
    (self.operation, self.says, self.line, self.tensor) = (operation, says, line, tensor)
  }

  var testDescription: String { "\(operation), line \(line)" }
}

private func ones(_ lengths: Int...) -> Tensor<Double> { .ones(Shape(lengths)) }

extension Misfit {
  static let all = elementwise + products + losses + layouts + parts + reductions + literals

  private static let elementwise = [
    Misfit("add", "(2, 3)", "(2)", "along axis 1 the lengths are 3 and 2") { ones(2, 3) + ones(2) },
    Misfit("subtract", "along axis 0 the lengths are 2 and 3") { ones(2) - ones(3) },
    Misfit("multiply", "(0)", "(2)") { ones(0) * ones(2) },
    Misfit("divide", "(4, 1, 3)", "(2, 2)") { ones(4, 1, 3) / ones(2, 2) },
    Misfit("multiply", "(2)", "(3)") { ones(2).chained(with: ones(3)) },
    Misfit("less", "(2)", "(3)") { ones(2) .< ones(3) },
    Misfit("less", "(3)", "(2)") { ones(2) .> ones(3) },
    Misfit("equal", "(2)", "(3)") { ones(2) .== ones(3) },
    Misfit("maximum", "(2)", "(3)") { maximum(ones(2), ones(3)) },
    Misfit("minimum", "(2)", "(3)") { minimum(ones(2), ones(3)) },
    Misfit("select", "(2)", "(3)") { select(ones(2), ones(3), ones(2)) },
    Misfit("pow", "(2)", "(3)") { pow(ones(2), ones(3)) },
  ]

  private static let products = [
    Misfit("matmul", "inner dimensions 3 and 2 differ", "matmul(a.transposed, b) would fit") {
      matmul(ones(2, 3), ones(2, 4))
    },
    Misfit("matmul", "inner dimensions 3 and 4 differ", "matmul(a, b.transposed) would fit") {
      matmul(ones(2, 3), ones(4, 3))
    },
    Misfit("matmul", "inner dimensions 4 and 2 differ", "matmul(b, a) would fit") { matmul(ones(3, 4), ones(2, 3)) },
    Misfit("matmul", "inner dimensions 3 and 5 differ") { matmul(ones(2, 3), ones(5, 4)) },
    Misfit("matmul", "inner dimensions 2 and 3 differ") { matmul(ones(2), ones(3)) },
    Misfit("matmul", "vectors and matrices", "x * y would fit") { matmul(Tensor(2), ones(3, 2)) },
    Misfit("matmul", "batches (2) and (3) do not broadcast") { matmul(ones(2, 1, 1), ones(3, 1, 1)) },
    Misfit("matmul", "one rank, 2 or more") { ones(2).applying(MatrixProduct(), ones(2)) },
  ]

  private static let losses = [
    Misfit("binaryCrossEntropy", "(2)", "(3)") { binaryCrossEntropy(ones(2), ones(3)) },
    Misfit("binaryCrossEntropy", "(2)", "(3)") { binaryCrossEntropy(sigmoid(ones(2)), ones(3)) },
    Misfit("binaryCrossEntropyOfLogits", "(2)", "(3)") { binaryCrossEntropy(logits: ones(2), labels: ones(3)) },
    Misfit("subtract", "(2)", "(3)") { meanSquaredError(ones(2), ones(3)) },
    Misfit("softmaxCrossEntropy", "differ") { softmaxCrossEntropy(logits: ones(3, 2), targets: ones(3)) },
    Misfit("softmaxCrossEntropy", "no classes") { softmaxCrossEntropy(logits: ones(0, 2), targets: ones(0, 2)) },
    Misfit("softmaxCrossEntropy", "label 3", "3 classes") { softmaxCrossEntropy(logits: ones(3, 1), labels: [3]) },
    Misfit("softmaxCrossEntropy", "label -1") { softmaxCrossEntropy(logits: ones(3, 1), labels: [-1]) },
    Misfit("softmaxCrossEntropy", "2 labels") { softmaxCrossEntropy(logits: ones(3, 1), labels: [0, 1]) },
    Misfit("softmaxCrossEntropy", "1 labels") { softmaxCrossEntropy(logits: ones(), labels: [0]) },
    Misfit("softmax", "no axis 2", "rank 1") { softmax(ones(3), axis: 2) },
    Misfit("logSoftmax", "no axis 0", "rank 0") { logSoftmax(ones()) },
    Misfit("logSumExp", "no axis -3") { logSumExp(ones(2, 2), axis: -3) },
  ]

  private static let layouts = [
    Misfit("reshape", "6 elements do not fill shape (4)", "has 4") { ones(2, 3).reshaped(to: [4]) },
    Misfit("reshape", "memory") { ones(1).reshaped(to: [.max, .max]) },
    Misfit("reshape", "memory") { ones(1).reshaped(to: [1 << 30, 1 << 30, 1 << 30]) },
    Misfit("reshape", "negative") { ones(6).reshaped(to: [-2, -3]) },
    Misfit("reshape", "at most 8 axes") { ones(1).reshaped(to: [1, 1, 1, 1, 1, 1, 1, 1, 1]) },
    Misfit("permute", "[0, 0]", "rank 2") { ones(2, 3).permuted([0, 0]) },
    Misfit("permute", "[0]") { ones(2, 3).permuted([0]) },
    Misfit("broadcast", "does not broadcast to (4)") { ones(3).broadcast(to: [4]) },
    Misfit("broadcast", "does not broadcast to (3)") { ones(2, 3).broadcast(to: [3]) },
    Misfit("broadcast", "negative") { ones(1).broadcast(to: [-3]) },
    Misfit("sum", "does not reduce to (2)") { ones(2, 3).sum(to: [2]) },
  ]

  private static let parts = [
    Misfit("subscript", "1..<4", "axis 0", "length 3") { ones(3)[1..<4] },
    Misfit("slice", "-1..<1", "axis 0") { ones(3).sliced(-1..<1) },
    Misfit("slice", "1..<4", "axis 0", "length 3") { ones(3).sliced(1..<4) },
    Misfit("subscript", "2 subscripts for a tensor of rank 1") { ones(3)[0..<1, 0..<1] },
    Misfit("slice", "no axis -2") { ones(3).sliced(0..<1, axis: -2) },
    Misfit("gather", "index 3", "length 3") { ones(3).gathered([0, 3]) },
    Misfit("gather", "index -1") { ones(3).gathered([-1]) },
    Misfit("gather", "no axis 5") { ones(3).gathered([0], axis: 5) },
    Misfit("concatenate", "nothing to join") { concatenate([Tensor<Double>]()) },
    Misfit("concatenate", "part 1 has shape (2, 4)", "(2, 3)", "axis 0") { concatenate([ones(2, 3), ones(2, 4)]) },
    Misfit("concatenate", "part 1 has shape (2)") { concatenate([ones(2, 3), ones(2)], axis: 1) },
    Misfit("concatenate", "no axis 0", "rank 0") { concatenate([ones(), ones()]) },
  ]

  private static let reductions = [
    Misfit("sum", "no axis 2", "rank 2") { ones(2, 3).sum(axis: 2) },
    Misfit("mean", "no axis -3") { ones(2, 3).mean(axes: [0, -3]) },
    Misfit("max", "no axis 0") { ones().max(axis: 0) },
    Misfit("max", "empty") { ones(2, 0).max(axis: 1) },
    Misfit("mean", "no axis 4") { ones(2).variance(axes: [4]) },
  ]

  private static let literals = [
    Misfit("Tensor", "ragged", "row 0 has 2 numbers, row 1 has 1") { Tensor([[1, 2], [3]]) },
    Misfit("Tensor", "ragged", "plane 1 has 2") { Tensor([[[1]], [[1], [2]]]) },
    Misfit("Tensor", "3 numbers do not fill shape (2, 2)") { Tensor([1, 2, 3], shape: [2, 2]) },
    Misfit("Tensor", "negative") { Tensor.zeros([-1]) },
    Misfit("Tensor", "memory") { Tensor.zeros([.max, 2]) },
    Misfit("Tensor", "at most 8 axes") { Tensor.ones([1, 1, 1, 1, 1, 1, 1, 1, 1]) },
    Misfit("Tensor", "negative") { Tensor([], shape: [-2, 0]) },
  ]
}

struct TensorErrorTests {
  @Test("an operation that does not fit says so", arguments: Misfit.all)
  private func misfit(_ misfit: Misfit) throws {
    let error = try #require(failure { try misfit.tensor().validated() })
    let text = error.message + " " + (error.suggestion ?? "") + error.operands.map(\.description).joined()
    #expect(error.operation == misfit.operation)
    for part in misfit.says { #expect(text.contains(part)) }
  }

  /// Looking up a line takes a tenth of a second or two, so these stand for all.
  @Test(
    "an operation that does not fit says on which line it stands",
    arguments: ["add", "matmul", "softmax", "reshape", "slice", "concatenate", "mean", "Tensor"])
  func callSite(_ operation: String) throws {
    let misfit = try #require(Misfit.all.last { $0.operation == operation })
    let error = try #require(failure { try misfit.tensor().validated() })
    #expect(error.callSite == "TensorErrorTests.swift:\(misfit.line)")
  }

  @Test("an error names the operands, and printing shows it")
  func names() throws {
    let tape = Tape()
    let weight = tape.variable(Tensor<Double>.ones([4, 3]), named: "W1")
    let data = tape.constant(Tensor<Double>.ones([2, 400]), named: "X")
    let line = #line, product = matmul(weight, data)
    let text = "matmul of W1 (4, 3) and X (2, 400): inner dimensions 3 and 2 differ (TensorErrorTests.swift:\(line))"
    #expect("\(product)" == "failed: \(text)")
    // In a gradient of another tape the names are still known.
    let nested = failure { try gradient(at: weight) { matmul($0, data).sum() } }
    #expect(nested?.operands.map(\.name) == ["W1", "X"])
  }
}
