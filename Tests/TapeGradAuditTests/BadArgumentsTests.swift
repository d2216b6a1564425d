import TapeGradAudit
import TapeGradCore
import Testing

/// Arguments that once stopped the process.
struct BadArgumentsTests {
  private let x = Tensor<Double>([0.5, 2])

  @Test("a limit or an order below 1 is an error", arguments: [0, -1, .min])
  func limits(_ number: Int) {
    let tape = Tape()
    let v = tape.variable(x, named: "v"), J = (v * v).sum().named("J")
    #expect(throws: TensorError.self) { try tape.audit(J, limit: number) }
    #expect(throws: TensorError.self) { try checkGradient(at: x, limit: number) { ($0 * $0).sum() } }
    #expect(throws: TensorError.self) { try checkGradient(at: x, order: number) { ($0 * $0).sum() } }
  }

  private typealias Reader = @Sendable (Tape, Tensor<Double>) throws -> Void

  /// What reads numbers of a tape.
  private static let readers: [(name: String, read: Reader)] = [
    ("audit", { tape, J in _ = try tape.audit(J) }),
    ("audit of one node", { tape, J in _ = try tape.audit(J, handDerived: ["v": J]) }),
    ("description", { tape, _ in _ = "\(tape)" }),
    ("tensor", { _, J in _ = "\(J)" }),
    ("gradients", { tape, J in _ = try "\(tape.gradients(of: J))" }),
    ("derivation", { tape, J in _ = try "\(tape.derivation(of: J))" }),
    ("checkGradient", { _, J in _ = try checkGradient(at: J) { $0 * $0 } }),
    ("checkPushforward", { _, J in try checkPushforward(at: J) { $0 * $0 } }),
    ("checkTaylorRemainder", { _, J in _ = try checkTaylorRemainder(at: J) { $0 * $0 } }),
  ]

  @Test("what reads numbers, while a function is traced, throws or does without", arguments: readers.indices)
  func traced(_ row: Int) throws {
    let (name, read) = Self.readers[row]
    let program = compiled { (x: Tensor<Double>) in
      let tape = Tape()
      let v = tape.variable(x, named: "v"), J = (v * tanh(v)).sum().named("J")
      try read(tape, J)
      return J
    }
    do {
      _ = try program(x)
    } catch {
      #expect((error as? TensorError)?.message.contains("traced") == true, "\(name): \(error)")
    }
  }
}
