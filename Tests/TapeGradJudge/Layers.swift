import TapeGradCore
import TapeGradNetworks

/// A network of any number of layers, `A_l = g_l(W_l·A_{l−1} + b_l)`, with examples in columns: recorded on a tape, and
/// derived by hand on arrays.
struct Layers<S: TensorScalar> {
  var weights: [Tensor<S>]
  var biases: [Tensor<S>]
  var activations: [Activation]
  var task: LearningTask
  var X: Tensor<S>
  var Y: Tensor<S>

  var depth: Int { weights.count }
  var exampleCount: Int { X.shape[1] }

  /// Random layers of these sizes, n_x first.
  init(
    _ sizes: [Int], examples: Int, activations: [Activation], task: LearningTask, scale: Double = 0.8,
    using generator: inout SeededGenerator
  ) {
    weights = zip(sizes.dropFirst(), sizes).map { generator.tensor([$0, $1], scale: scale) }
    biases = sizes.dropFirst().map { generator.tensor([$0, 1], scale: scale / 2) }
    self.activations = activations
    self.task = task
    X = generator.tensor([sizes[0], examples])
    let outputs: Shape = [sizes[sizes.count - 1], examples]
    Y = task == .regression ? generator.tensor(outputs) : generator.tensor(outputs) .> 0
  }

  /// Records the loss.
  ///
  /// - Parameters:
  ///   - activate: applies the activation of hidden layer l, if not in the usual way.
  ///   - product: multiplies matrices in layer l.
  ///   - stretch: broadcasts the bias of layer l.
  ///   - loss: computes the loss of the outputs.
  func record(
    activate: (Int, Tensor<S>) -> Tensor<S>? = { _, _ in nil },
    product: (Int, Tensor<S>, Tensor<S>) -> Tensor<S>? = { _, _, _ in nil },
    stretch: (Int, Tensor<S>, Shape) -> Tensor<S>? = { _, _, _ in nil },
    loss: (Tensor<S>, Tensor<S>) -> Tensor<S>? = { _, _ in nil }
  ) -> Case<S> {
    let tape = Tape()
    var A = tape.constant(X, named: "X")
    let Y = tape.constant(self.Y, named: "Y")
    for l in 1...depth {
      let W = tape.variable(weights[l - 1], named: "W\(l)"), b = tape.variable(biases[l - 1], named: "b\(l)")
      let WA = product(l, W, A) ?? matmul(W, A)
      let Z = (WA + (stretch(l, b, WA.shape) ?? b)).named("Z\(l)")
      if l == depth {
        A = task == .regression ? Z : sigmoid(Z).named("A\(l)")
      } else {
        A = activate(l, Z) ?? (activations[l - 1] == .identity ? Z : activations[l - 1](Z).named("A\(l)"))
      }
    }
    return Case(tape: tape, J: (loss(A, Y) ?? task.loss(A, labels: Y)).named("J"))
  }

  /// The names of what has a gradient, in backward order.
  var names: [String] {
    (1...depth).reversed().flatMap { l -> [String] in
      let isA = l == depth ? task == .binaryClassification : activations[l - 1] != .identity
      return (isA ? ["A\(l)"] : []) + ["Z\(l)", "b\(l)", "W\(l)"]
    }
  }

  /// The gradients derived by hand, as the notes do, with the 1/m in dZ.
  ///
  /// - Parameter slip: what goes wrong with a gradient of this name; what follows is computed from the wrong one.
  func derive(slip: (String, NDArray<S>) -> NDArray<S> = { $1 }) throws -> [String: Tensor<S>] {
    var Z: [NDArray<S>] = [], A: [NDArray<S>] = [try X.array]
    for l in 1...depth {
      Z.append(matmul(try weights[l - 1].array, A[l - 1]) + (try biases[l - 1].array))
      A.append(l == depth ? task.outputs(of: Z[l - 1]) : activations[l - 1](Z[l - 1]))
    }
    let Y = try self.Y.array, n = S(Y.count)
    var hand: [String: NDArray<S>] = [:]
    func keep(_ name: String, _ value: NDArray<S>) -> NDArray<S> {
      let value = slip(name, value)
      hand[name] = value
      return value
    }
    var dZ = NDArray<S>(0)
    for l in (1...depth).reversed() {
      if l == depth {
        if task == .regression {
          dZ = keep("Z\(l)", 2 * (A[l] - Y) / n)
        } else {
          _ = keep("A\(l)", -(Y.weighting(1 / A[l]) - (1 - Y).weighting(1 / sigmoid(-Z[l - 1]))) / n)
          dZ = keep("Z\(l)", (A[l] - Y) / n)
        }
      } else {
        let dA = matmul(try weights[l].array.transposed, dZ)
        let slopes = activations[l - 1].derivative(at: Z[l - 1], value: A[l])
        dZ = activations[l - 1] == .identity ? keep("Z\(l)", dA) : keep("Z\(l)", keep("A\(l)", dA) * slopes)
      }
      _ = keep("W\(l)", matmul(dZ, A[l - 1].transposed))
      _ = keep("b\(l)", dZ.sum(to: [dZ.shape[0], 1]))
    }
    return hand.mapValues { Tensor($0) }
  }

  /// Goes down the loss, along the gradient derived by hand.
  mutating func train(steps: Int, rate: Double) throws {
    for _ in 0..<steps {
      let gradient = try derive()
      for l in 1...depth {
        weights[l - 1] -= S(rate) * (gradient["W\(l)"] ?? .zeros(weights[l - 1].shape))
        biases[l - 1] -= S(rate) * (gradient["b\(l)"] ?? .zeros(biases[l - 1].shape))
      }
    }
  }

  /// The same layers with numbers of another type.
  func converted<Other: TensorScalar>(to _: Other.Type) throws -> Layers<Other> {
    var generator = SeededGenerator(seed: 0)
    var other = Layers<Other>([1, 1], examples: 1, activations: activations, task: task, using: &generator)
    other.weights = try weights.map { try $0.converted() }
    other.biases = try biases.map { try $0.converted() }
    (other.X, other.Y) = (try X.converted(), try Y.converted())
    return other
  }
}
