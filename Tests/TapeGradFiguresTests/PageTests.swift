import Foundation
import TapeGrad
import Testing

@testable import TapeGradFigures

/// `TAPEGRAD_PAGES=DIR swift test --filter PageTests` writes the pages to a folder, for a browser to try.
struct PageTests {
  /// A page by what it contains: a failed expectation prints no page.
  private struct Page: CustomStringConvertible {
    let html: String
    let description = "a page"
    func contains(_ text: String) -> Bool { html.contains(text) }
  }

  /// A two-layer network on a few examples, some of them far from the border, so that the sigmoid saturates.
  private func network(scale: Double = 1, named name: (String) -> String = { $0 }) throws -> (Tape, Tensor<Double>) {
    var generator = SeededGenerator(seed: 4)
    let tape = Tape(recordsCallSites: true)
    func variable(_ shape: Shape, _ title: String) -> Tensor<Double> {
      tape.variable(scale * .randomNormal(shape, using: &generator), named: name(title))
    }
    let x = tape.constant(Tensor<Double>.randomNormal([2, 9], using: &generator), named: name("X"))
    let y = tape.constant(Tensor<Double>((0..<9).map { Double($0 % 2) }, shape: [1, 9]), named: name("Y"))
    let w1 = variable([3, 2], "W1"), b1 = variable([3, 1], "b1"), w2 = variable([1, 3], "W2"),
      b2 = variable([1, 1], "b2")
    let a1 = tape.scope(name("hidden")) { tanh((matmul(w1, x) + b1).named(name("Z1"))).named(name("A1")) }
    let a2 = tape.scope(name("output")) { sigmoid((matmul(w2, a1) + b2).named(name("Z2"))).named(name("A2")) }
    return (tape, binaryCrossEntropy(a2, y).named(name("J")))
  }

  /// A chain of `count` nodes in scopes.
  private func chain(_ count: Int) -> (Tape, Tensor<Double>) {
    let tape = Tape(), w = tape.variable(Tensor<Double>([[0.5, -0.25], [0.1, 0.3]]), named: "W")
    var a = tape.constant(Tensor<Double>([[1], [2]]), named: "x")
    for step in 0..<count / 4 { a = tape.scope("step \(step)") { tanh(matmul(w, 2 * a) + 0.5) } }
    return (tape, a.sum().named("J"))
  }

  private func write(_ page: String, _ name: String) throws {
    guard let folder = ProcessInfo.processInfo.environment["TAPEGRAD_PAGES"] else { return }
    try page.write(toFile: "\(folder)/\(name).html", atomically: true, encoding: .utf8)
  }

  @Test("a page has every part, its numbers are the audit's, and it names no address")
  func parts() throws {
    let (tape, j) = try network()
    let audit = try tape.audit(j), page = Page(html: audit.page().html)
    try write(page.html, "small")
    for part in ["net", "steps", "routes", "mean", "comparison", "plants", "derivation", "tape"] {
      #expect(page.contains("<section id=\"\(part)\""), "\(part)")
    }
    for row in audit.rows {
      let element = try #require(row.element)
      #expect(page.contains("data-value=\"\(element.automatic)\""), "\(row.name)")
      #expect(page.contains("data-value=\"\(try #require(element.numerical).value)\""), "\(row.name)")
    }
    #expect(page.contains("<code>PageTests.swift:") && page.contains("<section id=\"source\""))
    // Nothing is fetched: the only addresses are the names of XML's spaces.
    let addresses = page.html.components(separatedBy: "http").dropFirst().filter { !$0.hasPrefix("://www.w3.org/") }
    #expect(addresses.isEmpty && !page.contains("src=") && !page.contains("@import") && !page.contains("url("))
  }

  @Test("without call sites, a quantity's line is the one that names it, and line and step lead to each other")
  func source() throws {
    let tape = Tape(), line = #line
    let w = tape.variable(Tensor<Double>([[0.5, -0.25]]), named: "W")
    let x = tape.constant(Tensor<Double>([[1, 3], [2, -1]]), named: "X")
    let z =
      matmul(w, x).named("Z")
    let page = Page(html: try tape.page(of: square(z).mean().named("J")).html)
    for (name, place) in [("W", 1), ("X", 2), ("Z", 4), ("J", 5)] {
      #expect(page.contains("\">\(name)</a></td><td>") || page.contains("\">\(name)</a>"), "\(name)")
      #expect(page.contains("<code>PageTests.swift:\(line + place)</code>"), "\(name) at \(line + place)")
    }
    // The step of Z leads to the third line, and that line to Z and ∂J/∂Z.
    #expect(page.contains("In the source at <a href=\"#line-2\"><code>PageTests.swift:\(line + 4)</code></a>."))
    #expect(page.contains("Its node is at <a href=\"#line-2\">"))
    #expect(page.contains("<code id=\"line-2\">PageTests.swift:\(line + 4)</code>"))
  }

  @Test("the same audit gives the same bytes")
  func bytes() throws {
    let (tape, j) = try network()
    let audit = try tape.audit(j)
    let isSame = audit.page().html == audit.page().html
    #expect(isSame)
  }

  @Test("the routes part where the sigmoid saturates, and those elements are marked")
  func saturated() throws {
    let (tape, j) = try network(scale: 60)
    let page = Page(html: try tape.page(of: j).html)
    try write(page.html, "saturated")
    #expect(page.contains("elements saturate") && page.contains("▲</span> saturated"))
    let (moderate, k) = try network()
    let other = Page(html: try moderate.page(of: k).html)
    #expect(other.contains("No element saturates here") && !other.contains("▲</span> saturated"))
  }

  @Test("of a cost written with logarithms, the tape takes the first route, and the second one is computed beside it")
  func written() throws {
    let tape = Tape()
    let w = tape.variable(Tensor<Double>([[60, -40]]), named: "W")
    let x = tape.constant(Tensor<Double>([[1, 3, 0.01], [2, -1, 0.02]]), named: "X")
    let y = tape.constant(Tensor<Double>([[1, 0, 1]]), named: "Y")
    let a = sigmoid(matmul(w, x).named("Z")).named("A")
    let page = Page(html: try tape.page(of: (-(y * log(a) + (1 - y) * log(1 - a)).mean()).named("J")).html)
    try write(page.html, "written")
    #expect(page.contains("the tape takes route 1, as the cost was written") && !page.contains("which the tape uses"))
    // Z is −20, 220 and −0.2: the second example saturates, where route 1 has no number, and route 2 is 1/3.
    #expect(page.contains("of 3 elements saturate") && page.contains("<td>0.333333</td>"))
    let (exact, j) = try network()
    #expect(Page(html: try exact.page(of: j).html).contains("which the tape uses"))
  }

  @Test("no name of a user's becomes markup, script or a change of direction")
  func hostile() throws {
    let mark = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u{202E}\u{2066}"
    let (tape, j) = try network { "\($0) \(mark)" }
    var page = try tape.page(of: j)
    page.title = mark
    page.facts = [(mark, mark)]
    page.dimensions = [(mark, Shape([1, 2]), mark)]
    page.losses = [1, 0.5]
    let html = page.html, hostile = Page(html: html)
    try write(html, "hostile")
    // Two scripts are ours: the numbers and the code. None of the user's marks is one.
    let scripts = (
      html.components(separatedBy: "<script").count - 1, html.components(separatedBy: "</script").count - 1
    )
    #expect(scripts == (2, 2))
    #expect(!hostile.contains("<img") && !hostile.contains("\u{202E}") && !hostile.contains("\u{2066}"))
    #expect(hostile.contains("&lt;/script&gt;&lt;script&gt;alert(1)"))
  }

  @Test("a computation that failed gives the page of what there is, with the failure marked")
  func failed() throws {
    let tape = Tape()
    let w = tape.variable(Tensor<Double>([[1, 2, 3]]), named: "W1"),
      x = tape.constant(Tensor<Double>([[1], [2]]), named: "X")
    let j = matmul(tanh(w).named("V"), x).sum()
    let page = Page(html: try tape.page(of: j).html)
    try write(page.html, "failed")
    #expect(page.contains("V = tanh(W1)") && page.contains("matmul failed"))
    #expect(
      page.contains("inner dimensions 3 and 2 differ") && page.contains("An operand of the operation that failed."))
    #expect(page.contains("as far as it got") && page.contains("id=\"data\">null</script>"))
  }

  @Test("a wrong rule is told from what inherits its error")
  func wrong() throws {
    let (tape, j) = try network()
    let planted = try #require(try tape.audit(j).planting(.sign, at: "Z2"))
    let page = Page(html: planted.page().html)
    try write(page.html, "wrong")
    #expect(page.contains("wrong, the rule of binaryCrossEntropy") && page.contains("wrong, inherited from Z2"))
    // A slip is shown on a right computation only: of two errors nobody could say which one is seen.
    #expect(!page.contains("<section id=\"plants\""))
  }

  @Test("long tapes give pages of a size that a browser takes", arguments: [200, 5000])
  func long(count: Int) throws {
    let (tape, j) = chain(count)
    let page = Page(html: try tape.page(of: j, limit: 4).html), size = page.html.utf8.count
    try write(page.html, "nodes-\(count)")
    #expect(size < 1_000_000)
    if count == 5000 { #expect(page.contains("are shown as steps")) }
  }

  @Test("base64 is that of RFC 4648, section 10")
  func bytesAsText() {
    let vectors = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=", "foobar": "Zm9vYmFy",
    ]
    for (text, encoded) in vectors { #expect(base64(Array(text.utf8)) == encoded) }
  }
}
