// What a program does when it is called. Of f = compiled { (x: Tensor<Float>) in 1 * tanh(x) }:
//
//   f(x)                          x of shape (3)       traced twice, planned, run
//   f(y)                          y of shape (3)       run
//   f(z)                          z of shape (5)       traced twice, planned, run
//   gradient(at: x) { f($0)… }    x is recorded        the closure itself runs, and is recorded as if f were not there

/// A function of tensors that was traced into a plan, and replays it: what `compiled` makes.
///
/// It is called like the function. The first call with arguments of new shapes (or of another configuration, say another
/// activation) traces it; the plans of the latest calls are kept. Results are bitwise those of the function itself. Several
/// threads may run a program at once.
///
/// Arguments and results are numbers and nothing else: a sigmoid that goes in or comes out no longer remembers its
/// logits, so take a cross-entropy of it inside.
///
/// Called with tensors that are recorded or traced, the program is the function: gradients pass through it.
public struct Program<Output: Sendable, each Input: TensorGroup>: Sendable {
  private let traced: TracedFunction<Output, repeat each Input>
  private let cache = PlanCache<Output>()

  init(_ traced: TracedFunction<Output, repeat each Input>) { self.traced = traced }

  /// The function's results for these arguments.
  ///
  /// - Throws: the error of a failed argument; what the function throws while it is traced, a `TensorError` where it asks
  ///   for numbers or its operations do not fit; and the error of a primitive that refuses its operands' numbers.
  public func callAsFunction(_ input: repeat each Input) throws -> Output {
    try withUnsafeTemporaryAllocation(of: Value.self, capacity: 24) { memory in
      var inputs = InputList(memory)
      defer { inputs.clear() }
      repeat inputs.append(each input)
      if let error = inputs.error { throw error }
      guard inputs.areDetached else { return try traced.call(inputs, repeat each input) }
      let entry = try entry(for: inputs, repeat each input)
      return try entry.run(inputs.values, rounds: traced.rounds) { cursor in
        traced.replacing(entry.template, &cursor)
      }
    }
  }

  /// The plan for arguments like these, made where there is none yet.
  func entry(for inputs: borrowing InputList, _ input: repeat each Input) throws -> PlanEntry<Output> {
    try cache.entry(for: inputs) { try traced.plan(inputs, repeat each input) }
  }

  /// What the program computes for arguments of such shapes, which need no numbers.
  package func outline(for input: repeat each Input) throws -> ProgramOutline<Output> {
    try traced.outline(repeat each input)
  }

  /// The plan that was used last.
  var latestPlan: Plan? { cache.latest?.plan }
}
