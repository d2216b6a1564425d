// How long a value occupies memory, counted in items of the schedule. Of the items
//
//   0  {v3, v5, v6}     v6 = tanh(W·X + b)         v6   from 0 to 2
//   1  v8 = V·v6
//   2  {v9, v10}        v10 = v6 · v8²             v8   from 1 to 2
//   result v10                                     v10  from 2 to 3     one beyond the last: it is handed out
//
// v3, v5 and v9 have no life of their own: nobody outside their group reads them, so they are never in memory.

/// From when to when each value is needed in memory, counted in items of a schedule.
struct Liveness {
  /// The item that computes a value, for values that are read outside it.
  private(set) var birth: Table<Graph.Node, Int?>
  /// The last item that reads it; one beyond the last for results.
  private(set) var death: Table<Graph.Node, Int?>
  /// Values that need storage of their own, since they may leave the program.
  private(set) var leaving: Set<NodeIndex> = []
  /// Those of them that a primitive reads, and may keep or hand on.
  private(set) var handedOut: Set<NodeIndex> = []
  /// The values that need memory, in the order in which they are computed.
  private(set) var stored: [NodeIndex] = []

  init(_ schedule: Schedule) {
    let graph = schedule.graph
    birth = Table(repeating: nil, count: graph.nodes.count)
    death = Table(repeating: nil, count: graph.nodes.count)
    for (time, item) in schedule.items.enumerated() {
      for read in item.reads(in: graph) { death[schedule.views.part(read).whole] = time }
      if case .node(let index) = item, case .opaque = graph[index].operation {
        handedOut.formUnion(graph[index].operands.map { schedule.views.part(graph.root($0)).whole })
      }
    }
    leaving = handedOut
    for result in graph.results.map(graph.root) {
      death[result] = schedule.items.count
      leaving.insert(result)
    }
    for (time, item) in schedule.items.enumerated() {
      for value in item.computes where death[value] != nil {
        birth[value] = time
        stored.append(value)
      }
    }
  }
}
