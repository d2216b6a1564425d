// Functions as programs. A closure of several statements that returns one group needs the overloads without a pack of
// results: the compiler does not infer a pack from it.
//
// What it is for, on a small case. Run as it stands, tanh(matmul(w, x) + b).sum() makes four arrays of 200 numbers, one
// after the other, and reads each of them again. Its program reads W, X and b and writes one number, as its plan shows:
//
//   let f = compiled { (w: Tensor<Float>, x: Tensor<Float>, b: Tensor<Float>) in
//     tanh(matmul(w, x) + b).sum()
//   }
//
//   1. product and sum, 2 steps on 4 × 50, blocks of 4 × 50
//        v3 (4, 50) = input 0 · input 1
//        v5 (4, 50) = v3 + input 2
//        v6 (4, 50) = tanh v5
//        v7 (1, 1) = sum of v6  → storage of its own
//
// The bits are the same either way. TracedFunction.swift has the stages from the closure to the plan.

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
@_disfavoredOverload
public func compiled<each Input: TensorGroup, each Output: TensorGroup>(
  _ function: @escaping @Sendable (repeat each Input) throws -> (repeat each Output)
) -> Program<(repeat each Output), repeat each Input> {
  program(function, rounds: nil, .standard)
}

/// Makes a program of a function with one result: traced once for each set of argument shapes, then replayed.
public func compiled<each Input: TensorGroup, Output: TensorGroup>(
  _ function: @escaping @Sendable (repeat each Input) throws -> Output
) -> Program<Output, repeat each Input> {
  program(function, rounds: nil, .standard)
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
/// The state is updated in place where nothing reads the old one any more. Traced and called as `compiled` says. A first
/// result that is not shaped like the first argument, or differs from it in what it stores beside tensors, is an error;
/// so is a failure in any of the steps.
@_disfavoredOverload
public func repeated<each Input: TensorGroup, each Output: TensorGroup>(
  _ count: Int, _ step: @escaping @Sendable (repeat each Input) throws -> (repeat each Output)
) -> Program<(repeat each Output), repeat each Input> {
  program(step, rounds: count, .standard)
}

/// Makes a program that takes a step with one result `count` times in one call: the result is the next step's first
/// argument.
public func repeated<each Input: TensorGroup, State: TensorGroup>(
  _ count: Int, _ step: @escaping @Sendable (repeat each Input) throws -> State
) -> Program<State, repeat each Input> {
  program(step, rounds: count, .standard)
}

/// A program, or the loop of one, whose work is cut as finely as said.
@_disfavoredOverload
package func program<each Input: TensorGroup, each Output: TensorGroup>(
  _ function: @escaping @Sendable (repeat each Input) throws -> (repeat each Output), rounds: Int?,
  _ granularity: Granularity
) -> Program<(repeat each Output), repeat each Input> {
  Program(
    TracedFunction(
      function,
      groups: { output in
        var groups: [GroupContents] = []
        repeat groups.append(GroupContents(each output))
        return groups
      },
      replacing: { output, cursor in (repeat (each output).taking(&cursor)) }, rounds: rounds,
      granularity: granularity))
}

package func program<each Input: TensorGroup, Output: TensorGroup>(
  _ function: @escaping @Sendable (repeat each Input) throws -> Output, rounds: Int?, _ granularity: Granularity
) -> Program<Output, repeat each Input> {
  Program(
    TracedFunction(
      function, groups: { [GroupContents($0)] }, replacing: { $0.taking(&$1) }, rounds: rounds, granularity: granularity
    ))
}
