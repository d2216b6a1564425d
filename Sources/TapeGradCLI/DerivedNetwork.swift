// The networks that `tapegrad derive` derives:
//
//   tapegrad derive --layers 30,16,8,1      W1 (16, 30), W2 (8, 16), W3 (1, 8)
//
// Layers are named as the study notes name them: Z1 = W1·X + b1, A1 = g(Z1), and so on.

import TapeGrad

/// A network of dense layers, recorded on a tape under the names of the study notes.
struct DerivedNetwork {
  /// The numbers of units: features first, outputs last.
  let layers: [Int]
  let activation: Activation
  let task: LearningTask
  let examples: Int

  /// Records the forward pass up to the loss J, on seeded numbers.
  ///
  /// The equations depend on shapes and names alone. The numbers must only be valid ones: labels are labels.
  func record(on tape: Tape) -> Tensor<Double> {
    var generator = SeededGenerator(seed: 1)
    func random(_ shape: Shape) -> Tensor<Double> { .randomNormal(shape, using: &generator) }
    let X = tape.constant(random([layers[0], examples]), named: "X")
    let Y = tape.constant(labels, named: "Y")
    let parameters = (1..<layers.count).map { layer in
      (
        W: tape.variable(random([layers[layer], layers[layer - 1]]), named: "W\(layer)"),
        b: tape.variable(random([layers[layer], 1]), named: "b\(layer)")
      )
    }
    var A = X
    for (layer, (W, b)) in zip(1..., parameters) {
      let Z = (matmul(W, A) + b).named("Z\(layer)")
      if layer < layers.count - 1 {
        A = activation == .identity ? Z : activation(Z).named("A\(layer)")
      } else {
        A = Z
      }
    }
    if task == .binaryClassification {
      return task.loss(task.outputs(of: A).named("A\(layers.count - 1)"), labels: Y).named("J")
    }
    return task.loss(logits: A, labels: Y).named("J")
  }

  /// (n_L, m): 0 and 1 in turn; for classes, a 1 in each column.
  private var labels: Tensor<Double> {
    let outputs = layers[layers.count - 1]
    let numbers = (0..<outputs * examples).map { position -> Double in
      let (row, column) = (position / examples, position % examples)
      return task == .classification ? (column % outputs == row ? 1 : 0) : Double((row + column) % 2)
    }
    return Tensor(numbers, shape: [outputs, examples])
  }
}
