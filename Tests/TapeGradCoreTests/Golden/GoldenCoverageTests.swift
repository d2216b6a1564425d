import Foundation
import TapeGradAudit
import Testing

@testable import TapeGradCore

/// Which operations the golden values reach. Whatever a golden graph computes, forward and in its reverse sweep, two systems
/// have confirmed: PyTorch and JAX, or PyTorch and mpmath (see `systems.py` and `golden_functions.py`, which compute both). So
/// an operation that no graph applies has no golden value, and is named here with the reason.
struct GoldenCoverageTests {
  private typealias Graph = ([Tensor<Double>]) throws -> Tensor<Double>

  /// Primitives that no graph records, and why.
  private static let uncoveredPrimitives = [
    "LabelTargets": "made of labels, which no tape records: Tensor.oneHot in `creations`, and the losses, compute it"
  ]

  /// Words that no graph writes, and why.
  private static let uncoveredWords = [
    "axisIndex": "what a subscript says of itself: the subscripts of `choices` are made of it"
  ]

  @Test("every primitive of the table of samples stands in a graph with golden values")
  func primitives() throws {
    var used: Set<String> = []
    for (_, shapes, graph) in GoldenTests.graphs { try used.formUnion(Self.primitives(of: graph, at: shapes)) }
    for (shapes, graph) in GoldenWordTests.graphs.values { try used.formUnion(Self.primitives(of: graph, at: shapes)) }
    for (_, shapes, graph) in LoopGoldenTests.graphs { try used.formUnion(Self.primitives(of: graph, at: shapes)) }
    for (_, shapes, word) in GoldenShapesTests.rows {
      try used.formUnion(Self.primitives(of: { square(word($0)).sum() }, at: shapes))
    }
    for f in GoldenWordTests.unary.values {
      try used.formUnion(Self.primitives(of: { f($0[0]) }, at: [[]]))
    }
    for f in GoldenWordTests.binary.values {
      try used.formUnion(Self.primitives(of: { f($0[0], $0[1]) }, at: [[], []]))
    }
    let table = Set(PrimitiveSample.all.map { Self.name(of: $0.primitive) })
    #expect(table.subtracting(used).sorted() == Self.uncoveredPrimitives.keys.sorted())
  }

  /// The types of the primitives in a graph and in its reverse sweep.
  private static func primitives(of graph: Graph, at shapes: [Shape]) throws -> Set<String> {
    let tape = Tape()
    let inputs = shapes.enumerated().map { position, shape in
      tape.variable(Tensor((0..<shape.count).map { Double((7 * $0 + 3 * position + 1) % 11 - 5) / 4 }, shape: shape))
    }
    let snapshot = try Snapshot(of: graph(inputs), on: tape)
    return Set(snapshot.nodes.compactMap { $0.primitive.map(name) })
  }

  /// The type of a primitive; of a batch of any operation, `Batched`.
  private static func name(of primitive: any Primitive) -> String {
    String("\(type(of: primitive))".prefix { $0 != "<" })
  }

  @Test("every public word of Primitives and Transforms stands in a graph with golden values")
  func words() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let sources = tests.appending(path: "../../../Sources/TapeGradCore").standardizedFileURL
    var declared: Set<String> = []
    for folder in ["Primitives", "Transforms"] {
      let found = FileManager.default.enumerator(at: sources.appending(path: folder), includingPropertiesForKeys: nil)
      for file in try #require(found?.compactMap { $0 as? URL }) where file.pathExtension == "swift" {
        let text = try String(contentsOf: file, encoding: .utf8)
        let pattern = /(?m)^ *public (?:static |prefix |mutating )*(?:func|var) ([A-Za-z_]\w*|[^ \w]+)/
        declared.formUnion(text.matches(of: pattern).map { String($0.1) })
      }
    }
    #expect(declared.isSuperset(of: ["tanh", "sorted", ".<", "vmap"]))
    let files = ["GoldenTests", "GoldenShapesTests", "GoldenWordTests", "LoopGoldenTests"]
    let text = try files.map { try String(contentsOf: tests.appending(path: "\($0).swift"), encoding: .utf8) }.joined()
    let used = Set(text.matches(of: /[A-Za-z_]\w*|[-+*\/.<>=!&|]+/).map { String($0.0) })
    #expect(declared.subtracting(used).sorted() == Self.uncoveredWords.keys.sorted())
  }
}
