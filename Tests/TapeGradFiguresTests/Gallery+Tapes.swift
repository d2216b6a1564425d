import TapeGrad

extension Gallery {
  /// Tapes of the notes' network, of a recurrence, and of an operation that failed.
  static func tapeFigures() throws -> [(name: String, svg: SVG)] {
    var generator = SeededGenerator(seed: 1)
    let network = TwoLayerNetwork<Double>(
      inputs: 2, hidden: 4, hiddenActivation: .tanh, initializer: .normal(scale: 1), using: &generator)
    let tape = Tape()
    let x = tape.constant(Tensor<Double>.randomNormal([2, 12], using: &generator), named: "X")
    let y = tape.constant(Tensor<Double>((0..<12).map { Double($0 % 3 / 2) }, shape: [1, 12]), named: "Y")
    let j = tape.variables(of: network).loss(x, labels: y)

    let recurrence = Tape()
    let w = recurrence.variable(Tensor<Double>.randomNormal([6, 6], using: &generator), named: "W")
    let u = recurrence.variable(Tensor<Double>.randomNormal([6, 1], using: &generator), named: "u")
    var h = recurrence.constant(Tensor<Double>.zeros([6, 8]), named: "h0")
    for step in 0..<1000 {
      h = recurrence.scope("step \(step + 1)") {
        tanh(matmul(0.5 * w, h) + u * Tensor<Double>.randomNormal([1, 8], using: &generator))
      }
    }
    let wrong = Tape()
    let a = wrong.variable(Tensor<Double>.randomNormal([4, 3], using: &generator), named: "W1")
    let b = wrong.constant(Tensor<Double>.randomNormal([2, 40], using: &generator), named: "X")
    let failed = matmul(tanh(a).named("V"), b).sum()
    var figures: [(name: String, svg: SVG)] = [
      ("tape", try TapeDiagram(of: j, on: tape).svg),
      ("tape-long", try TapeDiagram(of: square(h).mean().named("J"), on: recurrence).svg),
    ]
    do { try failed.validated() } catch { figures.append(("tape-failed", TapeDiagram(wrong, until: error).svg)) }
    return figures
  }
}
