// The outcome of `compiled`: everything that can be decided before numbers are there. Of J = Σ (V·A)² with
// A = tanh(W·X + b), for W of shape (4, 3), X (3, 50), b (4, 1) and V (2, 4) in Float:
//
//   instructions   1. product W·X + b, then tanh on blocks of it
//                  2. product V·A, then square and sum
//   steps          tanh, square, sum                 of all instructions, one after the other
//   buffers        W, X, b, V, A, J                  where the numbers will be
//   arenaBytes     832                               A: 4 · 50 · 4 bytes, in whole cache lines
//   results        buffer 5, as ()
//
// A call brings a `Workspace`, memory for all of this, and an `Interpreter` that goes through the instructions.

/// What a program does and where: instructions in order, and the memory that they work on. Immutable; every run brings a
/// workspace of its own.
final class Plan: Sendable {
  let instructions: [Instruction]
  /// What the instructions of two kinds refer to.
  let fused: [FusedInstruction]
  let copies: [CopyInstruction]
  let steps: [BlockStep]
  let opaqueCalls: [OpaqueCall]
  let buffers: [Buffer]
  let constants: [ArrayStorage]
  /// The buffers that lie in others.
  let parts: [(buffer: BufferIndex, whole: BufferIndex, start: Int)]
  /// The buffer of each argument; nil where it is not read.
  let inputs: [BufferIndex?]
  /// The results: each a buffer, read in a shape.
  let results: [(buffer: BufferIndex, shape: Shape)]
  /// The bytes that values inside the program take, shared by those that are not alive at the same time.
  let arenaBytes: Int
  /// How many threads any instruction is worth.
  let threads: Int
  /// The bytes that one thread needs for blocks and packed operands.
  let scratchBytes: Int
  /// The graph that was planned, and for each node the buffer that holds it, where it is in memory.
  let graph: Graph
  let bufferOf: Table<Graph.Node, BufferIndex?>
  /// The slices that are read where they lie.
  let views: Views
  /// The nodes that only the last round of a loop needs.
  let isLastRoundOnly: Table<Graph.Node, Bool>

  /// How the state of a loop goes from one round to the next.
  let loop: LoopState
  /// What is done once, before a loop. It takes the same arguments, and its results are the loop's last ones.
  let before: Plan?

  /// Where it is the step of a scan, and one that C carries out as often as asked.
  let elementwiseRound: ElementwiseRound?

  /// Plans a graph that went through the passes: in what order, what together, where in memory, on how many threads.
  init(_ optimized: OptimizedGraph, _ granularity: Granularity = .standard) {
    before = optimized.before.map {
      Plan(OptimizedGraph(planned: $0, arguments: optimized.arguments), granularity)
    }
    let graph = optimized.graph
    let schedule = Schedule(graph, isStep: optimized.isStep)
    let writer = InstructionWriter(
      schedule, inputs: optimized.inputs, states: optimized.states, granularity)
    self.graph = graph
    instructions = writer.instructions
    (fused, copies) = (writer.fused, writer.copies)
    threads = writer.instructions.map(\.threads).max() ?? 1
    steps = writer.steps
    opaqueCalls = writer.opaqueCalls
    buffers = writer.buffers
    parts = writer.buffers.enumerated().compactMap { index, buffer in
      if case .part(let whole, let start) = buffer.home { (BufferIndex(index), whole, start) } else { nil }
    }
    constants = graph.constants
    inputs = writer.inputs
    loop = writer.loop
    results = graph.results.map { (writer.buffer(graph.root($0)), graph[$0].shape) }
    arenaBytes = writer.arenaBytes
    scratchBytes = writer.scratchBytes
    bufferOf = writer.bufferOf
    views = schedule.views
    isLastRoundOnly = writer.isLastRoundOnly
    elementwiseRound = optimized.isStep ? ElementwiseRound(writer) : nil
  }
}
