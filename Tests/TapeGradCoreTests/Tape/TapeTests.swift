import TapeGradGraphs
import Testing

@testable import TapeGradCore

struct TapeTests {
  @Test("every path counts")
  func everyPath() throws {
    let tape = Tape()
    let a = tape.variable(Tensor(3.0), named: "a")
    let b = a + a, c = b + b
    let gradients = try tape.gradients(of: c)
    try gradients[a].expect([4])
    try gradients[b].expect([2])
    try gradients[c].expect([1])
    try gradient(at: Tensor(3.0)) { a in
      let b = a * a
      return b * b + b
    }.expect([114])
  }

  @Test("asking for gradients changes nothing on the tape")
  func asksAgain() throws {
    let tape = Tape()
    let x = tape.variable(Tensor([1.0, 2, 3]), named: "x")
    let y = (x * x * x).sum().named("y")
    let printed = tape.nodes.count
    let first = try tape.gradients(of: y), second = try tape.gradients(of: y)
    try first[x].expect([3, 12, 27])
    #expect(try first[x].bits == second[x].bits && tape.nodes.count == printed)
    #expect(!first[x].isRecorded)
    // And the tape can be written on.
    let z = y * y
    try tape.gradients(of: z)[y].expect([72])
    try tape.gradients(of: y)[z].expect([0])
  }

  @Test("every node has a gradient, in the shape of the thing itself")
  func everyNode() throws {
    let tape = Tape()
    let w = tape.variable(Tensor([[1.0, 2], [3, 4]])), b = tape.variable(Tensor([[1.0], [1]]))
    let x = tape.constant(Tensor([[1.0, 0, 2], [0, 1, 2]]))
    let product = matmul(w, x), z = product + b, loss = z.sum()
    let gradients = try tape.gradients(of: loss)
    try gradients[w].expect([3, 3, 3, 3])
    try gradients[b].expect([3, 3])
    #expect(gradients[b].shape == [2, 1] && gradients[product].shape == [2, 3])
    try gradients[z].expect([1, 1, 1, 1, 1, 1])
  }

  @Test("a gradient is zero where the result does not depend on the input")
  func independent() throws {
    let (dx, dy) = try gradient(at: Tensor([1.0, 2]), Tensor(5)) { x, _ in x.sum() }
    try dx.expect([1, 1])
    try dy.expect([0])
    try gradient(at: Tensor([1.0, 2])) { _ in Tensor(7) }.expect([0, 0])
    try gradient(at: Tensor([1.0, 2])) { ($0 .> 1).sum() }.expect([0, 0])
    let tape = Tape()
    let x = tape.variable(Tensor(1.0)), unused = tape.variable(Tensor([[1.0, 2]])), data = tape.constant(Tensor(3.0))
    let gradients = try tape.gradients(of: x * data)
    try gradients[unused].expect([0, 0])
    #expect(gradients[unused].shape == [1, 2])
    try gradients[data].expect([0])
  }

  @Test("the result itself may be an input, or one element of any shape")
  func identity() throws {
    let (value, slope) = try valueWithGradient(at: Tensor([[5.0]])) { $0 }
    #expect(value.shape == [1, 1] && slope.shape == [1, 1])
    try slope.expect([1])
  }

  @Test("a tape holds both scalar types")
  func bothTypes() throws {
    let tape = Tape()
    let narrow = tape.variable(Tensor<Float>(2)), wide = tape.variable(Tensor<Double>(3))
    try tape.gradients(of: narrow * narrow)[narrow].expect([4])
    try tape.gradients(of: wide * wide)[wide].expect([6])
  }

  @Test("tensors outlive their tape as plain values")
  func outlived() throws {
    var tape: Tape? = Tape()
    let x = try #require(tape?.variable(Tensor([1.0, 2]), named: "x"))
    let y = x * x
    #expect(x.isRecorded && y.isRecorded)
    tape = nil
    #expect(!x.isRecorded && !y.isRecorded && !(x + y).isRecorded)
    try (x + y.named("late")).expect([2, 6])
    // A later tape is served by the same recorder; the old places do not lead to it.
    let next = Tape()
    let z = next.variable(Tensor([1.0, 1]))
    #expect(!y.isRecorded && (y * z).isRecorded)
    try next.gradients(of: (y * z).sum())[z].expect([1, 4])
  }

  @Test("tapes that meet each see the whole")
  func meeting() throws {
    let older = Tape(), younger = Tape()
    let x = older.variable(Tensor(3.0)), y = younger.variable(Tensor(5.0))
    for product in [x * y, y * x] {
      let z = product * product
      try older.gradients(of: z)[x].expect([150])
      try younger.gradients(of: z)[y].expect([90])
      try older.gradients(of: z)[product].expect([30])
    }
    // One of them inside a gradient that captures both.
    try gradient(at: Tensor(2.0)) { t in t * t * x * y }.expect([60])
  }

  @Test("a tape met by a gradient records it")
  func gradientOnTape() throws {
    let tape = Tape()
    let x = tape.variable(Tensor(3.0))
    let slope = try gradient(at: x) { $0 * $0 * $0 }
    try slope.expect([27])
    try tape.gradients(of: slope)[x].expect([18])
  }
}
