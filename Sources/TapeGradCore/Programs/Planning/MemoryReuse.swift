// What may be written over what. In the group
//
//   step 0   v5 = v3 + b
//   step 1   v6 = v5 · v3       the last that reads v3, of which nobody outside needs anything any more
//   step 2   v7 = tanh v6
//
// v6, or v7, may be written where v3 is: element by element, each after it was read for the last time. Not so what is read
// by row or by column (the next block wants it again), nor what a product reads (all of it for every region).
//
// Values in one place, one after the other:
//
//          item 0    item 1    item 2
//   v3     ■■■■■■    ■■■                   read for the last time by the group that is item 1
//   v7               ■■■■■■    ■■■■■■      written over v3, block by block: one place in the arena, from 0 to 2
//
// It saves memory, and time more than memory: what is written where something was just read is in the cache already.
//
// The state of a loop is the same case, with the caller's numbers, copied once, as the memory:
//
//   s ← s − x               element by element: written over s
//   s ← s − mean s          the mean was computed by an earlier item: written over s
//   s ← W·s                 every element reads all of s: memory of its own, exchanged between rounds

extension FusionGroup {
  /// For each value that the group reads from memory the step that reads it last; beyond the last step where it must
  /// stay to the end.
  func lastReads(in graph: Graph, _ views: Views) -> [NodeIndex: Int] {
    let end = members.count
    var last: [NodeIndex: Int] = [:]
    for operand in productOperands(in: graph) { last[views.part(operand).whole] = end }
    for (step, member) in members.enumerated() {
      for operand in graph[member].operands.map(graph.root) {
        guard let source = source(of: operand, in: graph) else { continue }
        // Of a part, the elements stand elsewhere than those of what is written.
        let whole = views.part(source).whole
        last[whole] = readings[operand] == nil && whole == source && last[whole] != end ? step : end
      }
    }
    return last
  }
}

extension Schedule {
  /// For each value the one in whose memory it is written, where there is one.
  ///
  /// - Parameter isInArena: the values in the arena, which may be written over when they end.
  func predecessors(
    _ liveness: Liveness, among isInArena: Table<Graph.Node, Bool>
  ) -> Table<Graph.Node, NodeIndex?> {
    var predecessors = Table<Graph.Node, NodeIndex?>(repeating: nil, count: graph.nodes.count)
    for (time, item) in items.enumerated() {
      guard case .group(let group) = item else { continue }
      var ending = group.lastReads(in: graph, views).filter { isInArena[$0.key] && liveness.death[$0.key] == time }
        .sorted { ($0.value, $0.key) < ($1.value, $1.key) }[...]
      var free: [Int: [NodeIndex]] = [:]  // by size
      for (step, member) in group.members.enumerated() {
        while let (value, last) = ending.first, last <= step {
          free[graph[value].byteCount, default: []].append(value)
          ending.removeFirst()
        }
        guard isInArena[member], graph[member].operation.isElementwise else { continue }
        predecessors[member] = free[graph[member].byteCount]?.popLast()
      }
    }
    return predecessors
  }

  /// For each value that may be written over a state of a loop: the number of that state. Its readers come before; those
  /// in the same group read element by element, and no later than it is written; and no primitive has either.
  func statesInPlace(_ states: Int, _ liveness: Liveness) -> [NodeIndex: Int] {
    var inPlace: [NodeIndex: Int] = [:]
    var lastReads: [Int: [NodeIndex: Int]] = [:]  // of the items that were looked at
    for index in graph.indices {
      guard case .input(let state) = graph[index].operation, state < states else { continue }
      let value = graph.root(graph.results[state])
      guard let written = liveness.birth[value], !graph[value].operation.isOpaque,
        liveness.handedOut.isDisjoint(with: [index, value])
      else { continue }
      let lastRead = liveness.death[index]
      if let lastRead, lastRead >= written {
        guard lastRead == written, case .group(let group) = items[written], graph[value].operation.isElementwise
        else { continue }
        let last = lastReads[written] ?? group.lastReads(in: graph, views)
        lastReads[written] = last
        guard let step = last[index], step < group.members.count, group.members[step] <= value else { continue }
      }
      inPlace[value] = state
    }
    return inPlace
  }
}

extension Arena {
  /// Places for the values in the arena, and the byte at which each starts. A value and its predecessor have one place
  /// from the birth of the first to the death of the last.
  ///
  /// Values come in the order in which they are computed, so a predecessor has its place already.
  static func places(
    for values: [NodeIndex], in graph: Graph, _ liveness: Liveness, predecessors: Table<Graph.Node, NodeIndex?>
  ) -> (offsets: Table<Graph.Node, Int?>, byteCount: Int) {
    var lifetimes: [Lifetime] = []
    var place = Table<Graph.Node, Int?>(repeating: nil, count: graph.nodes.count)
    for value in values {
      guard let birth = liveness.birth[value], let death = liveness.death[value] else { continue }
      if let predecessor = predecessors[value], let taken = place[predecessor] {
        lifetimes[taken].death = death
        place[value] = taken
      } else {
        place[value] = lifetimes.count
        lifetimes.append(Lifetime(byteCount: graph[value].byteCount, birth: birth, death: death))
      }
    }
    let arena = Arena(lifetimes)
    var offsets = Table<Graph.Node, Int?>(repeating: nil, count: graph.nodes.count)
    for value in values { offsets[value] = place[value].map { arena.offsets[$0] } }
    return (offsets, arena.byteCount)
  }
}

extension Graph.Node {
  /// The bytes of the value, in whole cache lines.
  var byteCount: Int { (shape.count * scalarType.byteCount + 63) & ~63 }
}
