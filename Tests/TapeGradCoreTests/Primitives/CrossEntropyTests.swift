import Testing

@testable import TapeGradCore

/// A sigmoid and its cross-entropy are recognized, and computed from the logits.
struct CrossEntropyTests {
  private let logits = Tensor([[0.5, -1, 40, -800]]), labels = Tensor([[1.0, 0, 0, 1]])
  private let m = 4.0

  @Test("∂J/∂Z2 is (A2 − Y)/m at saturated logits, and ∂J/∂A2 is the textbook's")
  func textbook() throws {
    let tape = Tape()
    let z = tape.variable(logits, named: "Z2"), y = tape.constant(labels, named: "Y")
    let a = sigmoid(z).named("A2"), loss = binaryCrossEntropy(a, y).named("J")
    let gradients = try tape.gradients(of: loss)
    // 1 − σ(40) rounds to 0 in Double; the truth is 4.2e-18.
    try gradients[z].expect([-0.377540668798145435 / m, 0.268941421369995121 / m, 1 / m, -1 / m], ulps: 2)
    let probabilities = try a.scalars
    let textbook = try zip(probabilities, labels.scalars).map { a, y in -(y / a - (1 - y) / (1 - a)) / m }
    let found = try gradients[a].scalars
    #expect(found[0].isClose(to: textbook[0], ulps: 2) && found[1].isClose(to: textbook[1], ulps: 2))
    #expect(found[2].isClose(to: 1 / 4.24835425529158896e-18 / m, ulps: 8))
    #expect(found[3] == -.infinity)
    try loss.expect([(0.474076984180106760 + 0.313261687518222834 + 40 + 800) / m], ulps: 2)
  }

  @Test("the pair is recognized recorded or not, in one step and in several")
  func recognized() throws {
    let saturated = Tensor([-800.0]), one = Tensor([1.0])
    // On probabilities, the logarithm would be clamped to -100.
    try binaryCrossEntropy(sigmoid(saturated), one).expect([800])
    try gradient(at: saturated) { binaryCrossEntropy(sigmoid($0), one) }.expect([-1])
    let a = sigmoid(saturated)
    try gradient(at: one) { binaryCrossEntropy(a, $0) }.expect([800])
    // Changes of shape carry the logits along; any other operation forgets them.
    try binaryCrossEntropy(a.reshaped(to: [1, 1]), Tensor([[1]])).expect([800])
    try binaryCrossEntropy(a * 1, one).expect([100])
    // A tape's constant and an input are new beginnings.
    try gradient(at: a) { binaryCrossEntropy($0, one) }.expect([-.infinity])
  }

  @Test("second derivatives are σ′/m where the naive chain divides 0 by 0")
  func secondOrder() throws {
    let curvature = try gradient(at: logits) { z in
      try gradient(at: z) { binaryCrossEntropy(sigmoid($0), labels) }.sum()
    }
    try curvature.expect([0.235003712201594490 / m, 0.196611933241481853 / m, 4.24835425529158896e-18 / m, 0], ulps: 4)
  }

  @Test("the probabilities' other uses are counted")
  func otherUses() throws {
    let z = Tensor([0.3]), y = Tensor([1.0])
    let whole = try gradient(at: z) { z in
      let a = sigmoid(z)
      return binaryCrossEntropy(a, y) + (a * a).sum()
    }
    let loss = try gradient(at: z) { binaryCrossEntropy(sigmoid($0), y) }
    let square = try gradient(at: z) { (sigmoid($0) * sigmoid($0)).sum() }
    try whole.expect([loss.item + square.item], ulps: 1)
    let tape = Tape()
    let v = tape.variable(z), a = sigmoid(v)
    let gradients = try tape.gradients(of: binaryCrossEntropy(a, y) + (a * a).sum())
    try gradients[v].expect(whole.scalars)
    try gradients[a].expect([-1 / a.item + 2 * a.item], ulps: 2)
  }

  @Test("soft labels, and labels that vary, have their derivatives")
  func softLabels() throws {
    let z = Tensor([1.0, -2]), t = Tensor([0.25, 0.75])
    let (dz, dt) = try gradient(at: z, t) { binaryCrossEntropy(sigmoid($0), $1) }
    let a = try sigmoid(z).scalars
    try dz.expect([(a[0] - 0.25) / 2, (a[1] - 0.75) / 2], ulps: 2)
    try dt.expect([-0.5, 1])
    let (pz, pt) = try gradient(at: z, t) { binaryCrossEntropy(sigmoid($0) * 1, $1) }  // by probabilities
    #expect(try zip(pz.scalars, dz.scalars).allSatisfy { $0.isClose(to: $1, ulps: 16) })
    #expect(try zip(pt.scalars, dt.scalars).allSatisfy { $0.isClose(to: $1, ulps: 16) })
  }

  @Test("labels and logits that are broadcast on purpose have their derivatives")
  func broadcasting() throws {
    let z = Tensor([[800.0, -800], [1, 2]])
    let (value, dz) = try valueWithGradient(at: z) {
      binaryCrossEntropy(sigmoid($0), Tensor([[0.0, 1]]).broadcast(to: [2, 2]))
    }
    try dz.expect([0.25, -0.25, 0.731058578630004879 / 4, -0.119202922022117556 / 4], ulps: 2)
    try value.expect([(1600 + 1.313261687518222834 + 0.126928011042972496) / 4], ulps: 2)
    let (row, dy) = try gradient(at: Tensor([800.0, -800]), Tensor([[0.0], [1]])) {
      binaryCrossEntropy(sigmoid($0).broadcast(to: [2, 2]), $1.broadcast(to: [2, 2]))
    }
    try row.expect([0.25, -0.25])
    try dy.expect([0, 0])
  }
}
