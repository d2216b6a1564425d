import TapeGradAudit
import TapeGradCore
import Testing

struct PlantedSlipTests {
  private func audit() throws -> Audit {
    let tape = Tape()
    let w = tape.variable(Tensor<Double>([[0.5, -0.25], [0.1, 0.3]]), named: "W")
    let x = tape.constant(Tensor<Double>([[1, 0.5, -1], [2, 1, 0.25]]), named: "X")
    let a = tanh(matmul(w, x).named("Z")).named("A")
    return try tape.audit((a * a).mean().named("J"))
  }

  @Test("a planted slip is found at its node, and what lies behind has inherited it")
  func found() throws {
    let audit = try audit()
    for slip in PlantedSlip.allCases {
      let planted = try #require(try audit.planting(slip, at: "Z"), "\(slip)")
      #expect(planted.firstWrong?.name == "Z" && planted.firstWrong?.fault == .rule("tanh"), "\(slip): \(planted)")
      #expect(planted.rows.first { $0.name == "W" }?.fault == .inherited(from: "Z"), "\(slip)")
      #expect(planted.rows.first { $0.name == "A" }?.verdict == .right, "\(slip)")
    }
    #expect(audit.isRight)
  }

  @Test("a slip without a meaning at a node is not planted")
  func meaningless() throws {
    let audit = try audit()
    #expect(try audit.planting(.derivative, at: "W") == nil)  // matmul is not an element-wise function
    #expect(try audit.planting(.sign, at: "X") == nil)  // a constant has no gradient
    #expect(try audit.planting(.sign, at: "nothing") == nil)
    #expect(audit.plantable.count == 8)
  }
}
