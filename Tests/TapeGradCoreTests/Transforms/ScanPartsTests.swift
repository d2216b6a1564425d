import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// The parts of a loop's result (states before, after, the last ones), alone and together: values and cotangents against the
/// loop written out.
struct ScanPartsTests {
  typealias T = Tensor<Double>

  /// What is used of the scan: two states of different shapes, s and u.
  struct Use: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let loss: @Sendable (_ last: [T], _ before: [[T]], _ after: [[T]]) -> T
  }

  /// `s′ = tanh(s ⊙ a + Σ u)`, `u′ = u·x − s`, the first of shape (3), the second of shape (2, 1).
  private static func step(_ s: [T], _ x: T, _ a: T) -> [T] {
    [tanh(s[0] * a + s[1].sum()), s[1] * x - s[0].sliced(0..<2).reshaped(to: [2, 1])]
  }

  private static func squares(_ rows: [T]) -> T {
    rows.enumerated().reduce(T(0.0)) { $0 + Double($1.0 + 1) * ($1.1 * $1.1).sum() }
  }

  static let uses = [
    Use(testDescription: "the last states") { last, _, _ in (last[0] * last[0]).sum() + exp(last[1]).sum() },
    Use(testDescription: "one last state") { last, _, _ in exp(last[1]).sum() },
    Use(testDescription: "after each step") { _, _, after in squares(after[0]) + squares(after[1]) },
    Use(testDescription: "before each step") { _, before, _ in squares(before[0]) + squares(before[1]) },
    Use(testDescription: "before and after, of one state each") { _, before, after in
      squares(before[0]) + squares(after[1])
    },
    Use(testDescription: "all parts") { last, before, after in
      squares(before[0]) + squares(before[1]) + squares(after[0]) + squares(after[1]) + exp(last[0]).sum()
        * last[1].sum()
    },
    Use(testDescription: "one row") { _, before, after in (after[0][1] * before[1][2]).sum() },
  ]

  private static func scanned(_ p: [T], reversed: Bool, _ use: Use) throws -> T {
    let (last, rows) = try scan(over: p[3], from: [p[0], p[1]], reversed: reversed) { s, x in
      let next = step(s, x, p[2])
      return (next, s + next)
    }
    func split(_ rows: T) -> [T] { (0..<4).map { rows[$0] } }
    return use.loss(last, [split(rows[0]), split(rows[1])], [split(rows[2]), split(rows[3])])
  }

  private static func written(_ p: [T], reversed: Bool, _ use: Use) -> T {
    var s = [p[0], p[1]], before = [[T]](repeating: [], count: 2), after = before
    for t in reversed ? [3, 2, 1, 0] : [0, 1, 2, 3] {
      let next = step(s, p[3][t], p[2])
      for number in 0..<2 {
        before[number].append(s[number])
        after[number].append(next[number])
      }
      s = next
    }
    let inOrder = { (rows: [[T]]) in reversed ? rows.map { $0.reversed() } : rows }
    return use.loss(s, inOrder(before), inOrder(after))
  }

  private var arguments: [T] {
    var generator = SeededGenerator(seed: 11)
    return ([[3], [2, 1], [3], [4]] as [Shape]).map { 0.7 * T.randomNormal($0, using: &generator) }
  }

  private func expectClose(_ a: [T], _ b: [T], _ comment: Comment) throws {
    for (a, b) in zip(a, b) {
      for (p, q) in zip(try a.scalars, try b.scalars) { #expect(abs(p - q) <= 1e-12 * max(1, abs(q)), comment) }
    }
  }

  @Test("each part's cotangent reaches the loop, by itself and with others", arguments: uses, [false, true])
  func cotangents(_ use: Use, _ reversed: Bool) throws {
    let p = arguments
    #expect(try haveSameBits(Self.scanned(p, reversed: reversed, use), Self.written(p, reversed: reversed, use)))
    let expected = try gradient(at: p) { Self.written($0, reversed: reversed, use) }
    let found = try gradient(at: p) { try Self.scanned($0, reversed: reversed, use) }
    try expectClose(found, expected, "eager")
    let program = compiled { (p: [T]) in try gradient(at: p) { try Self.scanned($0, reversed: reversed, use) } }
    #expect(try haveSameBits(program(p), found))
    // A tape keeps all cotangents, and has that of the loop's result as a whole.
    let tape = Tape(), variables = p.map { tape.variable($0) }
    let cotangents = try tape.gradients(of: Self.scanned(variables, reversed: reversed, use))
    try expectClose(variables.map { cotangents[$0] }, expected, "on a tape")
    // Along a direction, by differentiating the reverse sweep once more.
    let along = { (loss: @escaping ([T]) throws -> T) in
      try gradient(at: p) { p in try gradient(at: p, of: loss).reduce(T(0.0)) { $0 + ($1 * $1).sum() } }
    }
    try expectClose(
      along { try Self.scanned($0, reversed: reversed, use) }, along { Self.written($0, reversed: reversed, use) },
      "twice")
  }

  @Test(
    "a program of a gradient holds no array of zeros as long as the sequence, and computes no loss that nobody asked for"
  )
  func lean() throws {
    let program = compiled { (a: Tensor<Float>, x: Tensor<Float>) in
      try gradient(at: a) { a in try scan(over: x, from: Tensor<Float>.zeros([3])) { s, x in tanh(a * s + x) }.sum() }
    }
    let (a, x) = (Tensor<Float>.ones([3]), Tensor<Float>.ones([500, 3]))
    let plan = try program.plan(for: a, x)
    #expect(plan.description.contains("1 result"))
    #expect(plan.peakByteCount < 6 * 500 * 3 * 4, "the sequence, the states, their cotangents, and what is summed")
    // A primitive in the step that may refuse numbers is asked, though the gradient is 0 whatever it finds.
    let rows = compiled { (table: Tensor<Float>, index: Indices) in
      try gradient(at: table) { table in
        try scan(count: 2, from: stopGradient(table)) { s in s + s[index].sum() }.sum() + table.sum()
      }
    }
    let table = Tensor<Float>.ones([4, 3])
    #expect(try rows(table, Indices([2])).scalars == [Float](repeating: 1, count: 12))
    #expect(throws: TensorError.self) { _ = try rows(table, Indices([7])) }
  }
}
