import TapeGradArrays
import Testing

@testable import TapeGradCore

/// A computation to derive: records itself on a tape and gives its result.
struct Graph: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let record: @Sendable (Tape) -> Tensor<Double>

  init(_ name: String, _ record: @escaping @Sendable (Tape) -> Tensor<Double>) {
    testDescription = name
    self.record = record
  }

  /// Numbers between −1 and 1 without a pattern, the same at every run.
  static func numbers(_ shape: Shape, seed: Int = 1) -> Tensor<Double> {
    Tensor((0..<shape.count).map { Double(($0 * $0 * 31 + $0 * 977 + seed * 389) % 1999) / 1000 - 0.999 }, shape: shape)
  }

  /// The network of the study notes: tanh in the hidden layer, a sigmoid and its cross-entropy behind.
  static let twoLayerNet = Graph("two-layer net") { tape in
    let X = tape.constant(numbers([2, 400]), named: "X")
    let Y = tape.constant(numbers([1, 400], seed: 2) .> 0, named: "Y")
    let W1 = tape.variable(numbers([4, 2], seed: 3), named: "W1")
    let b1 = tape.variable(numbers([4, 1], seed: 4), named: "b1")
    let W2 = tape.variable(numbers([1, 4], seed: 5), named: "W2")
    let b2 = tape.variable(numbers([1, 1], seed: 6), named: "b2")
    let Z1 = (matmul(W1, X) + b1).named("Z1")
    let A1 = tanh(Z1).named("A1")
    let Z2 = (matmul(W2, A1) + b2).named("Z2")
    let A2 = sigmoid(Z2).named("A2")
    return binaryCrossEntropy(A2, Y).named("J")
  }

  /// The graph of this name among all.
  static func named(_ name: String) throws -> Graph {
    try #require(all.first { $0.testDescription == name })
  }

  /// Graphs of every kind.
  static let all: [Graph] = [
    twoLayerNet,
    Graph("a net without names") { tape in
      let W1 = tape.variable(numbers([3, 2])), b1 = tape.variable(numbers([3, 1], seed: 2))
      let W2 = tape.variable(numbers([1, 3], seed: 3)), X = tape.constant(numbers([2, 5], seed: 4))
      let hidden = relu(matmul(W1, X) + b1)
      return binaryCrossEntropy(sigmoid(matmul(W2, hidden)), numbers([1, 5]) .> 0)
    },
    Graph("mean squared error, leaky") { tape in
      let w = tape.variable(numbers([2, 3]), named: "W"), x = tape.constant(numbers([3, 4]), named: "X")
      return meanSquaredError(leakyRelu(matmul(w, x)), numbers([2, 4], seed: 3)).named("L")
    },
    Graph("several uses") { tape in
      let x = tape.variable(numbers([3]), named: "x")
      let y = (x * x + exp(x)).named("y")
      return (y * x / (2 + y * y)).sum()
    },
    Graph("an unnamed node used twice") { tape in
      let x = tape.variable(numbers([3]), named: "x")
      let h = 1 + x
      return (h * h * h).mean()
    },
    Graph("a sum of named sums") { tape in
      let a = tape.variable(numbers([2, 2]), named: "A"), c = tape.variable(numbers([2, 2], seed: 2), named: "C")
      let p = matmul(a, c).named("P"), q = matmul(c, a).named("Q")
      let r = (p + q).named("R")
      return (r * r).sum()
    },
    Graph("softmax cross-entropy") { tape in
      let w = tape.variable(numbers([3, 2]), named: "W"), x = tape.constant(numbers([2, 4]), named: "X")
      return softmaxCrossEntropy(logits: matmul(w, x).named("Z"), labels: [0, 2, 1, 1])
    },
    Graph("softmax, log-sum-exp") { tape in
      let x = tape.variable(numbers([3, 4]), named: "x")
      return (softmax(x) * logSoftmax(x, axis: 1)).sum() + logSumExp(x, axis: 1).mean()
    },
    Graph("maxima") { tape in
      let x = tape.variable(numbers([3, 4]), named: "x"), y = tape.variable(numbers([3, 4], seed: 9), named: "y")
      return x.max(axis: 1).sum() + (maximum(x, y) - minimum(x, 0.5 * y)).max() * x.max(axis: 0).mean()
    },
    Graph("parts") { tape in
      let x = tape.variable(numbers([4, 3]), named: "x")
      let joined = concatenate([x[0..<2], x.gathered([3, 0, 3]), x.sliced(1..<2)], axis: 0).named("joined")
      return square(joined.transposed.reshaped(to: [9, 2])).mean()
    },
    Graph("select and where") { tape in
      let x = tape.variable(numbers([5]), named: "x")
      return (select(x .> 0, sqrt(abs(x)), 0) + elu(x) + approximateGelu(x) + silu(x) + softplus(-x)).sum()
    },
    Graph("powers and quotients") { tape in
      let x = tape.variable(1.5 + numbers([4]), named: "x"), p = tape.variable(numbers([4], seed: 5), named: "p")
      return (pow(x, p) + pow(x, 3) / sqrt(x) - log(x) * log1p(x) + 2 / x - expm1(p)).sum()
    },
    Graph("a scalar everywhere") { tape in
      let c = tape.variable(Tensor(0.7), named: "c"), x = tape.variable(numbers([2, 3]), named: "x")
      return (c * x).sum() * c + c
    },
    Graph("axes of a cube") { tape in
      let x = tape.variable(numbers([2, 3, 4]), named: "x"), b = tape.variable(numbers([3, 1]), named: "b")
      return (square(x + b).mean(axes: [0, 2]) * b.reshaped(to: [3])).sum()
        + x.variance(axes: [1]).sum() + x.permuted([2, 0, 1]).max(axis: 2).mean()
    },
    Graph("nothing but sums") { tape in
      let a = tape.variable(numbers([2, 3]), named: "A"), c = tape.variable(numbers([3, 2]), named: "C")
      return (matmul(a, c) + tape.variable(numbers([2, 1]), named: "b")).mean()
    },
    Graph("a sum over broadcast numbers") { tape in
      let b = tape.variable(numbers([2, 1]), named: "b")
      return (2 * (numbers([2, 3]) + b)).mean()
    },
    Graph("checkpoint") { tape in
      let x = tape.variable(numbers([3]), named: "x")
      return checkpoint(x) { x in tanh(x) * exp(x) }.named("y").sum()
    },
    Graph("a custom primitive") { tape in
      let x = tape.variable(numbers([3]), named: "x")
      return (3 * x).named("z").applying(Swish()).sum()
    },
    Graph("one name for several nodes") { tape in
      var h = tape.variable(numbers([3]), named: "h")
      for _ in 0..<3 { h = tanh(0.5 * h + 0.1).named("h") }
      return h.sum()
    },
    Graph("constants alone and dead ends") { tape in
      let x = tape.variable(numbers([3]), named: "x"), c = tape.constant(numbers([3]), named: "c")
      _ = exp(x).named("unused")
      let d = exp(c).named("d")
      return (d * stopGradient(x) * x).sum()
    },
    Graph("a pair whose probabilities are used again") { tape in
      let z = tape.variable(numbers([4]), named: "z")
      let a = sigmoid(z).named("a")
      return binaryCrossEntropy(a, numbers([4]) .> 0) + square(a).sum()
    },
    Graph("a pair whose logits are used again") { tape in
      let z = tape.variable(numbers([4]), named: "z")
      return binaryCrossEntropy(sigmoid(z), numbers([4]) .> 0) + square(z).sum()
    },
    Graph("cross-entropy of logits and of probabilities") { tape in
      let z = tape.variable(numbers([4]), named: "z"), t = tape.constant(numbers([4]) .> 0, named: "t")
      return binaryCrossEntropy(logits: z, labels: t) + binaryCrossEntropy(0.4 + 0.3 * z, t)
    },
    Graph("a variable") { tape in tape.variable(Tensor(3.0), named: "x") },
    Graph("a chain") { tape in
      var x = tape.variable(numbers([2]), named: "x")
      for _ in 0..<200 { x = tanh(x + 0.01).reshaped(to: [2, 1]).reshaped(to: [2]) }
      return x.sum()
    },
  ]
}

/// `y = x·σ(x)`.
struct Swish: Elementwise {
  static let name = "swish"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { x * sigmoid(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { y + sigmoid(x) * (1 - y) }
}
