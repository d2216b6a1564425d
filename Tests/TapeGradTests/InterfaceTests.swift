import Foundation
import TapeGrad
import Testing

/// The code that users write, with Foundation imported beside it.
struct InterfaceTests {
  @Test("a gradient takes one line")
  func oneLine() throws {
    let x = Tensor<Double>([1, 2, 3])
    let dx = try gradient(at: x) { x in (x * x).sum() }
    try expect(dx, Tensor([2, 4, 6]))
    #expect("\(dx)" == "[2, 4, 6]")

    let w = Tensor<Double>([4, 5, 6]), b = Tensor<Double>(1)
    let (y, (dw, db)) = try valueWithGradient(at: w, b) { w, b in (w * x + b).sum() }
    try expect(y, Tensor(35))
    try expect(dw, Tensor([1, 2, 3]))
    try expect(db, Tensor(3))

    let h = try hessian(at: x) { x in exp(x).sum() }
    let curvatures: [Double] = [exp(1.0), 0, 0, 0, exp(2.0), 0, 0, 0, exp(3.0)]
    try expect(h, Tensor(curvatures, shape: [3, 3]))

    let d2 = try gradient(at: x) { x in try gradient(at: x) { x in tanh(x).sum() }.sum() }
    let slopes = [1.0, 2, 3].map { (x: Double) -> Double in
      let y = tanh(x)
      return -2 * y * (1 - y * y)
    }
    try expect(d2, Tensor(slopes))
  }

  @Test("a custom graph is built and differentiated step by step")
  func customGraph() throws {
    var generator = SeededGenerator(seed: 1)
    let features = Tensor<Double>.randomNormal([2, 5], using: &generator)
    let labels = Tensor<Double>([[0, 1, 1, 0, 1]])
    let tape = Tape()
    let X = tape.constant(features, named: "X")
    let Y = tape.constant(labels, named: "Y")
    let W1 = tape.variable(Tensor<Double>.randomNormal([4, 2], scale: 0.5, using: &generator), named: "W1")
    let b1 = tape.variable(Tensor<Double>.zeros([4, 1]), named: "b1")
    let W2 = tape.variable(Tensor<Double>.randomNormal([1, 4], scale: 0.5, using: &generator), named: "W2")
    let b2 = tape.variable(Tensor<Double>.zeros([1, 1]), named: "b2")
    let Z1 = (matmul(W1, X) + b1).named("Z1")
    let A1 = tanh(Z1).named("A1")
    let Z2 = (matmul(W2, A1) + b2).named("Z2")
    let A2 = sigmoid(Z2).named("A2")
    let J = binaryCrossEntropy(A2, Y).named("J")
    let gradients = try tape.gradients(of: J)

    // The equations of the notes, with 1/m in dZ2.
    let m = Double(Y.shape[1])
    let dZ2 = (A2 - Y) / m, dZ1 = matmul(W2.transposed, dZ2) * (1 - square(A1))
    let hand = [
      (Z2, dZ2), (W2, matmul(dZ2, A1.transposed)), (b2, dZ2.sum(axis: 1, keepingDimensions: true)),
      (Z1, dZ1), (W1, matmul(dZ1, X.transposed)), (b1, dZ1.sum(axis: 1, keepingDimensions: true)),
    ]
    for (node, expected) in hand {
      #expect(gradients[node].shape == node.shape)
      try expect(gradients[node], expected)
    }
    let derivation = "\(try tape.derivation(of: J))"
    #expect(derivation.contains("∂J/∂Z2") && derivation.contains("A2 − Y"))
  }

  private struct Regressor<Scalar: TensorScalar>: TensorGroup {
    var weight, bias: Tensor<Scalar>
    mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
      try visit("weight", &weight)
      try visit("bias", &bias)
    }
    func loss(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
      meanSquaredError(matmul(weight, x) + bias, y)
    }
  }

  @Test("a custom model learns")
  func model() throws {
    let x = Tensor<Double>([[0, 1, 2, 3], [1, 0, 1, 0]]), y = Tensor<Double>([[2, 2, 6, 6]])  // 2·x₀ + 2·x₁
    var model = Regressor<Double>(weight: .zeros([1, 2]), bias: .zeros([1, 1]))
    var losses: [Tensor<Double>] = []
    for _ in 0..<2000 {
      let (loss, gradient) = try valueWithGradient(at: model) { $0.loss(x, y) }
      losses.append(loss)
      model.move(along: gradient, by: -0.1)
    }
    #expect(try losses[0].item == 20 && losses[1999].item < 1e-20)
    #expect(model.tensors.map(\.name) == ["weight", "bias"])
    let weights = try model.weight.scalars + model.bias.scalars
    #expect(zip(weights, [2, 2, 0]).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test("a wrong shape does not crash, and says where")
  func wrongShape() throws {
    let W1 = Tensor<Double>.ones([4, 3]), X = Tensor<Double>.ones([2, 400])
    let line = #line, product = matmul(W1, X)
    let place = "(InterfaceTests.swift:\(line))"
    #expect("\(product)" == "failed: matmul of (4, 3) and (2, 400): inner dimensions 3 and 2 differ \(place)")
    #expect(throws: TensorError.self) { try gradient(at: W1) { matmul($0, X).sum() } }
  }

  /// Formulas as people write them. Each is checked by the compiler with Foundation imported: above 100 ms it is told
  /// by `-Xfrontend -warn-long-expression-type-checking=100`.
  @Test("realistic formulas compile in one expression")
  func formulas() throws {
    let x = Tensor<Double>([0.5, 1.5]), y = Tensor<Double>([2, -1])
    let polynomial = try gradient(at: x) { x in (x * x + 2 * x * y - 3 * exp(-x) / (1 + x * x)).sum() }
    let byHand = zip(try x.scalars, try y.scalars).map { x, y in
      2 * x + 2 * y + 3 * exp(-x) * (1 + x) * (1 + x) / ((1 + x * x) * (1 + x * x))
    }
    try expect(polynomial, Tensor(byHand))
    let dx = try gradient(at: x) { x in (0.5 * square(x - 1) + log(1 + exp(-2 * x))).sum() }
    let slopes = try x.scalars.map { (x: Double) -> Double in
      let e = exp(2 * x)
      return x - 1 - 2 / (1 + e)
    }
    try expect(dx, Tensor(slopes))
  }
}
