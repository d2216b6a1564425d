import TapeGradArrays
import Testing

@testable import TapeGradCore

/// Derivations as graphs, for Graphviz and Mermaid.
struct DerivationGraphTests {
  private static let small = Graph("small") { tape in
    let w = tape.variable(Graph.numbers([1, 2]), named: "W"), x = tape.constant(Graph.numbers([2, 3]), named: "X")
    return square(matmul(w, x).named("Z")).mean().named("J")
  }

  @Test("what each equation reads, in DOT")
  func dot() throws {
    let tape = Tape()
    #expect(
      try tape.derivation(of: DerivationGraphTests.small.record(tape)).dot == """
        digraph derivation {
          node [shape=box, fontname="Helvetica"];
          n0 [label="W  (1, 2)", style=bold];
          n1 [label="X  (2, 3)", color=gray];
          n2 [label="Z = W·X  (1, 3)"];
          n3 [label="J = (1/m)·Σ(Z²)  ()"];
          n4 [label="∂J/∂Z = 2·Z/m  (1, 3)", style=dashed];
          n5 [label="∂J/∂W = ∂J/∂Z·Xᵀ  (1, 2)", style=dashed];
          n0 -> n2;
          n1 -> n2;
          n2 -> n3;
          n4 -> n5 [style=dashed];
        }

        """)
  }

  @Test("what each equation reads, in Mermaid")
  func mermaid() throws {
    let tape = Tape()
    #expect(
      try tape.derivation(of: DerivationGraphTests.small.record(tape)).mermaid == """
        flowchart TD
          n0(["W  #40;1, 2#41;"])
          n1["X  #40;2, 3#41;"]
          n2["Z = W·X  #40;1, 3#41;"]
          n3["J = #40;1#47;m#41;·Σ#40;Z²#41;  #40;#41;"]
          n4["∂J#47;∂Z = 2·Z#47;m  #40;1, 3#41;"]
          n5["∂J#47;∂W = ∂J#47;∂Z·Xᵀ  #40;1, 2#41;"]
          n0 --> n2
          n1 --> n2
          n2 --> n3
          n4 -.-> n5

        """)
  }

  @Test("no name ends its label", arguments: RoundTripTests.graphs)
  func names(in graph: Graph) throws {
    let tape = Tape()
    let derivation = try tape.derivation(of: graph.record(tape))
    let boxes = derivation.inputs.count + derivation.forward.count + derivation.backward.count
    let dot = derivation.dot.split(separator: "\n").filter { $0.contains("[label=") }
    #expect(dot.count == boxes)
    for line in dot {
      // Quotes that no backslash stands before: those around the label.
      let quotes = line.replacing("\\\\", with: "").replacing("\\\"", with: "").filter { $0 == "\"" }
      #expect(quotes.count == 2, "\(line)")
      #expect(line.hasSuffix("];"))
    }
    let mermaid = derivation.mermaid.split(separator: "\n").filter { $0.contains("\"") }
    #expect(mermaid.count == boxes)
    #expect(mermaid.allSatisfy { $0.filter { "\"`<>\\|".contains($0) }.count == 2 })
  }
}
