import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// Recurrences of element-wise steps only, whose rounds C carries out: against the loop written out.
struct ScanRoundsTests {
  /// Two states; a row, a column and a number that stay the same; a choice; functions with a number and without.
  private static func step<S>(
    _ s: [Tensor<S>], _ x: Tensor<S>, _ same: [Tensor<S>]
  ) -> [Tensor<S>] {
    let sum = s[0] * same[0] + x - same[1]
    // Half of x is 0: as a mask it chooses.
    return [select(sum .> s[1], tanh(sum), abs(s[1]) * 0.5), select(x, exp(-abs(s[0])), s[0]) + same[2] * s[1]]
  }

  private func expectSame<S: TensorScalar>(
    _: S.Type, _ shape: Shape, count: Int, isReversed: Bool, _ generator: inout SeededGenerator
  ) throws {
    let columns = shape.dimensions.last ?? 1, rows = shape.count / max(columns, 1)
    let x = relu(Tensor<S>.randomNormal(shape.batched(count), using: &generator))
    let states = [
      Tensor<S>.randomNormal(shape, using: &generator), Tensor<S>.randomNormal(shape, using: &generator),
    ]
    let same = [
      Tensor<S>.randomNormal([columns], using: &generator), Tensor<S>.randomNormal([], using: &generator),
      Tensor<S>.randomNormal(shape.rank == 2 ? [rows, 1] : [], using: &generator),
    ]
    let found = try scan(over: x, from: states, reversed: isReversed) { s, x in
      let next = Self.step(s, x, same)
      return (next, next)
    }
    var s = states, outputs = [[Tensor<S>]](repeating: [], count: 2)
    for step in 0..<count {
      let t = isReversed ? count - 1 - step : step
      s = Self.step(s, x[t], same)
      for number in 0..<2 { outputs[number].append(s[number]) }
    }
    #expect(try haveSameBits(found.last, s), "last states of \(shape), \(count) steps")
    for number in 0..<2 where count > 0 {
      let written = isReversed ? outputs[number].reversed() : outputs[number]
      #expect(try haveSameBits(found.outputs[number], stack(written, axis: 0)), "rows of \(shape), \(count) steps")
    }
  }

  @Test("rounds have the bits of the loop written out", arguments: [0, 1, 2, 3, 7])
  func rounds(_ count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    // One element, few, a vector, some more; grids; and more than a block, which goes round by round.
    for shape in [[1], [3], [8], [16], [33], [2, 3], [5, 16], [3, 40], [1, 4], [4, 1], [3000]] as [Shape] {
      for isReversed in [false, true] {
        try expectSame(Float.self, shape, count: count, isReversed: isReversed, &generator)
        try expectSame(Double.self, shape, count: count, isReversed: isReversed, &generator)
      }
    }
  }

  private typealias Round<S: TensorScalar> = (_ s: Tensor<S>, _ x: Tensor<S>, _ same: [Tensor<S>]) -> Tensor<S>

  /// Rounds that are a chain; from `exp` on, rounds that are none, though they look like one in part.
  private static func chains<S>(_: S.Type) -> [(name: String, step: Round<S>)] {
    [
      ("s + x", { s, x, _ in s + x }), ("x − s", { s, x, _ in x - s }), ("a·s + x", { s, x, same in same[0] * s + x }),
      ("(x − s)/a", { s, x, same in (x - s) / same[0] }), ("0.5·s + x", { s, x, _ in 0.5 * s + x }),
      ("x/(s + c)·x", { s, x, same in x / (s + same[1]) * x }), ("c·(s − x)", { s, x, same in same[1] * (s - x) }),
      ("x·(a + s) − a", { s, x, same in x * (same[0] + s) - same[0] }),
      ("(1 − s)·x", { s, x, _ in (1 - s) * x }), ("(s/3 + 0.5)/x", { s, x, _ in (s / 3 + 0.5) / x }),
      ("2/(s − x)", { s, x, _ in 2 / (s - x) }), ("exp(−s²)·x", { s, x, _ in exp(-s * s) * x }),
      ("s·x + s", { s, x, _ in s * x + s }),
      ("(s·x)·(s·x)", { s, x, _ in (s * x) * (s * x) }), ("max(s, x) − s", { s, x, _ in maximum(s, x) - s }),
      ("s + x, nine times", { s, x, _ in (0..<9).reduce(s) { sum, _ in sum + x } }),
    ]
  }

  private func expectSameChains<S: TensorScalar>(
    _ type: S.Type, _ shape: Shape, count: Int, isReversed: Bool, _ generator: inout SeededGenerator
  ) throws {
    let x = Tensor<S>.randomNormal(shape.batched(count), using: &generator)
    let start = Tensor<S>.randomNormal(shape, using: &generator)
    let same = [
      0.7 * Tensor<S>.randomNormal([shape.dimensions.last ?? 1], using: &generator), Tensor<S>(0.8),
    ]
    for (name, step) in Self.chains(type) {
      let found = try scan(over: x, from: start, reversed: isReversed) { s, x in
        let next = step(s, x, same)
        return (next, next)
      }
      var s = start, rows: [Tensor<S>] = []
      for t in 0..<count {
        s = step(s, x[isReversed ? count - 1 - t : t], same)
        rows.append(s)
      }
      #expect(try haveSameBits(found.last, s), "\(name), last state of \(shape), \(count) steps")
      let written = stack(isReversed ? rows.reversed() : rows, axis: 0)
      #expect(try haveSameBits(found.outputs, written), "\(name), rows of \(shape), \(count) steps")
    }
  }

  @Test(
    "a chain of steps on one state, in registers, has the bits of the loop written out", arguments: [1, 2, 32, 33, 70])
  func chains(_ count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    // Part of a vector, a vector and some more, four vectors and some more; several rows.
    for shape in [[1], [3], [8], [16], [33], [64], [100], [150], [2, 3], [5, 16], [3, 40]] as [Shape] {
      for isReversed in [false, true] {
        try expectSameChains(Float.self, shape, count: count, isReversed: isReversed, &generator)
        try expectSameChains(Double.self, shape, count: count, isReversed: isReversed, &generator)
      }
    }
  }

  @Test("a matrix that stays the same is transposed once, before the rounds, and the bits stay")
  func transposed() throws {
    var generator = SeededGenerator(seed: 3)
    let w = Tensor<Float>.randomNormal([40, 40], scale: 0.2, using: &generator)
    let x = Tensor<Float>.randomNormal([6, 40, 1], using: &generator), start = Tensor<Float>.zeros([40, 1])
    let last = try scan(over: x, from: start) { s, x in tanh(matmul(w, s) + x) }
    let written = (0..<6).reduce(start) { s, t in tanh(matmul(w, s) + x[t]) }
    #expect(try haveSameBits(last, written))
    let loop = repeated(3) { (s: Tensor<Float>, w: Tensor<Float>) in (tanh(matmul(w, s)), s.sum()) }
    let plan = try loop.plan(for: start, w).description
    let before = plan.split(separator: "in the loop:")[0]
    #expect(before.contains("axes [1, 0]"))
  }
}
