import TapeGradGraphs
import Testing

@testable import TapeGradCore

struct ScanTests {
  private var generator = SeededGenerator(seed: 4)
  private let w, u, b, start, x: Tensor<Double>

  init() {
    w = .randomNormal([3, 3], scale: 0.5, using: &generator)
    u = .randomNormal([3, 2], using: &generator)
    b = .randomNormal([3, 1], using: &generator)
    start = .randomNormal([3, 1], using: &generator)
    x = .randomNormal([5, 2, 1], using: &generator)
  }

  private func row(_ x: Tensor<Double>, _ t: Int) -> Tensor<Double> {
    x.sliced(t..<t + 1).reshaped(to: Shape(x.shape.dimensions.dropFirst()))
  }

  /// `s′ = tanh(W·s + U·x + b)`, with s′ ⊙ s as an output.
  private func step(_ s: Tensor<Double>, _ x: Tensor<Double>, _ p: [Tensor<Double>]) -> (Tensor<Double>, Tensor<Double>)
  {
    let next = tanh(matmul(p[0], s) + matmul(p[1], x) + p[2])
    return (next, next * s)
  }

  private func written(_ p: [Tensor<Double>], reversed: Bool = false) -> (Tensor<Double>, Tensor<Double>) {
    var s = p[3], outputs = [Tensor<Double>?](repeating: nil, count: 5)
    for t in reversed ? [4, 3, 2, 1, 0] : [0, 1, 2, 3, 4] {
      let (next, output) = step(s, row(p[4], t), p)
      (s, outputs[t]) = (next, output.reshaped(to: [1, 3, 1]))
    }
    return (s, concatenate(outputs.compactMap(\.self)))
  }

  private func scanned(_ p: [Tensor<Double>], reversed: Bool = false) throws -> (Tensor<Double>, Tensor<Double>) {
    try scan(over: p[4], from: p[3], reversed: reversed) { s, x in step(s, x, p) }
  }

  private func loss(_ results: (Tensor<Double>, Tensor<Double>)) -> Tensor<Double> {
    (exp(results.1) * results.1).sum() + square(results.0).sum()
  }

  private func expectClose(_ a: [Tensor<Double>], _ b: [Tensor<Double>], _ tolerance: Double = 1e-13) throws {
    for (index, (a, b)) in zip(a, b).enumerated() {
      #expect(a.shape == b.shape)
      for (p, q) in zip(try a.scalars, try b.scalars) {
        #expect(abs(p - q) <= tolerance * max(1, abs(q)), "\(p) and \(q), argument \(index)")
      }
    }
  }

  @Test("values are the loop's, bit by bit; gradients are its, to any order", arguments: [false, true])
  func written(_ reversed: Bool) throws {
    let p = [w, u, b, start, x]
    let (last, outputs) = try scanned(p, reversed: reversed), expected = written(p, reversed: reversed)
    #expect(try haveSameBits(last, expected.0) && haveSameBits(outputs, expected.1))
    let first = try gradient(at: p) { try loss(scanned($0, reversed: reversed)) }
    try expectClose(first, gradient(at: p) { loss(written($0, reversed: reversed)) })
    let second = try hessian(at: w, start) { w, s in try loss(scanned([w, u, b, s, x], reversed: reversed)) }
    try expectClose(
      [second], [hessian(at: w, start) { w, s in loss(written([w, u, b, s, x], reversed: reversed)) }], 1e-12)
    let third = try gradient(at: start) { s in
      try gradient(at: s) { s in
        try gradient(at: s) { s in try loss(scanned([w, u, b, s, x])) }.sum()
      }.sum()
    }
    let thirdExpected = try gradient(at: start) { s in
      try gradient(at: s) { s in try gradient(at: s) { s in loss(written([w, u, b, s, x])) }.sum() }.sum()
    }
    try expectClose([third], [thirdExpected], 1e-11)
  }

  @Test("derivatives are those that differences give")
  func differences() throws {
    let h = 1e-3
    for (index, argument) in [w, u, b, start, x].enumerated() {
      func value(_ shift: Double) throws -> Double {
        var p = [w, u, b, start, x]
        p[index] = argument + shift
        return try loss(scanned(p)).item
      }
      let slope = try gradient(at: argument) { a in
        var p = [w, u, b, start, x]
        p[index] = a
        return try loss(scanned(p))
      }.sum().item
      let difference = try (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
      #expect(abs(slope - difference) <= 1e-8 * max(1, abs(slope)), "argument \(index)")
    }
  }

  @Test("programs hold one body, with the same bits; batches of scans are scans of batches")
  func transforms() throws {
    let p = [w, u, b, start, x]
    let program = compiled { (p: [Tensor<Double>]) in try gradient(at: p) { try loss(scanned($0)) } }
    #expect(try haveSameBits(program(p), gradient(at: p) { try loss(scanned($0)) }))
    let long = Array(p.dropLast()) + [Tensor<Double>.ones([4096, 2, 1])]
    // A few more than for five steps, since long sums are instructions of their own.
    #expect(try program.plan(for: long).instructionCount < program.plan(for: p).instructionCount + 10)
    var generator = generator
    let starts = Tensor<Double>.randomNormal([4, 3, 1], using: &generator)
    let batch = try vmap { s in try scanned([w, u, b, s, x]).1 }(starts)
    let slopes = try vmap { s in try gradient(at: s) { s in try loss(scanned([w, u, b, s, x])) } }(starts)
    let weights = try vmap { s in try gradient(at: w) { w in try loss(scanned([w, u, b, s, x])) } }(starts)
    for e in 0..<4 {
      #expect(try haveSameBits(row(batch, e), scanned([w, u, b, row(starts, e), x]).1))
      try expectClose([row(slopes, e)], [gradient(at: row(starts, e)) { s in try loss(scanned([w, u, b, s, x])) }])
      try expectClose([row(weights, e)], [gradient(at: w) { w in try loss(scanned([w, u, b, row(starts, e), x])) }])
    }
    // Different sequences, along another axis; and a derivative through the map.
    let sequences = Tensor<Double>.randomNormal([5, 4, 2, 1], using: &generator)
    let mapped = vmap(axes: [1]) { (x: Tensor<Double>) in try scanned([w, u, b, start, x]).0 }
    let sum = try gradient(at: sequences) { try square(mapped($0)).sum() }
    let expected = try gradient(at: sequences) { sequences in
      (0..<4).map { e in
        square(written([w, u, b, start, sequences.sliced(e..<e + 1, axis: 1).reshaped(to: [5, 2, 1])]).0).sum()
      }.reduce(Tensor(0), +)
    }
    try expectClose([sum], [expected])
  }

  @Test("states and sequences are groups; outputs may be none; scans nest")
  func groups() throws {
    let (last, sums) = try scan(over: x, from: [start, Tensor([1.0])]) { (s: [Tensor<Double>], x: Tensor<Double>) in
      let first = tanh(s[0]) + x.sum(), second = 0.5 * s[1]
      return ([first, second], [s[0].sum(), s[1]])
    }
    try last[1].expect([1.0 / 32])
    #expect(sums[0].shape == [5] && sums[1].shape == [5, 1])
    let fall = try scan(over: Tensor([1.0, 2, 3]), Tensor([4.0, 5, 6]), from: Tensor(0.0)) {
      (s: Tensor<Double>, a: Tensor<Double>, b: Tensor<Double>) in s + a * b
    }
    try fall.expect([32])
    try scan(count: 4, from: Tensor(1.0)) { s in 3 * s }.expect([81])
    let powers = try scan(count: 4, from: Tensor(1.0)) { s in (3 * s, s) }
    try powers.outputs.expect([1, 3, 9, 27])
    // Fibonacci numbers: a state that only moves.
    let numbers = try scan(count: 6, from: [Tensor(0.0), Tensor(1.0)]) { (s: [Tensor<Double>]) in
      let sum = s[0] + s[1]
      return ([s[1], sum], s[0])
    }
    try numbers.outputs.expect([0, 1, 1, 2, 3, 5])
    // A scan in a scan: Σ of running powers.
    let nested = { (x: Tensor<Double>) in
      try scan(over: x, from: Tensor(1.0)) { s, x in try scan(count: 3, from: s) { s in tanh(s * x) } }
    }
    let values = Tensor([0.5, -0.25, 1.5])
    let expected = { (x: Tensor<Double>) in
      var s = Tensor(1.0)
      for t in 0..<3 { for _ in 0..<3 { s = tanh(s * row(x, t)) } }
      return s
    }
    #expect(try haveSameBits(nested(values), expected(values)))
    try expectClose([gradient(at: values, of: nested)], [gradient(at: values, of: expected)])
  }

  @Test("what a step makes of other things than the state: constants, the rows alone, nothing")
  func corners() throws {
    let x = Tensor([1.0, 2, 3])
    let same = try scan(over: x, from: Tensor(5.0)) { s, x in (s, s + x) }
    try same.last.expect([5])
    try same.outputs.expect([6, 7, 8])
    let row = try scan(over: x, from: Tensor(5.0)) { s, x in (x, s) }
    try row.last.expect([3])
    try row.outputs.expect([5, 1, 2])
    let constant = try scan(over: x, from: Tensor(5.0)) { _, x in (Tensor(7.0), Tensor(2.0)) }
    try constant.last.expect([7])
    try constant.outputs.expect([2, 2, 2])
    let twins = try scan(over: x, from: [Tensor(1.0), Tensor(1.0)]) { (s: [Tensor<Double>], x: Tensor<Double>) in
      let next = s[0] + s[1] * x
      return ([next, next], next)
    }
    try twins.outputs.expect([2, 6, 24])
    try gradient(at: x) { x in
      try scan(over: x, from: Tensor(5.0)) { s, x in (x, s * x) }.outputs.sum()
    }.expect([7, 4, 2])
    try gradient(at: Tensor(2.0)) { a in try scan(over: x, from: Tensor(5.0)) { s, x in (s, a) }.outputs.sum() }
      .expect([3])
  }

  @Test("a next state that is a captured tensor hands its cotangent on")
  func capturedState() throws {
    let x = Tensor([1.0, 2, 3])
    let last = { (a: Tensor<Double>) in try scan(over: x, from: Tensor(5.0)) { s, x in (3 * a, s * x) } }
    let slope = { (a: Tensor<Double>) in
      try gradient(at: a) { a in
        let results = try last(a)
        return results.last + results.outputs.sum()
      }
    }
    try slope(Tensor(2.0)).expect([18])
    let program = compiled { (a: Tensor<Double>) in
      try gradient(at: a) { a in
        let results = try scan(over: x, from: Tensor(5.0)) { s, x in (3 * a, s * x) }
        return results.last + results.outputs.sum()
      }
    }
    try program(Tensor(2.0)).expect([18])
  }

  @Test("without steps, the state is the result and the outputs are empty")
  func zeroSteps() throws {
    let none = Tensor<Double>.zeros([0, 2, 1]), p = [w, u, b, start, none]
    let (last, outputs) = try scanned(p)
    #expect(try haveSameBits(last, start))
    #expect(outputs.shape == [0, 3, 1])
    let slopes = try gradient(at: p) { try loss(scanned($0)) }
    #expect(try haveSameBits(slopes[3], 2 * start) && haveSameBits(slopes[0], Tensor.zeros([3, 3])))
    #expect(slopes[4].shape == [0, 2, 1])
    let program = compiled { (p: [Tensor<Double>]) in try gradient(at: p) { try loss(scanned($0)) } }
    #expect(try haveSameBits(program(p), slopes))
    try scan(count: 0, from: Tensor(1.0)) { s in 2 * s }.expect([1])
  }

  @Test("indices are held as Double beside states in Float")
  func mixedTypes() throws {
    let table = Tensor<Float>([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    let words = Indices([2, 0, 1, 2, 2], shape: [5])
    let (last, outputs) = try scan(over: words, from: Tensor<Float>([1, 0, -1])) { s, word in
      let next = tanh(0.1 * s + 0.1 * table.gathered(word).reshaped(to: [3]))
      return (next, word)
    }
    #expect(try outputs.integers == [2, 0, 1, 2, 2])
    var s = Tensor<Float>([1, 0, -1])
    for word in [2, 0, 1, 2, 2] { s = tanh(0.1 * s + 0.1 * table.gathered([word]).reshaped(to: [3])) }
    #expect(try haveSameBits(last, s))
    // The state itself chooses rows: indices as a state, beside sequences in Float.
    let walk = try scan(over: Tensor<Float>([1, 2, 3]), from: Indices([0])) { (at: Indices, x: Tensor<Float>) in
      (at, x * table.gathered(at).sum())
    }
    try walk.outputs.expect([6, 12, 18])
    let slopes = try gradient(at: table) { table in
      try scan(over: words, from: Tensor<Float>([1, 0, -1])) { s, word in
        (tanh(0.1 * s + 0.1 * table.gathered(word).reshaped(to: [3])), s)
      }.last.sum()
    }
    let expected = try gradient(at: table) { table in
      var s = Tensor<Float>([1, 0, -1])
      for word in [2, 0, 1, 2, 2] { s = tanh(0.1 * s + 0.1 * table.gathered([word]).reshaped(to: [3])) }
      return s.sum()
    }
    for (a, b) in zip(try slopes.scalars, try expected.scalars) { #expect(abs(a - b) < 1e-6) }
  }

  @Test("odd lengths: no row is written beyond its end, forward or back", arguments: [1, 3, 5, 7, 13, 17, 33])
  func oddLengths(_ n: Int) throws {
    var generator = generator
    let w = Tensor<Float>.randomNormal([n, n], scale: 0.3, using: &generator)
    let x = Tensor<Float>.randomNormal([6, n, 1], using: &generator)
    for reversed in [false, true] {
      let (last, outputs) = try scan(over: x, from: [Tensor<Float>.ones([n, 1]), .zeros([1])], reversed: reversed) {
        (s: [Tensor<Float>], x: Tensor<Float>) in
        let next = tanh(matmul(w, s[0]) + x)
        return ([next, s[1] + next.sum()], next)
      }
      var s = Tensor<Float>.ones([n, 1]), sum = Tensor<Float>.zeros([1])
      for t in reversed ? [5, 4, 3, 2, 1, 0] : [0, 1, 2, 3, 4, 5] {
        s = tanh(matmul(w, s) + x.sliced(t..<t + 1).reshaped(to: [n, 1]))
        sum = sum + s.sum()
        #expect(try haveSameBits(outputs.sliced(t..<t + 1).reshaped(to: [n, 1]), s))
      }
      #expect(try haveSameBits(last[0], s) && haveSameBits(last[1], sum))
    }
  }

  @Test("states that change their shape, their structure or their configuration are errors; so is what does not fit")
  func errors() throws {
    let x = Tensor([1.0, 2, 3])
    func message(_ body: () throws -> Any) -> String { failure(body)?.description ?? "" }
    #expect(message { try scan(over: x, from: x) { s, x in (concatenate([s, s]), x) } }.contains("(6)"))
    #expect(
      message { try scan(over: x, from: [x]) { (s: [Tensor<Double>], x: Tensor<Double>) in (s + s, x) } }
        .contains("shapes"))
    #expect(
      message {
        try scan(over: x, from: Scaled(tensor: Tensor(1.0), factor: 2)) { s, x in
          (Scaled(tensor: s.tensor, factor: s.factor + 1), x)
        }
      }.contains("stores something else"))
    #expect(
      message { try scan(over: x, from: Tensor([1.0, 2])) { s, x in (matmul(s, .ones([7])), x) } }.contains("matmul"))
    #expect(message { try scan(over: x, from: x + Tensor([1.0, 2])) { s, x in (s, x) } }.contains("add"))
    #expect(message { try scan(over: Tensor(1.0), from: x) { s, x in (s, x) } }.contains("a row for each step"))
    #expect(
      message { try scan(over: x, Tensor([1.0]), from: Tensor(0.0)) { s, a, b in (s + a, b) } }.contains("1 rows"))
    #expect(message { try scan(count: -1, from: x) { s in (s, s) } }.contains("-1 times"))
    #expect(message { try scan(over: x, from: Tensor(0.0)) { s, x in (Tensor(try s.item), x) } }.contains("traced"))
    // A primitive that refuses numbers, in the loop and behind it.
    let refused = { @Sendable (a: Tensor<Double>) in binaryCrossEntropy(a, Tensor(1.0)) }
    #expect(message { try scan(count: 3, from: Tensor(0.5)) { s in s + refused(s) } }.contains("not a probability"))
    #expect(message { try scan(over: x, from: Tensor(0.5)) { s, x in (s, refused(x)) } }.contains("not a probability"))
    let program = compiled { (s: Tensor<Double>) in try scan(count: 3, from: s) { s in s + refused(s) } }
    #expect(message { try program(Tensor(0.5)) }.contains("not a probability"))
  }
}
