import TapeGradAudit
import TapeGradCore

/// One question for the judge: a recorded loss, gradients derived by hand, and what is known of them.
struct Case<S: TensorScalar> {
  let tape: Tape
  let J: Tensor<S>
  var handDerived: [String: Tensor<S>] = [:]
  var convention: Convention?

  func audit() throws -> Audit {
    try tape.audit(J, handDerived: handDerived, convention: convention, limit: 12)
  }
}

/// What came of one kind of cases.
struct Tally {
  var cases = 0
  var right = 0
  var undecided = 0
  /// What must not be: one line each.
  var failures: [String] = []
}

extension SeededGenerator {
  mutating func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  mutating func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &self) }
  mutating func chance(_ probability: Double) -> Bool { number(0...1) < probability }
  mutating func one<T>(of choices: [T]) -> T { choices[integer(0...choices.count - 1)] }
  mutating func sign() -> Double { chance(0.5) ? 1 : -1 }
  mutating func tensor<S: TensorScalar>(_ shape: Shape, scale: Double = 1) -> Tensor<S> {
    .randomNormal(shape, scale: scale, using: &self)
  }
}
