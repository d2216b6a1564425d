import Testing

@testable import TapeGradCore

/// Losses at their kinks and limits, weights, reductions, errors.
struct LossTests {
  typealias Loss = @Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double>
  private let infinity = Double.infinity

  @Test("kinks and infinite distances")
  func kinks() throws {
    let zero = Tensor<Double>([0])
    let points: [(Loss, x: Double, value: Double, slope: Double)] = [
      ({ meanAbsoluteError($0, $1) }, 0, 0, 0), ({ meanAbsoluteError($0, $1) }, -infinity, infinity, -1),
      ({ huberLoss($0, $1, delta: 2) }, 2, 2, 2), ({ huberLoss($0, $1, delta: 2) }, -2, 2, -2),
      ({ huberLoss($0, $1, delta: 2) }, 0, 0, 0), ({ huberLoss($0, $1, delta: 2) }, infinity, infinity, 2),
      ({ huberLoss($0, $1) }, -3, 2.5, -1), ({ hingeLoss($0, $1 + 1) }, 1, 0, 0), ({ hingeLoss($0, $1 - 1) }, 1, 2, 1),
      ({ hingeLoss($0, $1 - 1) }, -infinity, 0, 0),
    ]
    for (loss, x, value, slope) in points {
      let (found, gradient) = try valueWithGradient(at: Tensor([x])) { loss($0, zero) }
      try found.expect([value])
      #expect(try gradient.item == slope)
    }
  }

  @Test("a divergence drops targets of 0, and is infinite where a probability is 0 that should not be")
  func divergence() throws {
    let t = Tensor<Double>([[1, 0], [0, 1]]), p = Tensor<Double>([[0.5, 1], [0.5, 0]])
    try kullbackLeibler(t, p, reduction: .none).expect([0.693147180559945309, infinity])
    try kullbackLeibler(t, t).expect([0])
    try gradient(at: p) { kullbackLeibler(t, $0, reduction: .sum) }.expect([-2, 0, 0, -infinity])
    try kullbackLeibler(t, p, axis: -1, weights: Tensor([1, 0])).expect([0.693147180559945309])
  }

  @Test("a weight of 0 drops a loss whatever it is; all of them leave NaN")
  func weights() throws {
    let x = Tensor<Double>([infinity, 2]), t = Tensor<Double>([0, 0])
    try meanSquaredError(x, t, weights: Tensor([0, 3])).expect([4])
    try meanSquaredError(x, t, weights: Tensor([0, 3]), reduction: .sum).expect([12])
    try meanSquaredError(x, t, weights: Tensor([0, 3]), reduction: .none).expect([0, 12])
    try gradient(at: x) { meanSquaredError($0, t, weights: Tensor([0, 3])) }.expect([0, 4])
    try meanSquaredError(x, t, weights: Tensor([0, 0])).expect([.nan])
    #expect(throws: TensorError.self) { try meanSquaredError(x, t, weights: .ones([3])).validated() }
    #expect(throws: TensorError.self) { try meanSquaredError(x, t, weights: .ones([2, 2])).validated() }
  }

  @Test("an ignored label need not be a class, leaves no derivative, and may be an argument of a program")
  func ignored() throws {
    let z = Tensor<Double>([[1, 2, 3], [0, infinity, 1]]), labels = Labels([0, -100, 1])
    let loss = softmaxCrossEntropy(logits: z, labels: labels, ignoring: -100)
    let others = softmaxCrossEntropy(logits: Tensor([[1, 3], [0, 1]]), labels: [0, 1])
    try loss.expect(others.scalars, ulps: 2)
    let slope = try gradient(at: z) { softmaxCrossEntropy(logits: $0, labels: labels, ignoring: -100) }
    #expect(try [slope.scalars[1], slope.scalars[4]] == [0, 0])
    let program = compiled { (z: Tensor<Double>, labels: Labels) in
      softmaxCrossEntropy(logits: z, labels: labels, ignoring: 9, smoothing: 0.1)
    }
    let finite = Tensor<Double>([[1, 2, 3], [0, 5, 1]])
    for labels in [[0, 9, 1], [9, 1, 0]] {
      try program(finite, Labels(labels)).expect(
        softmaxCrossEntropy(logits: finite, labels: labels, ignoring: 9, smoothing: 0.1).scalars)
    }
    try softmaxCrossEntropy(logits: finite, labels: [9, 9, 9], ignoring: 9).expect([.nan])
    #expect(throws: TensorError.self) {
      try softmaxCrossEntropy(logits: z, labels: [0, -1, 1], ignoring: -100).validated()
    }
    #expect(throws: TensorError.self) {
      try negativeLogLikelihood(logProbabilities: z, labels: Labels([0, 2, 1])).validated()
    }
  }

  @Test("a single example, and losses that are not reduced")
  func shapes() throws {
    let z = Tensor<Double>([1, 2, 3])
    #expect(softmaxCrossEntropy(logits: z, labels: [1], reduction: .none).shape == [])
    #expect(
      softmaxCrossEntropy(logits: Tensor<Double>.ones([3, 4]), labels: [0, 1, 2, 0], reduction: .none).shape == [4])
    #expect(kullbackLeibler(Tensor<Double>.ones([3, 4]), .ones([3, 4]), axis: 1, reduction: .none).shape == [3])
    try binaryCrossEntropy(sigmoid(z), .zeros([3]), reduction: .none).expect(softplus(z).scalars, ulps: 2)
    try binaryCrossEntropy(logits: z, labels: .ones([3]), smoothing: 0.5).expect(
      binaryCrossEntropy(logits: z, labels: Tensor([0.75, 0.75, 0.75])).scalars)
  }

  @Test("a loss wants equal shapes", arguments: 0..<5)
  func lossShapes(_ row: Int) {
    let losses: [Loss] = [
      { meanAbsoluteError($0, $1) }, { huberLoss($0, $1) }, { hingeLoss($0, $1) }, { kullbackLeibler($0, $1) },
      { softmaxCrossEntropy(logits: $0, targets: $1, smoothing: 0.1) },
    ]
    for (a, b) in [([3, 1], [3]), ([1, 3], [3]), ([2, 3], [3, 2]), ([1], [4])] as [(Shape, Shape)] {
      #expect(throws: TensorError.self) { try losses[row](.ones(a), .ones(b)).validated() }
    }
  }
}
