/// What a group holds: its tensors, and what it stores beside them.
struct GroupContents {
  let values: [Value]
  private let configuration: (Int, Int)

  init(_ group: some TensorGroup) {
    var first = Hasher(), second = Hasher()
    group.hashConfiguration(into: &first)
    group.hashConfiguration(into: &second)
    (values, configuration) = (group.values, (first.finalize(), second.finalize()))
  }

  /// Whether something else than tensors differs; false where it cannot be compared, which has another hash each time.
  func differs(from other: GroupContents) -> Bool {
    let canBeCompared = configuration.0 == configuration.1 && other.configuration.0 == other.configuration.1
    return canBeCompared && configuration.0 != other.configuration.0
  }
}

/// How a function of groups is traced, and how its results are put together from numbers.
final class TracedFunction<Output: Sendable, each Input: TensorGroup>: Sendable {
  private let function: @Sendable (repeat each Input) throws -> Output
  /// What each group in a result holds.
  private let groups: @Sendable (Output) -> [GroupContents]
  /// A result with its tensors replaced.
  let replacing: @Sendable (Output, inout ValueCursor) -> Output
  /// How many times one call takes the step, where the function is the step of a loop.
  let rounds: Int
  private let isLoop: Bool
  private let granularity: Granularity

  init(
    _ function: @escaping @Sendable (repeat each Input) throws -> Output,
    groups: @escaping @Sendable (Output) -> [GroupContents],
    replacing: @escaping @Sendable (Output, inout ValueCursor) -> Output, rounds: Int? = nil, granularity: Granularity
  ) {
    (self.function, self.groups, self.replacing) = (function, groups, replacing)
    (self.rounds, isLoop, self.granularity) = (rounds ?? 1, rounds != nil, granularity)
  }

  /// The results without a program, for arguments that are recorded or traced.
  func call(_ inputs: borrowing InputList, _ input: repeat each Input) throws -> Output {
    var values = Array(inputs.values), output = try function(repeat each input)
    if !isLoop { return output }
    var state = try state(of: output, replacing: repeat each input)
    for _ in 1..<rounds {
      values.replaceSubrange(state.indices, with: state)
      var next = values.makeIterator()
      output = try function(repeat (each input).taking(&next))
      state = try self.state(of: output, replacing: repeat each input)
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
        return groups(output).flatMap(\.values)
      }
    }
    let first = try trace(), second = try trace()
    guard first.isSame(as: second), let template else {
      throw defect(
        "two traces differ: the function draws random numbers or reads what changes, and a program would freeze it",
        suggestion: "pass what changes as an argument")
    }
    let states = try isLoop ? state(of: template, replacing: repeat each input).count : 0
    let plan = Plan(first.graph.optimized, inputs: plain.count, states: states, granularity)
    return PlanEntry(inputs, plan, template)
  }

  /// The first result, as the next round's first argument.
  ///
  /// - Throws: the error of any failed result.
  private func state(of output: Output, replacing input: repeat each Input) throws -> [Value] {
    guard rounds > 0 else { throw defect("a step cannot be taken \(rounds) times") }
    let results = groups(output)
    for value in results.flatMap(\.values) { if let error = value.content.error { throw error } }
    guard let state = results.first else { return [] }
    for argument in repeat each input {
      let old = GroupContents(argument)
      guard state.values.map(\.shape) == old.values.map(\.shape),
        state.values.map(\.scalarType) == old.values.map(\.scalarType)
      else {
        throw defect(
          "the first result has shapes \(state.values.map(\.shape)), and the first argument, whose place it takes, "
            + "\(old.values.map(\.shape))")
      }
      if state.differs(from: old) {
        throw defect(
          "the first result differs from the first argument, whose place it takes, in what it stores beside tensors",
          suggestion: "keep what changes from round to round in tensors")
      }
      break
    }
    return state.values
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
