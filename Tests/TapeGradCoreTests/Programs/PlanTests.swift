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
    return Plan(trace.graph.optimized, inputs: 2)
  }

  @Test("bias and activation run behind the product, in one instruction")
  func fusion() throws {
    let plan = try plan(of: { w, x in tanh(matmul(w, x) + w.sum(axis: 1, keepingDimensions: true)) }, [4, 3], [3, 50])
    #expect(plan.instructions.count == 2)
    #expect(plan.description.contains("product, 2 steps on 4 × 50"))
    #expect(plan.arenaBytes == 64, "only the four row sums need memory")
  }

  @Test("a product is computed where a result of its cluster will be, unless the cluster reads from there")
  func productInPlace() throws {
    let free = { @Sendable (x: Tensor<Float>, y: Tensor<Float>) in tanh(matmul(x, y) + 1) }
    let taken = { @Sendable (x: Tensor<Float>, y: Tensor<Float>) in
      let sum = tanh(matmul(x, y) + 1) + matmul(y, x)  // takes over the memory of the second product
      return matmul(sum, y)
    }
    func needsRegion(_ plan: Plan) -> [Bool] {
      plan.instructions.compactMap { instruction in
        if case .cluster(let cluster) = instruction.operation { cluster.regionBytes > 0 } else { nil }
      }
    }
    #expect(try needsRegion(plan(of: free, [64, 64], [64, 64])) == [false])
    #expect(try needsRegion(plan(of: taken, [64, 64], [64, 64])) == [true])
    var generator = SeededGenerator(seed: 1)
    let x = Tensor<Float>.randomNormal([64, 64], using: &generator)
    let y = Tensor<Float>.randomNormal([64, 64], using: &generator)
    #expect(try compiled(free)(x, y).scalars == free(x, y).scalars)
    #expect(try compiled(taken)(x, y).scalars == taken(x, y).scalars)
  }

  @Test("element-wise chains with a closing sum are one instruction without memory")
  func chain() throws {
    let plan = try plan(of: { x, y in (exp(x) * y - x).sum(axis: 1) }, [10, 100], [10, 100])
    #expect(plan.instructions.count == 1)
    #expect(plan.arenaBytes == 0)
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
    let sizes = Dictionary(
      uniqueKeysWithValues: (0..<values).map { ($0, 64 * Int.random(in: 1...20, using: &generator)) })
    let liveness = Liveness(birth: births, death: deaths)
    let arena = Arena(Array(0..<values), sizes: sizes, liveness, successors: [:])
    for a in 0..<values {
      for b in 0..<a where births[a] <= deaths[b] && births[b] <= deaths[a] {
        let first = try #require(arena.offsets[a]), second = try #require(arena.offsets[b])
        #expect(first + sizes[a, default: 0] <= second || second + sizes[b, default: 0] <= first)
      }
    }
    let peak = (0..<50).map { time in
      (0..<values).filter { births[$0] <= time && time <= deaths[$0] }.reduce(0) { $0 + sizes[$1, default: 0] }
    }
    #expect(Double(arena.byteCount) <= 1.25 * Double(peak.max() ?? 0))
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
}
