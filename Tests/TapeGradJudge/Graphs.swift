import TapeGradCore

/// Computations that are no network of layers, each with its gradients by hand, on paper.
enum Graphs {
  /// What goes wrong with a gradient of this name, derived by hand: what follows is computed from the wrong one.
  typealias Slips<S: TensorScalar> = (String, NDArray<S>) -> NDArray<S>

  static let count = 8

  /// Graph number `k` on random numbers of about this scale.
  static func make<S: TensorScalar>(
    _ k: Int, scale: Double = 1, slip: Slips<S> = { $1 }, using generator: inout SeededGenerator
  ) throws -> (Case<S>, names: [String]) {
    var hand: [String: Tensor<S>] = [:]
    var names: [String] = []
    func keep(_ name: String, _ value: NDArray<S>) -> NDArray<S> {
      let value = slip(name, value)
      hand[name] = Tensor(value)
      names.append(name)
      return value
    }
    let tape = Tape()
    let J: Tensor<S>
    let n = generator.integer(2...4), m = generator.integer(2...6)
    switch k % count {
    case 0:  // softmax regression: dZ = (softmax Z − T)/m
      let x: Tensor<S> = generator.tensor([n, m], scale: scale),
        w: Tensor<S> = generator.tensor([3, n], scale: 1 / scale)
      let labels = (0..<m).map { _ in generator.integer(0...2) }
      let W = tape.variable(w, named: "W"), b = tape.variable(generator.tensor([3, 1]) as Tensor<S>, named: "b")
      let Z = (matmul(W, x) + b).named("Z")
      J = softmaxCrossEntropy(logits: Z, labels: labels)
      let e = exp(try Z.array), p = e / e.sum(to: [1, m])
      let t = NDArray<S>(shape: [3, m]) { t in
        for i in 0..<3 { for j in 0..<m { t[i * m + j] = labels[j] == i ? 1 : 0 } }
      }
      let dZ = keep("Z", (p - t) / S(m))
      _ = keep("b", dZ.sum(to: [3, 1]))
      _ = keep("W", matmul(dZ, try x.array.transposed))
    case 1:  // ridge regression: dr = 2r/m, dw = Xᵀ·dr + 2λw
      let x: Tensor<S> = generator.tensor([m, n], scale: scale), y: Tensor<S> = generator.tensor([m, 1], scale: scale)
      let w = tape.variable(generator.tensor([n, 1]) as Tensor<S>, named: "w")
      let r = (matmul(x, w) - y).named("r")
      J = square(r).mean() + S(0.1) * square(w).sum()
      let dr = keep("r", 2 * (try r.array) / S(m))
      _ = keep("w", matmul(try x.array.transposed, dr) + S(0.2) * (try w.array))
    case 2:  // x/√(mean x² + ε): with s the root, dx = c/s − x·(Σ c·x)/(n·s³)
      let c: Tensor<S> = generator.tensor([n, m])
      let x = tape.variable(generator.tensor([n, m], scale: scale) as Tensor<S>, named: "x")
      let s = sqrt(square(x).mean(axis: 0, keepingDimensions: true) + S(1e-6 * scale * scale)).named("s")
      J = (x / s * c).sum()
      let (X, C, root) = (try x.array, try c.array, try s.array)
      let ds = keep("s", 0 - (C * X).sum(to: [1, m]) / (root * root))
      _ = keep("x", C / root + ds * X / (S(n) * root))
    case 3:  // scores: dS = 2·tanh S ⊙ (1 − tanh² S)/(n·m), dQ = dS·K, dK = dSᵀ·Q
      let Q = tape.variable(generator.tensor([n, 3], scale: scale) as Tensor<S>, named: "Q")
      let K = tape.variable(generator.tensor([m, 3], scale: 1 / scale) as Tensor<S>, named: "K")
      let scores = matmul(Q, K.transposed).named("S")
      J = square(tanh(scores)).mean()
      let t = tanh(try scores.array)
      let dS = keep("S", 2 * t * (1 - t * t) / S(n * m))
      _ = keep("Q", matmul(dS, try K.array))
      _ = keep("K", matmul(dS.transposed, try Q.array))
    case 4:  // rows of a table: each used row gets 2·row/(rows·n), as often as it is used
      let rows = (0..<m).map { _ in generator.integer(0...3) }
      let E = tape.variable(generator.tensor([4, n], scale: scale) as Tensor<S>, named: "E")
      let G = E.gathered(rows).named("G")
      J = square(G).mean()
      let dG = keep("G", 2 * (try G.array) / S(m * n))
      _ = keep("E", dG.scatterAdded(rows, axis: 0, length: 4))
    case 5:  // a recurrence h ← tanh(W·h + x), three times, the weights shared
      let x = (0..<3).map { _ in generator.tensor([n, m]) as Tensor<S> }
      let W = tape.variable(generator.tensor([n, n], scale: 0.7) as Tensor<S>, named: "W")
      var h = [tape.variable(generator.tensor([n, m], scale: scale) as Tensor<S>, named: "h0")]
      for t in 0..<3 { h.append(tanh(matmul(W, h[t]) + x[t]).named("h\(t + 1)")) }
      J = h[3].sum() / S(m)
      var dh = keep("h3", NDArray<S>.ones([n, m]) / S(m)), dW = NDArray<S>.zeros([n, n])
      for t in (0..<3).reversed() {
        let a = try h[t + 1].array, dz = dh * (1 - a * a)
        dW = dW + matmul(dz, try h[t].array.transposed)
        dh = keep("h\(t)", matmul(try W.array.transposed, dz))
      }
      _ = keep("W", dW)
    case 6:  // Σ exp(−u²)·log(1 + u²), u = a·x: a chain of elementary functions
      let a: S = S(generator.number(0.3...2) / scale)
      let x = tape.variable(generator.tensor([n, m], scale: scale) as Tensor<S>, named: "x")
      let u = (a * x).named("u"), v = square(u).named("v")
      J = (exp(-v) * log1p(v)).sum()
      let V = try v.array, e = exp(-V)
      let dv = keep("v", e / (1 + V) - e * log1p(V))
      _ = keep("x", keep("u", 2 * (try u.array) * dv) * a)
    default:  // a quotient: da = 1/b, db = −a/b²
      let a = tape.variable(generator.tensor([m], scale: scale) as Tensor<S>, named: "a")
      let b = tape.variable(S(2 * scale) + square(generator.tensor([m]) as Tensor<S>) * S(scale), named: "b")
      J = (a / b).sum()
      let (A, B) = (try a.array, try b.array)
      _ = keep("b", 0 - A / (B * B))
      _ = keep("a", 1 / B)
    }
    return (Case(tape: tape, J: J.named("J"), handDerived: hand), names)
  }
}
