/// Turns a cluster into steps on blocks.
struct StepWriter {
  private(set) var steps: [BlockStep] = []
  /// For each step the member that it is part of.
  private(set) var members: [Int] = []
  /// How many values inside the cluster are alive at once.
  private(set) var slots = 0

  /// Whether rows are folded inside a block.
  var foldsRows: Bool { steps.contains { if case .reduce = $0 { true } else { false } } }

  private let cluster: Cluster
  private let graph: Graph
  /// The buffers of values in memory, and of the numbers that the cluster reads.
  private let bufferOf: [Int: Int]
  private var slotOf: [Int: Int] = [:]
  private var freeSlots: [Int] = []

  init(_ cluster: Cluster, _ graph: Graph, buffers: [Int: Int]) {
    self.cluster = cluster
    self.graph = graph
    bufferOf = buffers
    let lastReader = cluster.members.reduce(into: [Int: Int]()) { lastReader, member in
      for operand in graph[member].operands.map(graph.root) { lastReader[operand] = member }
    }
    for member in cluster.members {
      write(member, lastReader)
      members += repeatElement(member, count: steps.count - members.count)
    }
  }

  private mutating func write(_ member: Int, _ lastReader: [Int: Int]) {
    let node = graph[member], operands = node.operands.map(graph.root)
    if case .reduce(let function, let fold) = node.operation {
      let isWhole = cluster.isWhole
      let y = Access(memory: .buffer(bufferOf[member] ?? -1), reading: isWhole ? .single : .byRow)
      steps.append(.reduce(function, isWhole ? fold : nil, access(operands[0]), to: y))
      release(operands, after: member, lastReader)
      return
    }
    var x = operands.map(access)
    var expanded: [Int] = []
    if case .binary = node.operation {
    } else {
      for i in x.indices where x[i].reading != .full {
        let slot = takeSlot()
        expanded.append(slot)
        let full = Access(memory: .slot(slot), reading: .full)
        steps.append(.expand(x[i], to: full))
        x[i] = full
      }
    }
    freeSlots += expanded
    release(operands, after: member, lastReader)
    let y = destination(of: member)
    switch node.operation {
    case .unary(let function, let number): steps.append(.unary(function, number.value, x[0], to: y))
    case .binary(let function): steps.append(.binary(function, x[0], x[1], to: y))
    default: steps.append(.select(x[0], x[1], x[2], to: y))
    }
  }

  private mutating func destination(of member: Int) -> Access {
    if let buffer = bufferOf[member] { return Access(memory: .buffer(buffer), reading: .full) }
    let slot = takeSlot()
    slotOf[member] = slot
    return Access(memory: .slot(slot), reading: .full)
  }

  private mutating func takeSlot() -> Int {
    if let slot = freeSlots.popLast() { return slot }
    slots += 1
    return slots - 1
  }

  private mutating func release(_ operands: [Int], after member: Int, _ lastReader: [Int: Int]) {
    for operand in operands where lastReader[operand] == member {
      if let slot = slotOf.removeValue(forKey: operand) { freeSlots.append(slot) }
    }
  }

  private func access(_ operand: Int) -> Access {
    if let slot = slotOf[operand] { return Access(memory: .slot(slot), reading: .full) }
    if operand == cluster.product?.node, bufferOf[operand] == nil { return Access(memory: .region, reading: .full) }
    let source = cluster.source(of: operand, in: graph) ?? operand
    guard let buffer = bufferOf[source] else { fatalError("a cluster reads a value without memory") }
    return Access(memory: .buffer(buffer), reading: cluster.readings[operand] ?? .full)
  }
}
