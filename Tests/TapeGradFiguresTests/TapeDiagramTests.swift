import TapeGrad
import Testing

@testable import TapeGradFigures

struct TapeDiagramTests {
  /// A chain of `count` layers on one tape, each a scope if asked for.
  private func chain(_ count: Int, isScoped: Bool = false, isNamed: Bool = false) throws -> (Tape, Tensor<Double>) {
    let tape = Tape()
    let w = tape.variable(Tensor<Double>([[0.5, -0.25], [0.1, 0.3]]), named: "W")
    var a = tape.constant(Tensor<Double>([[1], [2]]), named: "x")
    for step in 0..<count {
      func layer() -> Tensor<Double> { tanh(matmul(w, a) + 0.5) }
      a = isScoped ? tape.scope("step \(step)") { layer() } : layer()
      if isNamed { a = a.named("A\(step)") }
    }
    return (tape, a.sum().named("J"))
  }

  @Test("a short tape has a row for each node, with its formula, and its derivative where it has a name")
  func short() throws {
    let tape = Tape()
    let w = tape.variable(Tensor<Double>([[0.1, -0.2]]), named: "W")
    let x = tape.constant(Tensor<Double>([[1, 2, 3], [3, 2, 1]]), named: "X")
    let y = tape.constant(Tensor<Double>([[0, 1, 1]]), named: "Y")
    let a = sigmoid(matmul(w, x).named("Z")).named("A")
    let drawing = ParsedSVG(try TapeDiagram(of: binaryCrossEntropy(a, y).named("J"), on: tape).svg)
    let texts = drawing.texts.map(\.content)
    #expect(drawing.isWellFormed && drawing.collision == nil, "\(drawing.collision ?? "")")
    for text in ["W, variable", "X, constant", "Z = W·X", "A = σ(Z)", "∂Z: (A − Y)/m", "∂W: ∂J/∂Z·Xᵀ"] {
      #expect(texts.contains(text), "\(text) in \(texts)")
    }
    // Nothing says what is not computed: X and Y are constants.
    #expect(!texts.contains { $0.hasPrefix("∂X") || $0.hasPrefix("∂Y") })
    #expect(drawing.words.hasPrefix("7 nodes in 7 rows, from W, X, Y to J. Z = W·X; A = σ(Z)"), "\(drawing.words)")
  }

  @Test("scopes are folded where there are more nodes than rows, and drawn around their rows where not")
  func scopes() throws {
    let (short, j) = try chain(3, isScoped: true)
    let open = ParsedSVG(try TapeDiagram(of: j, on: short).svg).texts.map(\.content)
    #expect(open.contains("step 1") && open.contains { $0.contains("= tanh(") })
    let (long, k) = try chain(30, isScoped: true)
    let folded = ParsedSVG(try TapeDiagram(of: k, on: long).svg).texts.map(\.content)
    #expect(folded.contains("step 29, 3 nodes: matmul, offset, tanh"), "\(folded)")
    #expect(!folded.contains { $0.contains("= tanh(") })
  }

  @Test("scopes nest: the inner ones are folded first")
  func nesting() throws {
    let tape = Tape()
    var a = tape.variable(Tensor<Double>([1, 2]), named: "x")
    for block in 0..<4 {
      a = tape.scope("block \(block)") {
        for step in 0..<4 { a = tape.scope("inner \(step)") { tanh(exp(a)) } }
        return a
      }
    }
    let j = a.sum().named("J")
    func texts(_ limit: Int) throws -> [String] {
      var diagram = try TapeDiagram(of: j, on: tape)
      diagram.limit = limit
      return ParsedSVG(diagram.svg).texts.map(\.content)
    }
    #expect(try texts(40).filter { $0.hasPrefix("inner 2") }.count == 4)
    let middle = try texts(20)
    #expect(middle.contains("block 3") && middle.contains("inner 3, 2 nodes: exp, tanh"))
    #expect(try texts(10).contains("block 3, 8 nodes: exp ×4, tanh ×4"))
  }

  @Test("a tape of 5,000 nodes is as legible as one of 10, with names, with scopes and with neither")
  func long() throws {
    for (isScoped, isNamed) in [(false, false), (true, false), (false, true)] {
      let (tape, j) = try chain(1250, isScoped: isScoped, isNamed: isNamed)
      let svg = try TapeDiagram(of: j, on: tape).svg, drawing = ParsedSVG(svg)
      #expect(drawing.isWellFormed && drawing.collision == nil, "\(drawing.collision ?? "")")
      #expect(drawing.size.height < 1300 && drawing.texts.count > 100 && svg.text.utf8.count < 250_000)
    }
  }

  @Test("rows cover every node once, in the order of the tape, over random tapes, scopes and limits")
  func rows() throws {
    for seed in 0..<300 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let (tape, j) = try randomTape(using: &generator), limit = Int.random(in: 1...60, using: &generator)
      var diagram = try TapeDiagram(of: j, on: tape)
      diagram.limit = limit
      let drawing = ParsedSVG(diagram.svg)
      #expect(drawing.isWellFormed && drawing.collision == nil, "seed \(seed): \(drawing.collision ?? "")")
      let snapshot = try Snapshot(of: j, on: tape)
      let rows = TapeRows(snapshot.readings, scopes: snapshot.scopes, limit: limit).rows
      #expect(
        rows.flatMap { Array($0.nodes) } == Array(0...snapshot.result) && rows.count <= max(limit, 2), "seed \(seed)")
    }
  }

  @Test("a computation that failed is drawn as far as it got, and says what failed")
  func failed() throws {
    let tape = Tape()
    let w = tape.variable(Tensor<Double>([[1, 2, 3]]), named: "W"),
      x = tape.constant(Tensor<Double>([[1], [2]]), named: "X")
    let j = matmul(w * 2, x).sum()
    #expect(throws: TensorError.self) { try TapeDiagram(of: j, on: tape) }
    do { try j.validated() } catch {
      let drawing = ParsedSVG(TapeDiagram(tape, until: error).svg)
      let text = drawing.texts.map(\.content).joined(separator: " ")
      #expect(drawing.isWellFormed && drawing.collision == nil)
      #expect(text.contains("failed: matmul of (1, 3) and X (2, 1): inner dimensions 3 and 2 differ"))
      #expect(!text.contains("∂W"))
    }
  }

  @Test("names of a user are text, whatever stands in them")
  func escaping() throws {
    let tape = Tape(), name = "</text><script>alert(\"1\")</script>&\u{202E}'\n"
    let x = tape.variable(Tensor<Double>([1, 2]), named: name)
    let j = tape.scope(name) { exp(x).named(name).sum() }.named(name)
    let svg = try TapeDiagram(of: j, on: tape).svg, drawing = ParsedSVG(svg)
    #expect(drawing.isWellFormed && drawing.collision == nil && !svg.text.contains("<script"))
    #expect(drawing.elements.isSubset(of: ["svg", "title", "desc", "rect", "text", "tspan", "path", "line"]))
  }

  @Test("the same computation gives the same bytes")
  func bytes() throws {
    for count in [8, 30] {
      let (tape, j) = try chain(count, isScoped: true)
      let first = try TapeDiagram(of: j, on: tape).svg
      for _ in 0..<5 { #expect(try TapeDiagram(of: j, on: tape).svg == first) }
    }
  }

  /// Scopes within scopes, names here and there, operations of one and two operands.
  private func randomTape(using generator: inout SeededGenerator) throws -> (Tape, Tensor<Double>) {
    let tape = Tape()
    var values = [tape.variable(Tensor<Double>([0.5, 1]), named: "x"), tape.constant(Tensor<Double>([2, 0.25]))]
    func record(_ depth: Int, using generator: inout SeededGenerator) {
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        if depth < 3, Int.random(in: 0..<4, using: &generator) == 0 {
          tape.scope("scope \(depth)") { record(depth + 1, using: &generator) }
          continue
        }
        let a = values[Int.random(in: 0..<values.count, using: &generator)], b = values[values.count - 1]
        let value = Bool.random(using: &generator) ? tanh(a) : a * b
        if Bool.random(using: &generator) { value.named("a rather long name \(values.count)") }
        values.append(value)
      }
    }
    for _ in 0..<Int.random(in: 1...12, using: &generator) { record(0, using: &generator) }
    return (tape, values[values.count - 1].sum())
  }
}
