import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// Plans: what is fused, where values are kept, and how that reads.
struct PlanTests {
  private func plan(
    of function: @escaping @Sendable (Tensor<Float>, Tensor<Float>) throws -> Tensor<Float>,
    _ x: Shape, _ y: Shape
  ) throws -> Plan {
    let values = [Tensor<Float>.ones(x).value, Tensor<Float>.ones(y).value]
    let trace = try Trace(of: values) { [try function(Tensor($0[0]), Tensor($0[1])).value] }
    return Plan(OptimizedGraph(trace.lowered, arguments: 2))
  }

  @Test("bias and activation run behind the product, in one instruction")
  func fusion() throws {
    let plan = try plan(of: { w, x in tanh(matmul(w, x) + w.sum(axis: 1, keepingDimensions: true)) }, [4, 3], [3, 50])
    #expect(plan.instructions.count == 2)
    #expect(plan.description.contains("product and sum, 1 step on 4 × 50"))
    #expect(plan.arenaBytes == 64, "only the four row sums need memory")
  }

  @Test("a product's kernel adds a number to each row where nobody else reads the product")
  func rowNumbers() throws {
    var generator = SeededGenerator(seed: 2)
    let a = Tensor<Float>.randomNormal([5, 4], using: &generator)
    let b = Tensor<Float>.randomNormal([4, 300], using: &generator)
    func sums(_ function: @escaping @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float>) throws -> [Bool] {
      for granularity in [Granularity.standard, .fine] {
        #expect(try haveSameBits(program(function, rounds: nil, granularity)(a, b), function(a, b)))
      }
      return try plan(of: function, a.shape, b.shape).fused.compactMap(\.product).map { $0.added != nil }
    }
    #expect(try sums { a, b in matmul(a, b) + a.sum(axis: 1, keepingDimensions: true) } == [true])
    #expect(try sums { a, b in a.sum(axis: 1, keepingDimensions: true) + matmul(a, b) } == [true])
    #expect(try sums { a, b in tanh(matmul(a, b) + a.sum(keepingDimensions: true)).sum(axis: 1) } == [true])
    #expect(
      try sums { a, b in
        let z = matmul(a, b) + a.sum(axis: 1, keepingDimensions: true); return matmul(z * tanh(z), z.transposed)
      } == [true])
    // Read again, subtracted, of columns, added twice, after something else.
    #expect(
      try sums { a, b in
        let p = matmul(a, b); return (p + a.sum(axis: 1, keepingDimensions: true)) * p
      } == [false])
    #expect(try sums { a, b in a.sum(axis: 1, keepingDimensions: true) - matmul(a, b) } == [false])
    #expect(try sums { a, b in matmul(a, b) + b.sum(axis: 0) } == [false])
    #expect(
      try sums { a, b in
        let p = matmul(a, b); return p + p
      } == [false])
    #expect(
      try sums { a, b in
        let t = exp(b.sum(axis: 0, keepingDimensions: true)) * a.sum(axis: 1, keepingDimensions: true)
        return (matmul(a, b) + a.sum(axis: 1, keepingDimensions: true)) * t
      } == [false])
  }

  @Test("a product that only its group reads is in scratch memory, region by region")
  func productInRegion() throws {
    let alone = { @Sendable (x: Tensor<Float>, y: Tensor<Float>) in tanh(matmul(x, y) + 1) }
    let shared = { @Sendable (x: Tensor<Float>, y: Tensor<Float>) in
      let product = matmul(x, y)
      return matmul(tanh(product + 1), product)
    }
    func needsRegion(_ plan: Plan) -> [Bool] { plan.fused.map { $0.regionBytes > 0 } }
    #expect(try needsRegion(plan(of: alone, [64, 64], [64, 64])) == [true])
    #expect(try needsRegion(plan(of: shared, [64, 64], [64, 64])) == [false])
    var generator = SeededGenerator(seed: 1)
    let x = Tensor<Float>.randomNormal([64, 64], using: &generator)
    let y = Tensor<Float>.randomNormal([64, 64], using: &generator)
    #expect(try compiled(alone)(x, y).scalars == alone(x, y).scalars)
    #expect(try compiled(shared)(x, y).scalars == shared(x, y).scalars)
  }

  @Test("element-wise chains with a closing sum are one instruction without memory")
  func chain() throws {
    let plan = try plan(of: { x, y in (exp(x) * y - x).sum(axis: 1) }, [10, 100], [10, 100])
    #expect(plan.instructions.count == 1)
    #expect(plan.arenaBytes == 0)
  }

  @Test("a part in one piece is read where it lies; columns, and what the caller gets, are copied")
  func parts() throws {
    func copies(_ function: @escaping @Sendable (Tensor<Float>, Tensor<Float>) throws -> Tensor<Float>) throws -> Int {
      let (shape, other): (Shape, Shape) = ([6, 4], [4, 3])
      var generator = SeededGenerator(seed: 1)
      let x = Tensor<Float>.randomNormal(shape, using: &generator)
      let y = Tensor<Float>.randomNormal(other, using: &generator)
      #expect(try haveSameBits(compiled(function)(x, y), function(x, y)))
      return try plan(of: function, shape, other).copies.count
    }
    // Of an argument, of a value inside, of a part; read by a chain, a product, a sum, a primitive; beside the whole.
    #expect(try copies { x, y in x[1..<3] * x[3..<5] } == 0)
    #expect(try copies { x, y in matmul(tanh(x)[2...], y) } == 0)
    #expect(
      try copies { x, y in
        let z = tanh(x); return z[1..<5][1..<3].sum(axis: 1) + z[0, 1]
      } == 0)
    #expect(try copies { x, y in exp(x)[4] * exp(x).sum(axis: 0) } == 0)
    #expect(try copies { x, y in exp(x)[1..<3].sorted(axis: 1).values * x[0..<2] } == 0)
    #expect(
      try copies { x, y in
        let z = exp(x); return (z[0..<3] - z[3...]) * z[0..<3]
      } == 0)
    #expect(try copies { x, y in x[.all, 1..<3] * 2 } == 1)
    #expect(try copies { x, y in tanh(x)[1..<3] } == 1)
    let program = compiled { (x: Tensor<Float>) in
      let z = tanh(x); return (z[1..<3], z[1..<3] * 2)
    }
    #expect(try program.plan(for: .ones([6, 4])).description.contains("from 1 of axis 0 on"))
    #expect(try program.plan(for: .ones([6, 4])).description.contains("v1[4...]") == false)
    let sum = try plan(of: { x, y in tanh(x)[1..<3] + x[0..<2] }, [6, 4], [4, 3])
    #expect(sum.description.contains("v1[4...] + input 0[0...]"))
  }

  @Test("parts of a loop's state are those of the round")
  func partsOfStates() throws {
    let step = { @Sendable (s: Tensor<Float>, x: Tensor<Float>) in
      let next = concatenate([s[1...], s[..<1]]) * x[0..<4] + s[2..<3]
      return (next, next[0..<2] * s[2...])
    }
    var generator = SeededGenerator(seed: 5)
    let start = Tensor<Float>.randomNormal([4, 5], using: &generator)
    let x = Tensor<Float>.randomNormal([6, 5], using: &generator)
    var (s, rows) = (start, Tensor<Float>([]))
    for _ in 0..<5 { (s, rows) = step(s, x) }
    let (last, outputs) = try repeated(5, step)(start, x)
    #expect(try haveSameBits(last, s))
    #expect(try haveSameBits(outputs, rows))
  }

  @Test("values that are not alive together share memory")
  func arena() throws {
    let plan = try plan(
      of: { x, y in
        var z = x
        for _ in 0..<20 { z = matmul(z, y) }
        return z
      }, [64, 64], [64, 64])
    #expect(plan.instructions.count == 20)
    #expect(plan.arenaBytes == 2 * 64 * 64 * 4)
  }

  @Test("an operand that dies is written over")
  func inPlace() throws {
    let plan = try plan(
      of: { x, y in
        let z = matmul(x, y)
        let total = matmul(z, y)
        return matmul(total, tanh(z) + z)
      }, [64, 64], [64, 64])
    #expect(plan.arenaBytes == 2 * 64 * 64 * 4)
  }

  @Test("no two values that are needed at once share a byte", arguments: 0..<50)
  func noOverlap(_ number: Int) throws {
    var generator = SeededGenerator(seed: 100 + UInt64(number))
    let values = 30
    let births = (0..<values).map { _ in Int.random(in: 0..<40, using: &generator) }
    let deaths = births.map { $0 + Int.random(in: 1...10, using: &generator) }
    let sizes = (0..<values).map { _ in 64 * Int.random(in: 1...20, using: &generator) }
    let arena = Arena(
      (0..<values).map { Arena.Lifetime(byteCount: sizes[$0], birth: births[$0], death: deaths[$0]) })
    for a in 0..<values {
      for b in 0..<a where births[a] <= deaths[b] && births[b] <= deaths[a] {
        let first = arena.offsets[a], second = arena.offsets[b]
        #expect(first + sizes[a] <= second || second + sizes[b] <= first)
      }
    }
    let peak = (0..<50).map { time in
      (0..<values).filter { births[$0] <= time && time <= deaths[$0] }.reduce(0) { $0 + sizes[$1] }
    }
    #expect(Double(arena.byteCount) <= 1.5 * Double(peak.max() ?? 0))
  }

  @Test("peak memory is known before the program runs")
  func peakMemory() throws {
    let program = compiled { (x: Tensor<Float>) in tanh(x) + x }
    let plan = try program.plan(for: .ones([1000, 1000]))
    #expect(plan.peakByteCount >= 8_000_000 && plan.peakByteCount < 8_100_000)
    #expect(plan.instructionCount == 1)
  }

  @Test("the plan reads by the user's names")
  func description() throws {
    let program = compiled { (x: Tensor<Double>) in (tanh(x).named("A") * 2).sum().named("J") }
    #expect(program.description == "a program that was not called yet")
    _ = try program(Tensor([1, 2]))
    #expect(
      program.description == """
        1 input, 1 result, 1 instruction; inside 0 bytes, for each thread 64 bytes
        1. 3 steps on 1 × 2, blocks of 1 × 2
             A (2) = tanh input 0
             v2 (2) = 2.0 × A
             v3 (1) = sum of v2  → storage of its own
        result 0: J
        """)
  }

  /// The gradient of a gated recurrence of so many steps.
  private func recurrence(_ steps: Int) throws -> TapeGradCore.Graph {
    let x = Tensor<Double>(repeating: 0.5, shape: [4, 1]), w = Tensor<Double>(repeating: 0.1, shape: [4, 4])
    let trace = try Trace(of: [w.value, x.value]) { inputs in
      let x = Tensor<Double>(inputs[1])
      return [
        try gradient(at: Tensor<Double>(inputs[0])) { w in
          var h = x
          for _ in 0..<steps {
            let gate = sigmoid(matmul(w, h) + x)
            h = gate * h + (1 - gate) * tanh(matmul(w, h))
          }
          return h.sum()
        }.value
      ]
    }
    return trace.lowered.simplified
  }

  @Test("planning takes work in proportion to the nodes: twice the steps, about twice the work")
  func linearPlanning() throws {
    let (short, long) = try (recurrence(200), recurrence(400))
    let (few, many) = (Schedule(short), Schedule(long))
    #expect(long.nodes.count < Int(2.1 * Double(short.nodes.count)))
    #expect(many.moves < Int(2.2 * Double(few.moves)) + 100)
    func looks(_ count: Int) -> Int {
      Arena((0..<count).map { Arena.Lifetime(byteCount: 64 * (1 + $0 % 3), birth: $0, death: $0 + $0 % 7) }).looks
    }
    #expect(looks(8000) < Int(2.2 * Double(looks(4000))))
  }
}
