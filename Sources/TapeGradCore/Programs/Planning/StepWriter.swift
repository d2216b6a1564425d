// From a group's members to steps on blocks. For the group
//
//   v5 = v3 + b         slot 0 is free: the sum goes there
//   v6 = exp v5         reads v5 for the last time, so slot 0 is free again: v6 goes there, in place
//   v7 = v6 · v5 …      (had v5 been read here, v6 would have gone to slot 1)
//
// A member that somebody outside reads is written to its buffer instead, and read from there by those behind.
//
// The slots after each step, as above and where v7 reads v5 too:
//
//   step           slot 0       slot 1
//   v5 = v3 + b    v5
//   v6 = exp v5    v6           .            v5 ended: its slot was free for v6
//   v6 = exp v5    v5           v6           v5 is read once more, and stays
//
// Fewer slots mean larger blocks in the same cache. So a chain of any length takes one slot.
//
// Where the chain begins with W·X + b, the sum takes no step: the product's kernel adds b, and writes the sum to its buffer, or,
// where nobody outside reads it, to the region.

/// Turns a group into steps on blocks.
struct StepWriter {
  private(set) var steps: [BlockStep] = []
  /// For each step the member that it is part of.
  private(set) var members: [NodeIndex] = []
  /// How many values inside the group are alive at once.
  private(set) var slots = 0

  /// What the product's kernel writes: the product, or the sum of it and a number for each row.
  private(set) var productResult: NodeIndex?
  /// What the product's kernel adds to its rows.
  private(set) var added: Access?

  /// Whether rows are folded inside a block.
  var foldsRows: Bool { steps.contains { if case .reduce = $0 { true } else { false } } }

  private let group: FusionGroup
  private let graph: Graph
  /// The buffers of values in memory.
  private let bufferOf: Table<Graph.Node, BufferIndex?>
  /// The buffers of the numbers that the group reads.
  private let numbers: [NodeIndex: BufferIndex]
  private var slotOf: [NodeIndex: TypedIndex<Slot>] = [:]
  private var freeSlots: [TypedIndex<Slot>] = []

  init(
    _ group: FusionGroup, _ graph: Graph, buffers: Table<Graph.Node, BufferIndex?>, numbers: [NodeIndex: BufferIndex]
  ) {
    self.group = group
    self.graph = graph
    self.numbers = numbers
    bufferOf = buffers
    productResult = group.product?.node
    if let product = productResult, bufferOf[product] == nil, let addend = group.rowAddition(in: graph) {
      added = access(addend)
      productResult = group.members.first
    }
    let lastReader = group.members.reduce(into: [NodeIndex: NodeIndex]()) { lastReader, member in
      for operand in graph[member].operands.map(graph.root) { lastReader[operand] = member }
    }
    for member in group.members where member != productResult {
      write(member, lastReader)
      members += repeatElement(member, count: steps.count - members.count)
    }
  }

  /// The steps of one member. Its operands' slots are free for its result: kernels read an element before they write it.
  private mutating func write(_ member: NodeIndex, _ lastReader: [NodeIndex: NodeIndex]) {
    let node = graph[member], operands = node.operands.map(graph.root)
    if case .reduce(let function, let fold) = node.operation {
      let isWhole = group.isWhole
      guard let buffer = bufferOf[member] else { fatalError("a reduction without memory") }
      let y = Access(memory: .buffer(buffer), reading: isWhole ? .single : .byRow)
      steps.append(.reduce(function, isWhole ? fold : nil, access(operands[0]), to: y))
      release(operands, after: member, lastReader)
      return
    }
    var x = operands.map(access)
    var expanded: [TypedIndex<Slot>] = []
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

  /// A member's buffer, or a slot where nobody outside reads it.
  private mutating func destination(of member: NodeIndex) -> Access {
    if let buffer = bufferOf[member] { return Access(memory: .buffer(buffer), reading: .full) }
    let slot = takeSlot()
    slotOf[member] = slot
    return Access(memory: .slot(slot), reading: .full)
  }

  /// A slot that holds nothing any more, or a new one.
  private mutating func takeSlot() -> TypedIndex<Slot> {
    if let slot = freeSlots.popLast() { return slot }
    slots += 1
    return TypedIndex(slots - 1)
  }

  /// Gives back the slots of operands that no later member reads.
  private mutating func release(_ operands: [NodeIndex], after member: NodeIndex, _ lastReader: [NodeIndex: NodeIndex])
  {
    for operand in operands where lastReader[operand] == member {
      if let slot = slotOf.removeValue(forKey: operand) { freeSlots.append(slot) }
    }
  }

  /// Where an operand is: in a slot, in a buffer, or, for a number or a broadcast value, in that of what is broadcast.
  private func access(_ operand: NodeIndex) -> Access {
    if let slot = slotOf[operand] { return Access(memory: .slot(slot), reading: .full) }
    if operand == productResult, bufferOf[operand] == nil { return Access(memory: .region, reading: .full) }
    let source = group.source(of: operand, in: graph) ?? operand
    guard let buffer = numbers[operand] ?? bufferOf[source] else {
      fatalError("a group reads a value without memory")
    }
    return Access(memory: .buffer(buffer), reading: group.readings[operand] ?? .full)
  }
}
