import Testing

@testable import TapeGradCore

/// Uses that once read past memory or stopped the process.
struct UnsafeUseTests {
  private let x = Tensor<Float>([1, 2])

  @Test("scalar types that do not agree are an error")
  func scalarTypes() throws {
    #expect(
      failure {
        let h: Tensor<Double> = try hessian(at: x) { _ in Tensor<Double>(1) }; return h
      } != nil)
    let h: TensorError? = failure { try hessian(at: [x]) { _ in Tensor<Double>(1) } as Tensor<Double> }
    #expect(h?.message == "the function turns Float into Double")
    let wide = checkpoint(x) { _ in Tensor<Double>([1, 2]) }
    #expect(failure { try wide.validated() }?.message == "the function turns Float into Double")
    #expect(failure { try compiled { (x: Tensor<Float>) in checkpoint(x) { _ in Tensor<Double>([1]) } }(x) } != nil)
    #expect(failure { try gradient(at: x) { x in checkpoint(x) { _ in Tensor<Double>(1) } } as Tensor<Float> } != nil)
    #expect(try jacobian(at: [x]) { _ in Tensor<Double>([Double]()) }[0].scalars == [])
  }

  @Test("the shape of a failed tensor can be asked for anything, and gives nothing clean")
  func shapeOfFailed() {
    let failed = matmul(x, Tensor.ones([7])), shape = failed.shape
    #expect(shape[1] == 0 && shape[-7] == 0 && shape.rank == 0 && shape.defect == .unknown)
    for tensor in [
      Tensor<Float>.zeros(shape), failed / Float(shape[1]), x.reshaped(to: shape), x.broadcast(to: shape),
      failed.reshaped(to: [shape[0]]), failed.sum(axis: 1), failed.transposed, failed[0], concatenate([x, failed]),
    ] {
      #expect(failure { try tensor.validated() } != nil)
    }
  }

  @Test("a result larger than memory is an error")
  func memory() {
    let row = Tensor<Float>.ones([1, 1_000_000]), column = Tensor<Float>.ones([1_000_000, 1])
    for tensor in [
      row - column, matmul(column, row), Tensor.zeros([1 << 20, 1 << 20]), row.broadcast(to: [1 << 20, 1_000_000]),
      select(row .> 0, row, column), maximum(row, column),
    ] {
      let error = failure { try tensor.validated() }
      #expect(error?.description.contains("memory") == true && error?.operation.isEmpty == false)
    }
  }

  @Test("infinite intervals, and steps without arguments, are errors")
  func others() {
    var generator = SeededGenerator(seed: 1)
    let all = Tensor<Float>.randomUniform([2], in: -.infinity ... .infinity, using: &generator)
    #expect(failure { try all.validated() }?.operation == "randomUniform")
    let wide = Tensor<Float>.randomUniform([2], in: -1e308...1e308, using: &generator)
    #expect(failure { try wide.validated() }?.operation == "randomUniform")
    #expect(Tensor<Float>.randomUniform([0, 3], in: -.infinity ... .infinity, using: &generator).shape == [0, 3])
    #expect(failure { try repeated(3) { Tensor<Float>(1) }() }?.operation == "repeated")
  }

  @Test("recorders that wait hold no nodes")
  func recorders() throws {
    var tapes = (0..<50).map { _ in Tape() }
    let places = tapes.map(\.position)
    for tape in tapes { _ = (0..<1000).reduce(tape.variable(x)) { y, _ in -y } }
    func capacity() -> Int { places.reduce(0) { $0 + $1.recorder.pointee.state.withLock { $0.nodes.capacity } } }
    #expect(capacity() >= 50_000)
    tapes = []
    #expect(capacity() < 10_000)
  }

  @Test("integers beside tensors are numbers, indices and checked divisors")
  func integers() throws {
    let m = 4
    try ((x + m) * m / m - m).expect([1, 2])
    try (m / x).expect([4, 2])
    try (m - x).expect([3, 2])
    #expect(failure { try (-(1 / m) * x).validated() }?.message.contains("drops its fraction") == true)
    let matrix = Tensor<Float>([[1, 2], [3, 4]])
    #expect(matrix[1].shape == [2] && x[0].shape == [])
    try matrix[1].expect([3, 4])
    try gradient(at: x) { $0[1] * $0[1] }.expect([0, 4])
    for bad in [x[2], x[-3], x[.max], x[.min], Tensor<Float>(1)[0]] { #expect(failure { try bad.validated() } != nil) }
    try select(x .> 1, 1, -1).expect([-1, 1])
  }
}
