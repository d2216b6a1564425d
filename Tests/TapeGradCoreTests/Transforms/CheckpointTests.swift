import TapeGradGraphs
import Testing

@testable import TapeGradCore

struct CheckpointTests {
  private let x = Tensor([0.5, -0.25, 1.5]), y = Tensor([1.0, 2, -1])
  private let f: @Sendable (Tensor<Double>) -> Tensor<Double> = { x in tanh(x * x) * sigmoid(x) + exp(-x) }

  @Test("values and derivatives have the same bits as without, to third order")
  func sameBits() throws {
    let wrapped = { @Sendable (x: Tensor<Double>) in checkpoint(x, of: f) }
    var direct = { (x: Tensor<Double>) throws in f(x).sum() }
    var indirect = { (x: Tensor<Double>) throws in wrapped(x).sum() }
    #expect(try wrapped(x).bits == f(x).bits)
    for order in 1...3 {
      let (g, h) = (direct, indirect)
      #expect(try gradient(at: x, of: g).bits == gradient(at: x, of: h).bits, "order \(order)")
      direct = { x in try gradient(at: x, of: g).sum() }
      indirect = { x in try gradient(at: x, of: h).sum() }
    }
  }

  @Test("several arguments and groups are checkpointed, with one more run for all")
  func severalArguments() throws {
    let stack = Stack<Double>.sample, input = Tensor([[0.5, -1], [1, 0.25]])
    let (direct, directInput) = try gradient(at: stack, input) { ($0($1) * $0($1)).sum() }
    let (indirect, indirectInput) = try gradient(at: stack, input) { stack, input in
      let z = checkpoint(stack, input) { $0($1) }
      return (z * z).sum()
    }
    for (a, b) in zip(direct.tensors + [("", directInput)], indirect.tensors + [("", indirectInput)]) {
      for (p, q) in zip(try a.tensor.scalars, try b.tensor.scalars) { #expect(abs(p - q) <= 1e-14) }
    }
    let census = Census()
    _ = try gradient(at: x, y) { x, y in checkpoint(x, y) { x, y in (x * y).applying(Watched(census: census)) }.sum() }
    // Once for the value, once in the sweep; its shape is found by tracing, which evaluates nothing.
    #expect(census.peak <= 2 && census.countsInSweep.count == 1)
  }

  @Test("checkpoints work inside one another, in transforms and on a tape")
  func nested() throws {
    let deep = { @Sendable (x: Tensor<Double>) in checkpoint(x) { x in checkpoint(x) { $0 * $0 } * x } }
    try deep(y).expect([1, 8, -1])
    try gradient(at: y) { deep($0).sum() }.expect([3, 12, 3])
    try pushforward(at: y, along: .ones([3]), of: deep).expect([3, 12, 3])
    try jacobian(at: y, of: deep).expect([3, 0, 0, 0, 12, 0, 0, 0, 3])
    try hessian(at: y) { deep($0).sum() }.expect([6, 0, 0, 0, 12, 0, 0, 0, -6])
    let tape = Tape()
    let v = tape.variable(y)
    try tape.gradients(of: deep(v).sum())[v].expect([3, 12, 3])
  }

  @Test("a checkpoint is just its function where nothing is recorded")
  func unrecorded() throws {
    try checkpoint(x, y) { $0 * $1 }.expect([0.5, -0.5, -1.5])
    #expect(!checkpoint(x, y) { $0 * $1 }.isRecorded)
  }

  @Test("only the arguments a gradient asks for get one")
  func unvaried() throws {
    let (y, z) = (y, Tensor([2.0, 2, 2]))
    try gradient(at: x) { x in checkpoint(x, y, z) { $0 * $1 * $2 }.sum() }.expect([2, 4, -2])
  }

  @Test("what it cannot do is an error, not a wrong gradient")
  func errors() throws {
    let captured = failure {
      try gradient(at: y) { y in checkpoint(y) { $0 * y }.sum() }
    }
    #expect(captured?.operation == "checkpoint" && captured?.message.contains("captures a recorded tensor") == true)
    #expect(captured?.suggestion == "pass it as an argument")
    let tape = Tape()
    let other = tape.variable(x)
    #expect(failure { try checkpoint(y) { $0 * other }.validated() }?.message.contains("captures") == true)
    struct Stop: Error {}
    #expect(
      failure { try checkpoint(y) { _ -> Tensor<Double> in throw Stop() }.validated() }?.message.contains("Stop()")
        == true)
    let none = failure { try checkpoint([Tensor<Double>]()) { _ in Tensor(1.0) }.validated() }
    #expect(none?.message.contains("no tensor among the arguments") == true)
    let misfit = failure { try gradient(at: y) { checkpoint($0) { $0 + Tensor([1, 2]) }.sum() } }
    #expect(misfit?.operation == "add")
  }
}
