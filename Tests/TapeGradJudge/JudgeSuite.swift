import TapeGradAudit
import TapeGradCore

/// Puts the judge to the test: right gradients in hard places, and planted faults.
public struct JudgeSuite {
  private(set) var innocents: [(kind: String, tally: Tally)] = []
  private(set) var faults: [(kind: String, tally: Tally)] = []
  private let seed: UInt64

  /// Runs about `count` cases of each of the two.
  public init(count: Int, seed: UInt64, verbose: Bool = false) throws {
    self.seed = seed
    for (k, kind) in Innocents.kinds.enumerated() {
      var tally = Tally()
      for run in 0..<Self.share(count, k, of: Innocents.kinds.count) {
        var generator = Self.generator(seed, k, run)
        let audit = try kind.audit(&generator)
        tally.cases += 1
        switch audit.verdict {
        case .right: tally.right += 1
        case .undecided:
          tally.undecided += 1
          if verbose { print(kind.name, run, audit.conclusion) }
        case .wrong: tally.failures.append("run \(run): \(audit.conclusion)")
        }
        if audit.isRight, let number = audit.firstNonFinite {
          tally.failures.append("run \(run): right, and \(number)")
        }
        if "\(audit)".contains("nan ±") { tally.failures.append("run \(run): a number that is none has an error") }
      }
      innocents.append((kind.name, tally))
    }
    for (k, kind) in Faults.kinds.enumerated() {
      var tally = Tally()
      let share = Self.share(count, k, of: Faults.kinds.count)
      for run in 0..<20 * share where tally.cases < share {
        var generator = Self.generator(seed, 1000 + k, run)
        // A change may change nothing: a transposed number, a slip in a gradient of 0. Then another is planted.
        guard let planted = try kind.plant(&generator) else { continue }
        tally.cases += 1
        switch planted.outcome {
        case .found: tally.right += 1
        case .unresolved:
          tally.undecided += 1
          if verbose { print(kind.name, run, planted.fault, planted.node, planted.audit) }
        case .failed(let reason): tally.failures.append("run \(run): \(reason); said: \(planted.audit.conclusion)")
        }
      }
      faults.append((kind.name, tally))
    }
  }

  private static func generator(_ seed: UInt64, _ kind: Int, _ run: Int) -> SeededGenerator {
    SeededGenerator(seed: (seed &* 10_000 &+ UInt64(kind)) &* 1_000_000 &+ UInt64(run))
  }

  private static func share(_ count: Int, _ k: Int, of kinds: Int) -> Int {
    (count * (k + 1)) / kinds - count * k / kinds
  }

  /// What must not be: one line each.
  public var failures: [String] {
    (innocents + faults).flatMap { kind, tally in tally.failures.map { "\(kind), \($0)" } }
  }

  /// The counts, by kind.
  public var table: String {
    func lines(_ rows: [(kind: String, tally: Tally)], _ header: [String]) -> [String] {
      let all = rows.reduce(into: Tally()) { sum, row in
        sum.cases += row.tally.cases
        sum.right += row.tally.right
        sum.undecided += row.tally.undecided
        sum.failures += row.tally.failures
      }
      let cells =
        [header]
        + (rows + [("all", all)]).map { kind, tally in
          [kind, "\(tally.cases)", "\(tally.right)", "\(tally.undecided)", "\(tally.failures.count)"]
        }
      return cells.map { row in
        row[0].padding(to: 44)
          + row.dropFirst().map { String(repeating: " ", count: max(0, 12 - $0.count)) + $0 }.joined()
      }
    }
    return
      (["seed \(seed)", ""] + lines(innocents, ["innocent runs", "runs", "right", "undecided", "convicted"]) + [""]
      + lines(faults, ["planted faults", "planted", "found", "unresolved", "missed"])).joined(separator: "\n")
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension Planted {
  enum Outcome {
    case found
    /// Too small for differences to see.
    case unresolved
    case failed(String)
  }

  var outcome: Outcome {
    guard let wrong = audit.firstWrong else { return isResolved ? .failed("missed at \(node)") : .unresolved }
    if wrong.name != node { return isResolved ? .failed("planted at \(node)") : .unresolved }
    switch (fault, wrong.fault) {
    case (.rule(let planted), .rule(let named)):
      return planted == named ? .found : .failed("planted in the rule of \(planted)")
    case (.handDerived(let planted), .handDerived(let named)):
      if let named, !isExplained(named) { return .failed("nothing on the tape explains \(named)") }
      if planted == named || named != nil && named == alternative { return .found }
      // Numbers may have more than one explanation: of 0 and 1 alone, or of a single element.
      if let planted { return isAmbiguous ? .found : .failed("planted \(planted)") }
      return isAmbiguous || named == nil ? .found : .failed("no slip was planted")
    default: return .failed("planted \(fault)")
    }
  }

  /// Whether differences tell the wrong gradient from the right one, by their own error estimate, in an element that was
  /// checked.
  private var isResolved: Bool {
    guard let row = audit.rows.first(where: { $0.name == node }) else { return false }
    guard row.handDerived?.shape ?? row.shape == row.shape, let numerical = row.numerical else { return true }
    let largest = right.reduce(0) { max($0, abs($1)) }
    return numerical.elements.contains { element in
      let offset = zip(element.index, row.shape.dimensions).reduce(0) { $0 * $1.1 + $1.0 }
      guard distances.indices.contains(offset), element.numerical.error.isFinite else { return false }
      return distances[offset] > 2 * element.numerical.error + 1e-6 * abs(right[offset]) + hidden * largest
    }
  }

  /// Whether the tape has what the slip says.
  private func isExplained(_ slip: Slip) -> Bool {
    switch slip {
    case .meanMissing(let n), .meanTwice(let n): means.contains(n)
    default: true
    }
  }

  /// Whether few different numbers stand in the gradient, so that several slips may give the same.
  private var isAmbiguous: Bool { Set(right.filter { $0 != 0 }).count <= 1 }
}
