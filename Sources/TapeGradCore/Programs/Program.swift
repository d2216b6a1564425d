/// A function of tensors that was traced into a plan, and replays it: what ``compiled(_:)`` makes.
///
/// It is called like the function. The first call with arguments of new shapes (or of another configuration, say another
/// activation) traces it; the plans of the latest calls are kept. Results are bitwise those of the function itself. Several
/// threads may run a program at once.
///
/// Called with tensors that are recorded or traced, the program is the function: gradients pass through it.
public struct Program<Output: Sendable, each Input: TensorGroup>: Sendable {
  private let function: @Sendable (repeat each Input) throws -> Output
  private let values: @Sendable (Output) -> [Value]
  private let replacing: @Sendable (Output, inout ValueCursor) -> Output
  private let cache = PlanCache<Output>()

  init(
    _ function: @escaping @Sendable (repeat each Input) throws -> Output,
    values: @escaping @Sendable (Output) -> [Value],
    replacing: @escaping @Sendable (Output, inout ValueCursor) -> Output
  ) {
    self.function = function
    self.values = values
    self.replacing = replacing
  }

  /// The function's results for these arguments.
  ///
  /// - Throws: the error of a failed argument; what the function throws while it is traced, a `TensorError` where it asks
  ///   for numbers or its operations do not fit; and the error of a primitive that refuses its operands' numbers.
  public func callAsFunction(_ input: repeat each Input) throws -> Output {
    try withUnsafeTemporaryAllocation(of: Value.self, capacity: 64) { memory in
      var inputs = InputList(memory)
      defer { inputs.clear() }
      repeat inputs.append(each input)
      if let error = inputs.error { throw error }
      guard inputs.arePlain else { return try function(repeat each input) }
      let entry = try cache.entry(for: inputs) { try prepare(inputs, repeat each input) }
      return try entry.run(inputs.values) { cursor in replacing(entry.template, &cursor) }
    }
  }

  private func prepare(_ inputs: borrowing InputList, _ input: repeat each Input) throws -> PlanEntry<Output> {
    var template: Output?
    func trace() throws -> Trace {
      try Trace(of: Array(inputs.values)) { traced in
        var next = traced.makeIterator()
        let output = try function(repeat (each input).taking(&next))
        template = output
        return values(output)
      }
    }
    let first = try trace(), second = try trace()
    guard first.isSame(as: second), let template else { throw TensorError.notPure }
    return PlanEntry(inputs, Plan(first.graph.optimized), template)
  }
}

extension TensorError {
  /// Two traces of the same function differ.
  fileprivate static var notPure: TensorError {
    TensorError(
      "two traces of the function differ: it draws random numbers or reads something that changes, which the program would freeze",
      suggestion: "pass what changes as an argument"
    ).met(by: "compiled", operands: [])
  }
}

extension Graph {
  /// The graph after all passes.
  var optimized: Graph {
    rewritten(by: Identities.rules + TransposeFolding.rules + BroadcastSinking.rules).rewritten()
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
  Program(
    function,
    values: { output in
      var values: [Value] = []
      repeat values.append(contentsOf: (each output).values)
      return values
    },
    replacing: { output, cursor in (repeat (each output).taking(&cursor)) })
}
