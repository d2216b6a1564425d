import _Differentiation

/// The network by the compiler's own automatic differentiation.
struct Differentiated<S: Number>: Peer {
  private let X, Y: Matrix<S>
  private let activation: Activation
  private var network: Network<S>

  init(_ problem: Problem<S>) {
    let (nx, n1, m) = (problem.inputs, problem.hidden, problem.examples)
    X = Matrix(rows: nx, columns: m, scalars: problem.features)
    Y = Matrix(rows: 1, columns: m, scalars: problem.labels)
    network = Network(
      W1: Matrix(rows: n1, columns: nx, scalars: problem.W1), b1: .zeros(n1, 1),
      W2: Matrix(rows: 1, columns: n1, scalars: problem.W2), b2: .zeros(1, 1))
    activation = problem.activation
  }

  mutating func run(_ steps: Int) -> S {
    var loss = Matrix<S>.zeros(1, 1)
    for _ in 0..<steps {
      let (value, pullback) = valueWithPullback(at: network) { [X, Y, activation] network in
        let A1 = activate(addColumn(matmul(network.W1, X), network.b1), activation)
        return crossEntropy(addColumn(matmul(network.W2, A1), network.b2), Y)
      }
      let gradient = pullback(Matrix(rows: 1, columns: 1, scalars: [1]))
      for (parameter, derivative) in [
        (\Network<S>.W1, gradient.W1), (\.b1, gradient.b1), (\.W2, gradient.W2), (\.b2, gradient.b2),
      ] {
        network[keyPath: parameter].move(by: derivative.scaled(by: -Problem<S>.rate))
      }
      loss = value
    }
    return loss.scalars[0]
  }
}

private struct Network<S: Number>: Differentiable {
  var W1, b1, W2, b2: Matrix<S>
}

/// The mean binary cross-entropy of logits.
private func crossEntropy<S>(_ z: Matrix<S>, _ y: Matrix<S>) -> Matrix<S> {
  var loss: S = 0
  for j in 0..<z.columns {
    let x = z.scalars[j]
    loss += max(x, 0) - y.scalars[j] * x + S.log1p(S.exp(-abs(x)))
  }
  return Matrix(rows: 1, columns: 1, scalars: [loss / S(z.columns)])
}

/// `dz = (σ(z) − y)/m`.
@derivative(of: crossEntropy, wrt: z)
private func vjpCrossEntropy<S>(
  _ z: Matrix<S>, _ y: Matrix<S>
) -> (value: Matrix<S>, pullback: (Matrix<S>) -> Matrix<S>) {
  (
    crossEntropy(z, y),
    { d in
      var dz = z
      for j in 0..<z.columns {
        let e = S.exp(-abs(z.scalars[j]))
        dz.scalars[j] = d.scalars[0] * ((z.scalars[j] >= 0 ? 1 : e) / (1 + e) - y.scalars[j]) / S(z.columns)
      }
      return dz
    }
  )
}
