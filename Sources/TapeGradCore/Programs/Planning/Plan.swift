/// What a program does and where: instructions in order, and the memory that they work on. Immutable; every run brings a
/// workspace of its own.
final class Plan: Sendable {
  let instructions: [Instruction]
  let steps: [BlockStep]
  let opaqueCalls: [OpaqueCall]
  let buffers: [Buffer]
  let constants: [ArrayStorage]
  /// The buffer of each argument; −1 where it is not read.
  let inputs: [Int]
  /// The results: each a buffer, read in a shape.
  let results: [(buffer: Int, shape: Shape)]
  /// The bytes that values inside the program take, shared by those that are not alive at the same time.
  let arenaBytes: Int
  /// How many threads any instruction is worth.
  let threads: Int
  /// The bytes that one thread needs for blocks and packed operands.
  let scratchBytes: Int
  /// The graph that was planned, and for each buffer the node it holds.
  let graph: Graph
  let contents: [Int]
  /// The nodes that only the last round of a loop needs.
  let finalNodes: Set<Int>

  /// How the state of a loop goes from one round to the next.
  let loop: LoopState
  /// What is done once, before a loop. It takes the same arguments, and its results are the loop's last ones.
  let before: Plan?

  /// Plans a graph.
  ///
  /// - Parameter states: how many of the first results are the next round's first arguments.
  init(_ graph: Graph, inputs count: Int, states: Int = 0, _ granularity: Granularity = .standard) {
    let split = states > 0 ? graph.withoutInvariants(states: states, inputs: count) : nil
    before = split.map { Plan($0.before, inputs: count, granularity) }
    let graph = (split?.loop ?? graph).withSeparateStates(states)
    let writer = InstructionWriter(
      Schedule(graph), inputs: count + (split?.before.results.count ?? 0), states: states, granularity)
    self.graph = graph
    instructions = writer.instructions
    threads = writer.instructions.map(\.threads).max() ?? 1
    steps = writer.steps
    opaqueCalls = writer.opaqueCalls
    buffers = writer.buffers
    constants = graph.constants
    inputs = writer.inputs
    loop = writer.loop
    results = graph.results.map { (writer.buffer(graph.root($0)), graph[$0].shape) }
    arenaBytes = writer.arenaBytes
    scratchBytes = writer.scratchBytes
    contents = writer.contents
    finalNodes = writer.finalNodes
  }
}
