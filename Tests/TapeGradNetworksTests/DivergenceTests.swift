import TapeGradCore
import TapeGradNetworks
import Testing

/// A training that has no finite loss or parameters any more says so, and where it began.
struct DivergenceTests {
  typealias Loss = @Sendable (Tensor<Double>) -> Tensor<Double>

  /// A loss, where its descent begins, and how it ends.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let start: [Double]
    let rate: Double
    let epoch: Int
    let first, remedy: String
    let loss: Loss
  }

  private static let slower = "what may help: a rate of ", hopeless = "no rate helps"
  private static let rows = [
    Row(
      testDescription: "a bowl whose walls are too steep for the rate", start: [1, 2], rate: 1e150, epoch: 3,
      first: "the result of square[0] is inf", remedy: slower
    ) { square($0).sum() },
    Row(
      testDescription: "a step that overflows", start: [1], rate: 1e10, epoch: 1, first: "w[0] is -inf", remedy: slower
    ) { 1e300 * $0.sum() },
    Row(
      testDescription: "an infinite slope", start: [4, 0], rate: 0.1, epoch: 1, first: "∂J/∂w[1] is inf", remedy: slower
    ) { sqrt($0).sum() },
    Row(
      testDescription: "a step out of the domain", start: [3, 0.1], rate: 1, epoch: 2,
      first: "the result of log[1] is nan",
      remedy: slower
    ) { log($0).sum() },
    Row(
      testDescription: "NaN in the data", start: [1, 1], rate: 0.1, epoch: 1, first: "operand 2 of multiply[1] is nan",
      remedy: hopeless
    ) { square($0 * Tensor([1, .nan])).sum() },
    Row(
      testDescription: "NaN in the first parameters", start: [1, .nan], rate: 0.1, epoch: 1, first: "w[1] is nan",
      remedy: hopeless
    ) { square($0).sum() },
    Row(
      testDescription: "labels too large to square", start: [1], rate: 0.1, epoch: 1,
      first: "the result of square[0] is inf", remedy: hopeless
    ) { meanSquaredError($0, Tensor([1e200])) },
  ]

  private struct Model: TensorGroup {
    var w: Tensor<Double>
    mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows { try visit("w", &w) }
  }

  @Test("it names the step, and the first number that is not finite", arguments: rows)
  func divergence(_ row: Row) throws {
    var model = Model(w: Tensor(row.start)), steps = 0
    var descent = GradientDescent(for: model, rate: row.rate)
    let error = #expect(throws: TrainingError.self) {
      try descent.minimize(&model, epochs: 1000) { epoch, _ in
        steps = epoch
      } of: {
        row.loss($0.w)
      }
    }
    guard case .diverged(let divergence) = try #require(error) else { throw try #require(error) }
    #expect(divergence.epoch == row.epoch && steps == row.epoch)
    #expect(divergence.isAtStart == (row.remedy == Self.hopeless))
    #expect(divergence.firstNonFinite?.description == row.first)
    #expect("\(divergence)".contains(row.first) && "\(divergence)".contains(row.remedy), "\(divergence)")
    // The last whole step stands.
    if row.epoch > 1 { #expect(try model.w.scalars.allSatisfy(\.isFinite)) }
  }

  @Test("a network's nodes are named as in the notes")
  func network() throws {
    var generator = SeededGenerator(seed: 1)
    var network = TwoLayerNetwork<Float>(
      inputs: 2, hidden: 3, hiddenActivation: .identity, task: .regression, using: &generator)
    let x = Tensor<Float>.randomNormal([2, 10], using: &generator),
      y = Tensor<Float>.randomNormal([1, 10], using: &generator)
    var descent = GradientDescent(for: network, rate: 50)
    let error = #expect(throws: TrainingError.self) {
      try descent.minimize(&network, epochs: 1000) { $0.loss(x, labels: 1000 * y) }
    }
    guard case .diverged(let divergence) = try #require(error) else { throw try #require(error) }
    let first = try #require(divergence.firstNonFinite)
    #expect(["Z1", "Z2", "the result of matmul", "the result of square"].contains(first.name), "\(divergence)")
    #expect("\(divergence)".hasPrefix("training diverged in epoch \(divergence.epoch): the loss is "))
    #expect(try network.tensors.allSatisfy { try $0.tensor.scalars.allSatisfy(\.isFinite) })
  }
}
