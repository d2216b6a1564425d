// The third stage of `compiled`: the same numbers for less work. In order:
//
//   1. rewrites, node by node     1·x → x;  −(−x) → x;  Aᵀ·B → a product with a flag;
//                                 tanh(broadcast b) → broadcast(tanh b)
//   2. dropping what no result needs
//   3. for a loop: what every round would compute anew, in a graph of its own that runs once before it
//   4. for a loop: for each state a value of its own, which can be written where the state is
//
// Equal nodes become one on the way, as a graph holds no node twice. No pass changes a bit of any result.

/// What is to be planned: a graph; for a loop, the graph of a round and what is done before the first.
struct OptimizedGraph {
  /// What runs once, before a loop; its results are the last inputs of `graph`.
  var before: Graph?
  /// What every call runs, or every round of a loop.
  var graph: Graph
  /// How many of the first results are the next round's first inputs.
  let states: Int
  /// How many arguments a call brings.
  let arguments: Int

  /// Whether it is the step of a scan, whose arguments and results lie elsewhere in each round.
  private(set) var isStep = false

  /// How many inputs `graph` has.
  var inputs: Int { arguments + (before?.results.count ?? 0) }

  /// Runs all passes.
  ///
  /// - Parameter states: how many of the first results are the next round's first arguments; 0 outside loops.
  init(_ lowered: Graph, arguments: Int, states: Int = 0) {
    self.arguments = arguments
    self.states = states
    graph = lowered.simplified
    guard states > 0 else { return }
    if let split = graph.withoutInvariants(states: states, inputs: arguments) {
      (before, graph) = (split.before, split.loop)
    }
    graph = graph.withSeparateStates(states)
  }

  /// Runs the passes on a step of a scan, whose results are written where its runner says.
  ///
  /// - Parameters:
  ///   - states: how many results there are, each the next step's argument of the same number.
  ///   - changing: how many of the first arguments change from step to step.
  init(step lowered: Graph, arguments: Int, states: Int, changing: Int) {
    self.arguments = arguments
    self.states = 0
    isStep = true
    graph = lowered.simplified
    if let split = graph.withoutInvariants(states: changing, inputs: arguments) {
      (before, graph) = (split.before, split.loop)
    }
    graph = graph.withSeparateStates(states)
  }

  /// A graph that needs no passes any more.
  init(planned graph: Graph, arguments: Int) {
    self.graph = graph
    self.arguments = arguments
    states = 0
  }
}

extension Graph {
  /// The graph after the rewrites, without what no result needs.
  var simplified: Graph {
    rewritten(by: Identities.rules + TransposeFolding.rules + BroadcastSinking.rules).pruned()
  }
}
