/// The study notes' equations as loops over plain arrays, in memory that is taken once.
struct ByHand<S: Number>: Peer {
  private let problem: Problem<S>
  private let X, Y: [S]
  private var W1, b1, W2: [S]
  private var b2: S = 0
  private var A1, dZ1, Z2, dZ2, dW1: [S]

  init(_ problem: Problem<S>) {
    self.problem = problem
    (X, Y, W1, W2) = (problem.features, problem.labels, problem.W1, problem.W2)
    b1 = Array(repeating: 0, count: problem.hidden)
    A1 = Array(repeating: 0, count: problem.hidden * problem.examples)
    Z2 = Array(repeating: 0, count: problem.examples)
    (dZ1, dZ2, dW1) = (A1, Z2, W1)
  }

  mutating func run(_ steps: Int) -> S {
    var loss: S = 0
    for _ in 0..<steps {
      forward()
      loss = propagateLoss()
      backward()
    }
    return loss
  }

  private mutating func forward() {
    let (n1, m) = (problem.hidden, problem.examples)
    for i in 0..<n1 {
      for j in 0..<m { A1[i * m + j] = b1[i] }
    }
    multiply(W1, X, into: &A1, rows: n1, inner: problem.inputs, columns: m)
    if problem.activation == .tanh {
      for i in A1.indices { A1[i] = S.tanh(A1[i]) }
    } else {
      for i in A1.indices { A1[i] = max(A1[i], 0) }
    }
    for j in 0..<m { Z2[j] = b2 }
    multiply(W2, A1, into: &Z2, rows: 1, inner: n1, columns: m)
  }

  /// J, and dZ2 = (A2 − Y)/m.
  private mutating func propagateLoss() -> S {
    let m = problem.examples
    var loss: S = 0
    for j in 0..<m {
      let z = Z2[j], e = S.exp(-abs(z))
      loss += max(z, 0) - Y[j] * z + S.log1p(e)
      dZ2[j] = ((z >= 0 ? 1 : e) / (1 + e) - Y[j]) / S(m)
    }
    return loss / S(m)
  }

  private mutating func backward() {
    let (nx, n1, m, rate) = (problem.inputs, problem.hidden, problem.examples, Problem<S>.rate)
    let isTanh = problem.activation == .tanh
    for i in 0..<n1 {
      let w = W2[i]
      var db: S = 0, dw: S = 0
      for j in 0..<m {
        let a = A1[i * m + j], d = dZ2[j]
        let dz = w * d * (isTanh ? 1 - a * a : a > 0 ? 1 : 0)
        dZ1[i * m + j] = dz
        db += dz
        dw += d * a
      }
      b1[i] -= rate * db
      W2[i] -= rate * dw
    }
    b2 -= rate * dZ2.reduce(0, +)
    multiplyTransposed(dZ1, X, into: &dW1, rows: n1, inner: m, columns: nx)
    for i in W1.indices { W1[i] -= rate * dW1[i] }
  }
}
