// `compiled` from end to end, for { x in 1 * tanh(x) } and an x of shape (3):
//
//   stage          what there is afterwards                                        where
//   1. trace       0 leaf x    1 tanh 0    2 scale 1, by 1        on shapes        Tracing/
//   2. lower       v0 = input 0    v1 = tanh v0    v2 = 1 × v1    kernels' words   Graphs/
//   3. optimize    v0 = input 0    v1 = tanh v0                   less work        Passes/
//   4. plan        1. tanh on 3 elements of input 0 → storage     memory, threads  Planning/
//   a call         a kernel, on pointers                                           Running/
//
// A group of tensors goes in and comes out: the closure sees its own types (a network, a tuple), while everything
// behind it sees a flat list of values. The results' structure is kept from the trace, as a template into which each
// call's numbers are put.

/// What a group holds: its tensors, and what it stores beside them.
struct GroupContents {
  let values: [Value]
  /// The tensors' names in the group.
  let names: [String]
  private let configuration: (Int, Int)

  init(_ group: some TensorGroup) {
    var first = Hasher(), second = Hasher()
    group.hashConfiguration(into: &first)
    group.hashConfiguration(into: &second)
    names = group.tensors.map(\.name)
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
  /// - Throws: what the function throws; `TensorError` where it is not a function of its arguments alone, or where its first
  ///   result is not a state of a loop.
  func plan(_ inputs: borrowing InputList, _ input: repeat each Input) throws -> PlanEntry<Output> {
    for group in repeat each input { try group.validateStructure() }
    // 1. Trace: what the function does, as a tape of primitives on shapes.
    let (trace, template) = try trace(Array(inputs.values), repeat each input)
    let states = try isLoop ? state(of: template, replacing: repeat each input).count : 0
    // 2. Lower: the same in the kernels' words, as a graph.
    let lowered = trace.lowered
    // 3. Optimize: a graph with the same results for less work; of a loop, also what is done once before it.
    let optimized = OptimizedGraph(lowered, arguments: trace.inputCount, states: states)
    // 4. Plan: instructions on memory, in order, for so many threads.
    let plan = Plan(optimized, granularity)
    var arguments: [any Sendable] = []
    repeat arguments.append((each input).withoutNumbers)
    return PlanEntry(inputs, arguments, plan, template)
  }

  /// What the function does on arguments like these, for exporters; and how its results are put together.
  ///
  /// - Throws: as `plan` does.
  func outline(_ input: repeat each Input) throws -> ProgramOutline<Output> {
    var arguments: [GroupContents] = []
    for group in repeat each input {
      try group.validateStructure()
      arguments.append(GroupContents(group))
    }
    let (trace, template) = try trace(arguments.flatMap(\.values), repeat each input)
    let states = try isLoop ? state(of: template, replacing: repeat each input).count : 0
    let graph = try ProgramGraph(
      trace, arguments: arguments, results: groups(template), states: states, rounds: isLoop ? rounds : nil)
    return ProgramOutline(graph: graph, template: template, replacing: replacing)
  }

  /// What the function does on shapes like those of `detached`, and its results, whose structure is that of every result.
  ///
  /// It runs twice. A function of its arguments does the same both times; one that draws random numbers or reads a clock
  /// does not, and a program would repeat the first time for ever.
  private func trace(_ detached: [Value], _ input: repeat each Input) throws -> (Trace, Output) {
    let names = Self.names(repeat each input)
    func once() throws -> (Trace, Output) {
      var template: Output?
      let trace = try Trace(of: detached, named: names) { traced in
        var next = traced.makeIterator()
        let output = try function(repeat (each input).taking(&next))
        template = output
        return groups(output).flatMap(\.values)
      }
      guard let template else { fatalError("a trace without results") }
      return (trace, template)
    }
    let (first, second) = (try once().0, try once())
    guard first.isSame(as: second.0) else {
      throw defect(
        "two traces differ: the function draws random numbers or reads what changes, and a program would freeze it",
        suggestion: "pass what changes as an argument")
    }
    return second
  }

  /// What plans call the arguments' tensors: `W1` as a group calls it; nothing where its name is a number or empty, as in
  /// arrays, or was taken by an earlier argument.
  private static func names(_ input: repeat each Input) -> [String?] {
    var names: [String?] = [], taken: Set<String> = []
    for group in repeat each input {
      for (name, _) in group.tensors {
        let isName = name.first?.isLetter == true && taken.insert(name).inserted
        names.append(isName ? name : nil)
      }
    }
    return names
  }

  /// The first result, as the next round's first argument.
  ///
  /// - Throws: the error of any failed result.
  private func state(of output: Output, replacing input: repeat each Input) throws -> [Value] {
    guard rounds > 0 else { throw defect("a step cannot be taken \(rounds) times") }
    let results = groups(output)
    for value in results.flatMap(\.values) { if let error = value.content.error { throw error } }
    guard let state = results.first else { return [] }
    var argumentCount = 0
    for _ in repeat each input { argumentCount += 1 }
    if argumentCount == 0 { throw defect("the step has no argument whose position its first result could take") }
    for argument in repeat each input {
      let old = GroupContents(argument)
      guard state.values.map(\.shape) == old.values.map(\.shape),
        state.values.map(\.scalarType) == old.values.map(\.scalarType)
      else {
        throw defect(
          "the first result has shapes \(state.values.map(\.shape)), and the first argument, whose position it takes, "
            + "\(old.values.map(\.shape))")
      }
      if state.differs(from: old) {
        throw defect(
          "the first result differs from the first argument, whose position it takes, in what it stores beside tensors",
          suggestion: "keep what changes from round to round in tensors")
      }
      break
    }
    return state.values
  }

  private func defect(_ message: String, suggestion: String? = nil) -> TensorError {
    TensorError(message, suggestion: suggestion).within(operation: isLoop ? "repeated" : "compiled", operands: [])
  }
}
