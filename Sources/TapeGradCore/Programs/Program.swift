/// A function of tensors that was traced into a plan, and replays it: what ``compiled(_:)`` makes.
///
/// It is called like the function. The first call with arguments of new shapes (or of another configuration, say another
/// activation) traces it; the plans of the latest calls are kept. Results are bitwise those of the function itself. Several
/// threads may run a program at once.
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
      guard inputs.arePlain else { return try traced.call(inputs, repeat each input) }
      let entry = try cache.entry(for: inputs) { try traced.plan(inputs, repeat each input) }
      return try entry.run(inputs.values, rounds: traced.rounds) { cursor in
        traced.replacing(entry.template, &cursor)
      }
    }
  }
}

/// Makes a program of a function: traced once for each set of argument shapes, then replayed.
/// ```swift
/// let step = compiled { (network: TwoLayerNetwork<Float>, x: Tensor<Float>, y: Tensor<Float>, rate: Tensor<Float>) in
///   let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(x, labels: y) }
///   return (network.moved(along: gradient, by: -rate), loss)
/// }
/// for _ in 0..<1000 { (network, loss) = try step(network, x, y, rate) }
/// ```
/// What the function captures is constant in the program; what varies (a learning rate, random numbers) is an argument.
/// While it is traced, tensors have shapes and no numbers: asking for some throws, and so does a function whose trace
/// differs from one time to the next, as one that draws random numbers does.
public func compiled<each Input: TensorGroup, each Output: TensorGroup>(
  _ function: @escaping @Sendable (repeat each Input) throws -> (repeat each Output)
) -> Program<(repeat each Output), repeat each Input> {
  Program(TracedFunction(function, groups: groups, replacing: replacing))
}

/// Makes a program that takes a step `count` times in one call: the first result is the next step's first argument, the
/// other arguments stay. The results are those of the last step.
/// ```swift
/// let train = repeated(100) { (network: TwoLayerNetwork<Float>, x: Tensor<Float>, y: Tensor<Float>) in
///   let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(x, labels: y) }
///   return (network.moved(along: gradient, by: -0.5), loss)
/// }
/// (network, loss) = try train(network, x, y)
/// ```
/// The state is updated in place where nothing reads the old one any more. Traced and called as ``compiled(_:)`` says; a
/// first result that is not shaped like the first argument is an error.
public func repeated<each Input: TensorGroup, each Output: TensorGroup>(
  _ count: Int, _ step: @escaping @Sendable (repeat each Input) throws -> (repeat each Output)
) -> Program<(repeat each Output), repeat each Input> {
  Program(TracedFunction(step, groups: groups, replacing: replacing, rounds: count, isLoop: true))
}

/// The tensors of each group.
@Sendable private func groups<each G: TensorGroup>(of groups: (repeat each G)) -> [[Value]] {
  var values: [[Value]] = []
  repeat values.append((each groups).values)
  return values
}

/// Groups with their tensors replaced.
@Sendable private func replacing<each G: TensorGroup>(
  _ groups: (repeat each G), _ cursor: inout ValueCursor
) -> (repeat each G) {
  (repeat (each groups).taking(&cursor))
}
