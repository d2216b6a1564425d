import TapeGradAudit
import TapeGradCore
import Testing

/// A factor is a forgotten mean only where the tape has one, and the notes' convention is one for all nodes.
struct FactorTests {
  typealias Loss = @Sendable (Tensor<Double>) -> Tensor<Double>

  /// A loss of residuals (3, 5), a factor by which a gradient is off, and what explains it.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let factor: Double
    let slip: Slip
    let loss: Loss

    init(_ name: String, times factor: Double, _ slip: Slip, _ loss: @escaping Loss) {
      (testDescription, self.factor, self.slip, self.loss) = (name, factor, slip, loss)
    }
  }

  private static let rows = [
    Row("a sum has no mean", times: 5, .tooLarge(5)) { square($0).sum() },
    Row("a sum has no mean twice", times: 1.0 / 15, .tooSmall(15)) { square($0).sum() },
    Row("the mean of all", times: 15, .meanMissing(15)) { square($0).mean() },
    Row("the mean of all, over its columns", times: 5, .meanMissing(5)) { square($0).mean() },
    Row("the mean of all, and another number", times: 2, .tooLarge(2)) { square($0).mean() },
    Row("the mean of all, and the square of its rows", times: 9, .tooLarge(9)) { square($0).mean() },
    Row("a mean over columns", times: 1.0 / 5, .meanTwice(5)) { square($0).mean(axis: 1).sum() },
    Row("a mean over columns, and the number of rows", times: 4, .tooLarge(4)) { square($0).mean(axis: 1).sum() },
    Row("a sum divided by m", times: 5, .meanMissing(5)) { square($0).sum() / 5 },
    Row("a sum times 1/m", times: 5, .meanMissing(5)) { (1.0 / 5) * square($0).sum() },
    Row("a sum times a number that is no 1/n", times: 5, .tooLarge(5)) { 0.7 * square($0).sum() },
  ]

  @Test("a factor is a missing 1/n only where a mean over n stands on the way", arguments: rows)
  func factor(_ row: Row) throws {
    let audit = try audit(row.loss, .partialDerivatives) { row.factor * $0 }
    #expect(audit.firstWrong?.fault == .handDerived(row.slip), "\(audit.conclusion)")
  }

  @Test("a factor before the mean is not the mean's")
  func before() throws {
    let tape = Tape()
    let w = tape.variable(Tensor([[0.3, -1.0]]), named: "w"), x = Tensor([[1.0, 2, 3], [0, 1, -1]])
    let z = matmul(w, x).named("z"), mean = z.mean().named("mean")
    let J = square(mean)
    let dmean = 2 * (try mean.item)
    let audit = try tape.audit(J, handDerived: ["mean": Tensor(3 * dmean), "z": .ones([1, 3]) * (dmean / 3)])
    #expect(audit.rows.first { $0.name == "mean" }?.fault == .handDerived(.tooLarge(3)))
  }

  private static let losses: [(name: String, isPerExample: Bool, loss: Loss)] = [
    ("the mean of all", true, { square($0).mean() }),
    ("the mean over the columns of sums over rows", true, { square($0).sum(axis: 0).mean() }),
    ("a sum divided by m", true, { square($0).sum() / 5 }),
    ("a sum", false, { square($0).sum() }),
    ("a mean over another number", false, { square($0).sum() / 7 }),
    ("a mean over rows", false, { square($0).mean(axis: 0).sum() }),
  ]

  @Test("m times the derivative is the notes' convention only where a mean over m was taken", arguments: losses.indices)
  func convention(_ k: Int) throws {
    let (name, isPerExample, loss) = Self.losses[k]
    let audit = try audit(loss) { 5 * $0 }
    #expect(audit.verdict == (isPerExample ? .right : .wrong), "\(name): \(audit.conclusion)")
    if isPerExample { #expect("\(audit)".contains("right in the notes' convention: m·∂J/∂z")) }
  }

  @Test("one node in the notes' convention and another not is a slip", arguments: ["z", "a"])
  func mixed(_ name: String) throws {
    let tape = Tape()
    let w = tape.variable(Tensor([[0.3, -1.0]]), named: "w"), x = Tensor([[1.0, 2, 3], [0, 1, -1]])
    let z = matmul(w, x).named("z"), a = tanh(z).named("a")
    let J = square(a).mean()
    let da = 2 * a / 3, dz = da * (1 - a * a), dw = matmul(dz, x.transposed)
    func audit(_ times: [String: Double]) throws -> Audit {
      let byHand = ["a": (times["a"] ?? 1) * da, "z": (times["z"] ?? 1) * dz, "w": dw]
      return try tape.audit(J, handDerived: byHand)
    }
    #expect(try audit([:]).isRight && audit(["a": 3, "z": 3]).isRight)
    #expect(try audit([name: 3]).firstWrong?.name == name)
    #expect(try audit([name: 3]).firstWrong?.fault == .handDerived(.meanMissing(3)))
  }

  /// Audits a loss of `z = 2·x`, whose gradient derived by hand is the tape's after a change.
  private func audit(
    _ loss: Loss, _ convention: Convention? = nil, change: (Tensor<Double>) -> Tensor<Double>
  ) throws -> Audit {
    var generator = SeededGenerator(seed: 5)
    let tape = Tape()
    let x = tape.variable(Tensor<Double>.randomNormal([3, 5], using: &generator), named: "x")
    let z = (2 * x).named("z"), J = loss(z)
    return try tape.audit(J, handDerived: ["z": change(tape.gradients(of: J)[z])], convention: convention)
  }
}
