/// From when to when each value is needed in memory, counted in items of a schedule.
struct Liveness {
  /// The item that computes a value, for values that are read outside it.
  private(set) var birth: [Int: Int] = [:]
  /// The last item that reads it; one beyond the last for results.
  private(set) var death: [Int: Int] = [:]
  /// Values that need storage of their own, since they may leave the program.
  private(set) var leaving: Set<Int> = []
  /// Those of them that a primitive reads, and may keep or hand on.
  private(set) var handedOut: Set<Int> = []
  /// The values that need memory, in the order in which they are computed.
  private(set) var stored: [Int] = []

  /// Values 0, 1, 2 and so on that live so long.
  init(birth: [Int], death: [Int]) {
    self.birth = Dictionary(uniqueKeysWithValues: birth.enumerated().map { ($0, $1) })
    self.death = Dictionary(uniqueKeysWithValues: death.enumerated().map { ($0, $1) })
    stored = Array(birth.indices)
  }

  init(_ schedule: Schedule) {
    let graph = schedule.graph
    for (position, item) in schedule.items.enumerated() {
      for read in item.reads(in: graph) { death[read] = position }
      if case .node(let index) = item, case .opaque = graph[index].operation {
        handedOut.formUnion(graph[index].operands.map(graph.root))
      }
    }
    leaving = handedOut
    for result in graph.results.map(graph.root) {
      death[result] = schedule.items.count
      leaving.insert(result)
    }
    for (position, item) in schedule.items.enumerated() {
      for value in item.computes where death[value] != nil {
        birth[value] = position
        stored.append(value)
      }
    }
  }
}

extension Schedule.Item {
  /// What the item computes.
  var computes: [Int] {
    switch self {
    case .cluster(let cluster): cluster.nodes
    case .node(let index): [index]
    }
  }

  /// The values that the item reads from memory.
  func reads(in graph: Graph) -> [Int] {
    switch self {
    case .node(let index): return graph[index].operands.map(graph.root)
    case .cluster(let cluster):
      let own = Set(cluster.nodes)
      let read = cluster.members.flatMap { graph[$0].operands.map(graph.root) }
        .compactMap { cluster.source(of: $0, in: graph) }
      return cluster.productOperands(in: graph) + read.filter { !own.contains($0) }
    }
  }
}

extension Cluster {
  /// What the product in front reads: all of it for every region.
  func productOperands(in graph: Graph) -> [Int] { product.map { graph[$0.node].operands.map(graph.root) } ?? [] }

  /// The value in memory behind an operand: of a stretched one, what is stretched; nil for a number.
  func source(of operand: Int, in graph: Graph) -> Int? {
    if readings[operand] == nil { return operand }
    return graph.number(operand) == nil ? graph.root(graph[operand].operands[0]) : nil
  }
}
