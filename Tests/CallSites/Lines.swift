import TapeGrad

/// Prints the line that an error names, and the line on which it stands.
func show(_ tensor: Tensor<Double>, _ line: Int) { show(line) { try tensor.validated() } }

func show(_ line: Int, _ body: () throws -> Any) {
  do {
    _ = try body()
    print("no error for line \(line)")
  } catch {
    print("\((error as? TensorError)?.callSite ?? "none") for Lines.swift:\(line)")
  }
}

func helper(_ x: Tensor<Double>) -> Tensor<Double> {
  x.sum(axis: 4)
}

extension Tensor {
  func own() -> Tensor {
    let t = transposed
    return matmul(t, Tensor.ones([7]))
  }
}

/// Operations that do not fit, in many ways of calling them.
func failures() {
  let a = Tensor<Double>([1, 2, 3]), b = Tensor<Double>([1, 2])
  show(a + b, #line)
  show(matmul(a, b), #line)
  show(helper(a), 16)
  show(a.own(), 22)
  show([a, a].reduce(b) { $0 * $1 }, #line)
  show(a.reshaped(to: [7]), #line)
  show(a[1..<9], #line)
  show(concatenate([a, b, Tensor(1)]), #line)
  show(binaryCrossEntropy(sigmoid(a), b), #line)
  show(Tensor([1, 2], shape: [3]), #line)
  let line = #line + 3
  show(line) {
    try gradient(at: a) { x in
      let y = x * x + Tensor([1, 2])
      return y.sum()
    }
  }
}
