import TapeGradAudit
import TapeGradCore
import TapeGradNetworks
import Testing

struct CheckGradientTests {
  private let w = Tensor<Double>([[0.3, -1.2, 0.8], [2.1, -0.4, 0.05]])

  @Test("a right gradient passes")
  func right() throws {
    let report = try checkGradient(at: w) { w in (tanh(w) * exp(w)).sum() }
    #expect(report.isRight)
    #expect(report.checks.map(\.check.elements.count) == [6])
    #expect(try #require(report.worst).element.difference <= 1e-11)
  }

  @Test("a group's right gradient passes, and its tensors go by their names")
  func groups() throws {
    var generator = SeededGenerator(seed: 1)
    let network = TwoLayerNetwork<Double>(
      inputs: 3, hidden: 4, outputs: 2, hiddenActivation: .tanh, initializer: .he, using: &generator)
    let x = Tensor<Double>.randomNormal([3, 10], using: &generator),
      y = Tensor<Double>.randomNormal([2, 10], using: &generator) .> 0
    let report = try checkGradient(at: network) { $0.loss(x, labels: y) }
    #expect(report.checks.map(\.name) == ["W1", "b1", "W2", "b2"])
    #expect(report.checks.allSatisfy { $0.check.verdict == .right && $0.check.count(.undecided) == 0 })
  }

  @Test("a wrong gradient is thrown, with the worst element", arguments: [0.5, 1.001, 1 + 1e-6])
  func wrong(factor: Double) throws {
    let report = #expect(throws: GradientReport.self) {
      try checkGradient(at: [w, w]) { w in (w[0] * wrongTanh(w[1], factor: factor)).sum() }
    }
    let worst = try #require(report?.worst)
    #expect(worst.name == "1")
    #expect(worst.element.verdict == .wrong)
    #expect(abs(worst.element.automatic / worst.element.numerical.value - factor) <= 1e-9)
  }

  @Test("a rule that is slightly wrong is found where the function is strongly curved")
  func slightlyWrong() {
    #expect(throws: GradientReport.self) {
      try checkGradient(at: Tensor<Double>([0.05])) { x in log(wrongTanh(x, factor: 1 + 1e-6)).sum() }
    }
  }

  @Test("the report names the element, its values and the error")
  func report() throws {
    let report = #expect(throws: GradientReport.self) {
      try checkGradient(at: w[0..<1, 0..<1]) { w in wrongTanh(w, factor: 0.5).sum() }
    }
    let text = "\(try #require(report))"
    #expect(text.hasPrefix("gradient check: wrong at x[0, 0]: automatic 0.457568, numerical 0.915137 ± "), "\(text)")
    #expect(text.hasSuffix("; wrong in 1 of 1 elements checked"), "\(text)")
  }

  @Test("derivatives of higher order are checked", arguments: 2...4)
  func higherOrders(order: Int) throws {
    let report = try checkGradient(at: w, order: order) { w in (tanh(w) * w).sum() }
    #expect(report.order == order)
    #expect(throws: GradientReport.self) {
      try checkGradient(at: w, order: order) { w in square(wrongTanh(w, factor: 1.01)).sum() }
    }
  }

  @Test("a point on a kink is reported and does not fail")
  func kink() throws {
    let report = try checkGradient(at: Tensor<Double>([-1, 0, 2])) { x in relu(x).sum() }
    #expect(report.checks[0].check.elements.map(\.verdict) == [.right, .undecided, .right])
    #expect("\(report)".hasSuffix("1 undecided (on a kink, at the border of the domain, or not finite)"))
  }

  @Test("a gradient with every element undecided is not right")
  func allUndecided() throws {
    let hopeless: [@Sendable (Tensor<Double>) -> Tensor<Double>] = [
      { log($0 - 5).sum() }, { ($0 * .nan).sum() }, { ($0 * .infinity).sum() },
      { abs($0 - $0).sum() + abs($0 * 0.0).sum() / 0 },
      { relu($0 - stopGradient($0)).sum() }, { sqrt(abs($0 * 0.0)).sum() },
    ]
    for f in hopeless {
      let report = #expect(throws: GradientReport.self) { try checkGradient(at: Tensor<Double>([1, 2])) { f($0) } }
      #expect(report?.verdict == .undecided && report?.isRight == false)
      let text = "\(try #require(report))"
      #expect(text.hasPrefix("gradient check: undecided in all 2 elements checked (on a kink, "), "\(text)")
      #expect(!text.contains("nan ± inf") && !text.contains(": right"), "\(text)")
    }
  }

  @Test("a gradient without elements is right")
  func noElements() throws {
    let report = try checkGradient(at: Tensor<Double>.zeros([0, 3])) { $0.sum() }
    #expect("\(report)" == "gradient check: right; there is no element")
  }

  @Test("a point at the border of the domain is undecided")
  func border() throws {
    let report = try checkGradient(at: Tensor<Double>([0, 4])) { x in sqrt(x).sum() }
    #expect(report.checks[0].check.elements.map(\.verdict) == [.undecided, .right])
    let probabilities = Tensor<Double>([0, 0.25, 1e-3])
    let entropy = try checkGradient(at: probabilities) { binaryCrossEntropy($0, Tensor([0, 1, 1])) }
    #expect(entropy.checks[0].check.elements.map(\.verdict) == [.undecided, .right, .right])
  }

  @Test("the elements checked of a long tensor are the same each time")
  func sampling() throws {
    let x = Tensor<Double>.ones([50, 40])
    let report = try checkGradient(at: x, limit: 7) { x in square(x).sum() }
    let again = try checkGradient(at: x, limit: 7) { x in square(x).sum() }
    #expect(report.checks[0].check.elements.count == 7 && report.checks[0].check.count == 2000)
    #expect(report.checks[0].check.elements.map(\.index) == again.checks[0].check.elements.map(\.index))
  }

  @Test("an error of the function is thrown as it is")
  func errors() {
    #expect(throws: TensorError.self) { try checkGradient(at: w) { w in matmul(w, w).sum() } }
    #expect(throws: TensorError.self) { try checkGradient(at: w) { w in tanh(w) } }
  }
}
