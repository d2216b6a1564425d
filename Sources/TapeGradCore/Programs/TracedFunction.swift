/// How a function of groups is traced, and how its results are put together from numbers.
final class TracedFunction<Output: Sendable, each Input: TensorGroup>: Sendable {
  private let function: @Sendable (repeat each Input) throws -> Output
  /// The tensors of each group in a result.
  private let groups: @Sendable (Output) -> [[Value]]
  /// A result with its tensors replaced.
  let replacing: @Sendable (Output, inout ValueCursor) -> Output
  /// How many times one call takes the step, where the function is the step of a loop.
  let rounds: Int
  private let isLoop: Bool
  private let granularity: Granularity

  init(
    _ function: @escaping @Sendable (repeat each Input) throws -> Output,
    groups: @escaping @Sendable (Output) -> [[Value]],
    replacing: @escaping @Sendable (Output, inout ValueCursor) -> Output, rounds: Int? = nil, granularity: Granularity
  ) {
    (self.function, self.groups, self.replacing) = (function, groups, replacing)
    (self.rounds, isLoop, self.granularity) = (rounds ?? 1, rounds != nil, granularity)
  }

  /// The results without a program, for arguments that are recorded or traced.
  func call(_ inputs: borrowing InputList, _ input: repeat each Input) throws -> Output {
    var values = Array(inputs.values), output = try function(repeat each input)
    for _ in 1..<max(rounds, 1) {
      let state = try self.state(of: output, like: inputs)
      values.replaceSubrange(state.indices, with: state)
      var next = values.makeIterator()
      output = try function(repeat (each input).taking(&next))
    }
    return output
  }

  /// The plan for arguments like `inputs`.
  ///
  /// - Throws: what the function throws; `TensorError` where it is no function of its arguments alone, or where its first
  ///   result is no state of a loop.
  func plan(_ inputs: borrowing InputList, _ input: repeat each Input) throws -> PlanEntry<Output> {
    let plain = Array(inputs.values)
    var template: Output?
    func trace() throws -> Trace {
      try Trace(of: plain) { traced in
        var next = traced.makeIterator()
        let output = try function(repeat (each input).taking(&next))
        template = output
        return groups(output).flatMap(\.self)
      }
    }
    let first = try trace(), second = try trace()
    guard first.isSame(as: second), let template else {
      throw defect(
        "two traces differ: the function draws random numbers or reads what changes, and a program would freeze it",
        suggestion: "pass what changes as an argument")
    }
    let states = try isLoop ? state(of: template, like: inputs).count : 0
    let plan = Plan(first.graph.optimized, inputs: plain.count, states: states, granularity)
    return PlanEntry(inputs, plan, template)
  }

  /// The first result, as the next round's first argument.
  private func state(of output: Output, like inputs: borrowing InputList) throws -> [Value] {
    guard rounds > 0 else { throw defect("a step cannot be taken \(rounds) times") }
    let state = groups(output).first ?? []
    let old = inputs.values.prefix(inputs.firstGroupCount)
    guard state.map(\.shape) == old.map(\.shape), state.map(\.scalarType) == old.map(\.scalarType) else {
      throw defect(
        "the first result has shapes \(state.map(\.shape)), and the first argument, whose place it takes, \(old.map(\.shape))"
      )
    }
    return state
  }

  private func defect(_ message: String, suggestion: String? = nil) -> TensorError {
    TensorError(message, suggestion: suggestion).met(by: isLoop ? "repeated" : "compiled", operands: [])
  }
}

extension Graph {
  /// The graph after all passes.
  var optimized: Graph {
    rewritten(by: Identities.rules + TransposeFolding.rules + BroadcastSinking.rules).rewritten()
  }
}
