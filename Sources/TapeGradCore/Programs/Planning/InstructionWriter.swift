// The last stage of `compiled`: from items of a schedule to instructions on memory. For J = Σ (V·A)² with
// A = tanh(W·X + b), whose items are two groups, {W·X, add, tanh} and {V·A, square, sum},
//
//   1. liveness: who needs memory, and from when to when       A, item 0 to 1;   J, to the end
//   2. who may be written over whom                            nobody here
//   3. places in the arena                                     A at 0
//   4. a buffer for each                                       W, X, b, V: the caller's;   A: arena;   J: storage
//   5. an instruction for each item                            product W·X + b, 1 step on 4 × 50
//                                                              product V·A, 2 steps on 2 × 50
//
// A state of a loop that may be written over its old value has one buffer (in place); any other has two, which change places
// after each round.
//
// An instruction names kernels, buffers and strides only: what it costs to find these is paid here, once, and not at
// every call.

/// Turns a schedule into instructions on buffers.
struct InstructionWriter {
  private(set) var instructions: [Instruction] = []
  private(set) var fused: [FusedInstruction] = []
  private(set) var copies: [CopyInstruction] = []
  private(set) var steps: [BlockStep] = []
  private(set) var opaqueCalls: [OpaqueCall] = []
  private(set) var buffers: [Buffer] = []
  /// The buffer of each value that is in memory.
  private(set) var bufferOf: Table<Graph.Node, BufferIndex?>
  private(set) var scratchBytes = 0
  let arenaBytes: Int
  /// The buffer of each argument; nil where it is not read.
  private(set) var inputs: [BufferIndex?]
  /// How the state of a loop goes from one round to the next.
  private(set) var loop = LoopState()
  /// The nodes that only the last round of a loop needs.
  let isLastRoundOnly: Table<Graph.Node, Bool>

  private let graph: Graph
  private let granularity: Granularity
  /// What the item that is written computes.
  private var nodes: [NodeIndex] = []

  init(_ schedule: Schedule, inputs count: Int, states: Int, _ granularity: Granularity) {
    graph = schedule.graph
    self.granularity = granularity
    inputs = Array(repeating: nil, count: count)
    bufferOf = Table(repeating: nil, count: graph.nodes.count)
    isLastRoundOnly = graph.lastRoundOnly(states: states)
    let liveness = Liveness(schedule)
    // Results leave the program and have storage; opaque calls bring memory of their own; all else lies in the arena.
    let inArena = liveness.stored.filter { !schedule.graph[$0].operation.isOpaque && !liveness.leaving.contains($0) }
    var isInArena = Table<Graph.Node, Bool>(repeating: false, count: graph.nodes.count)
    for value in inArena { isInArena[value] = true }
    let places = Arena.places(
      for: inArena, in: graph, liveness, predecessors: schedule.predecessors(liveness, among: isInArena))
    arenaBytes = places.byteCount

    for index in graph.indices {
      switch graph[index].operation {
      case .input(let number): inputs[number] = add(index, .input)
      case .constant(let number): add(index, .constant(number))
      default: break
      }
    }
    let inPlace = schedule.statesInPlace(states, liveness)
    for value in liveness.stored {
      if let input = inPlace[value], let buffer = inputs[input] {
        bufferOf[value] = buffer
        buffers[buffer].home = .storage
        loop.inPlace.append((input: input, buffer: buffer))
      } else {
        add(
          value, graph[value].operation.isOpaque ? .evaluated : places.offsets[value].map { .arena($0) } ?? .storage)
      }
    }
    // The states that are not in place: the pairs of buffers that a round exchanges.
    for (number, result) in graph.results.prefix(states).enumerated() {
      guard let argument = inputs[number] else { continue }
      let result = buffer(graph.root(result))
      if result != argument { loop.exchanged.append((argument, result)) }
    }
    for index in graph.indices where schedule.views.contains(index) {
      let part = schedule.views.part(index)
      if let whole = bufferOf[part.whole] {
        add(index, .part(of: whole, start: part.start * graph[index].scalarType.byteCount))
      }
    }
    loop.handedOut = liveness.handedOut.sorted().compactMap { value in
      bufferOf[value].flatMap { buffers[$0].home == .storage ? $0 : nil }
    }
    for item in schedule.items {
      nodes = item.computes
      switch item {
      case .group(let group): write(group)
      case .node(let index): write(index, graph[index])
      }
    }
  }

  /// The buffer of a value that is in memory.
  func buffer(_ root: NodeIndex) -> BufferIndex {
    guard let buffer = bufferOf[root] else { fatalError("a value without memory is read") }
    return buffer
  }

  /// A new buffer for a value.
  @discardableResult private mutating func add(_ value: NodeIndex, _ home: Buffer.Home) -> BufferIndex {
    let buffer = add(Buffer(home: home, shape: graph[value].shape, scalarType: graph[value].scalarType))
    bufferOf[value] = buffer
    return buffer
  }

  /// Adds a buffer for what is not a node: a number.
  private mutating func add(_ buffer: Buffer) -> BufferIndex {
    buffers.append(buffer)
    return BufferIndex(buffers.count - 1)
  }

  /// Appends steps to the plan's only list of them, and says where they are: instructions share one array, which a run
  /// reads in order.
  private mutating func add(_ new: [BlockStep]) -> Range<Int> {
    steps += new
    return steps.count - new.count..<steps.count
  }

  /// How many threads work of so many nanoseconds is worth.
  private func threads(for cost: Double) -> Int {
    granularity.threads ?? WorkShare.threads(cost, inProgram: true)
  }

  /// Appends an instruction that computes the nodes of this item.
  private mutating func add(_ operation: Instruction.Operation, threads: Int = 1) {
    instructions.append(
      Instruction(
        operation: operation, threads: threads, isLastRoundOnly: nodes.allSatisfy { isLastRoundOnly[$0] },
        nodes: nodes))
  }

  /// One instruction for one node.
  ///
  /// Copies cover all that moves elements without computing: each is a way to read x with strides. Of x (2, 3), strides
  /// (3, 1),
  ///
  ///   permuted by [1, 0]          shape (3, 2), strides (1, 3)
  ///   broadcast to (4, 2, 3)      strides (0, 3, 1)
  ///   columns 1 and 2             shape (2, 2), from element 1, strides (3, 1)
  ///
  /// and of a concatenation, one copy for each part, each with another start in y.
  private mutating func write(_ index: NodeIndex, _ node: Graph.Node) {
    guard let y = bufferOf[index] else { return }  // nobody reads it
    let x = node.operands.map { graph.root($0) }
    switch node.operation {
    case .reduce(let function, let fold):
      let count = fold.outer * fold.length * fold.inner
      add(
        .reduce(ReduceInstruction(function: function, fold: fold, x: buffer(x[0]), y: y, scalarType: node.scalarType)),
        threads: min(threads(for: Double(count) * WorkShare.foldCost), max(fold.outer, fold.inner / 16, 1)))
    case .permute(let order):
      let strides = graph[node.operands[0]].shape.strides
      copy(x[0], strides: AxisVector(rank: order.count) { strides[order[$0]] }, node.shape, to: y, node)
    case .broadcast:
      copy(x[0], strides: graph[node.operands[0]].shape.strides(broadcastTo: node.shape), node.shape, to: y, node)
    case .slice(let axis, let start):
      let strides = graph[node.operands[0]].shape.strides
      copy(x[0], from: start * strides[axis], strides: strides, node.shape, to: y, node)
    case .strided(let start, let strides):
      if node.shape.count == 0 { return }
      copy(
        x[0], from: start, strides: AxisVector(rank: node.shape.rank) { strides[$0] }, node.shape, to: y, node)
    case .concatenate(let axis):
      var start = 0
      for (x, operand) in zip(x, node.operands) {
        let part = graph[operand].shape
        copy(x, strides: part.strides, part, to: y, at: start * node.shape.strides[axis], node)
        start += part[axis]
      }
    case .logSumExp(let fold):
      add(.logSumExp(fold, node.scalarType, x: buffer(x[0]), y: y))
    case .fill(let number):
      let count = node.shape.count
      add(
        .fill(number.value, node.scalarType, count: count, y: y),
        threads: min(threads(for: Double(count) * WorkShare.copyCost), max(count / 64, 1)))
    case .matrixProduct(let left, let right):
      let product = product(node, left, right, c: y)
      scratchBytes = max(scratchBytes, product.workspaceBytes(rows: product.m, columns: product.n))
      add(.matrixProduct(product), threads: threads(for: product.cost))
    case .opaque(let opaque):
      let operands = node.operands.map { (buffer(graph.root($0)), graph[$0].shape) }
      add(.opaque(TypedIndex(opaqueCalls.count)))
      opaqueCalls.append(OpaqueCall(primitive: opaque.primitive, operands: operands, y: y))
    case .input, .constant, .reshape, .unary, .binary, .select: break  // in memory already, or without elements
    }
  }

  /// Copies elements of `shape` from x to y, which is laid out as the node's value.
  private mutating func copy(
    _ x: NodeIndex, from xStart: Int = 0, strides: AxisVector<Int>, _ shape: Shape, to y: BufferIndex,
    at yStart: Int = 0,
    _ node: Graph.Node
  ) {
    let copy = CopyInstruction(
      x: buffer(x), y: y, shape: shape, xStart: xStart, yStart: yStart, xStrides: strides,
      yStrides: node.shape.strides, scalarType: node.scalarType)
    add(.copy(TypedIndex(copies.count)), threads: max(min(threads(for: copy.cost), copy.parts), 1))
    copies.append(copy)
  }

  /// A product's instruction: of `(2, 3)·(3, 50)`, m = 2, k = 3, n = 50. Where c is nil, only the group reads the
  /// product.
  private func product(
    _ node: Graph.Node, _ left: Bool, _ right: Bool, c: BufferIndex?, adding added: Access? = nil
  ) -> MatrixProductInstruction {
    let a = graph[node.operands[0]].shape, rank = a.rank
    return MatrixProductInstruction(
      a: buffer(graph.root(node.operands[0])), b: buffer(graph.root(node.operands[1])), c: c, added: added,
      transposesLeft: left, transposesRight: right, batch: node.shape.count(of: 0..<rank - 2), m: node.shape[rank - 2],
      k: a[left ? rank - 2 : rank - 1], n: node.shape[rank - 1], scalarType: node.scalarType)
  }

  /// One instruction for a group.
  ///
  /// First the numbers that it reads get buffers, then the members become steps, then what they cost decides among how
  /// many threads, and the number of threads how the elements are cut.
  private mutating func write(_ group: FusionGroup) {
    var numbers: [NodeIndex: BufferIndex] = [:]
    for operand in group.readings.keys.sorted() {
      guard let number = graph.number(operand) else { continue }
      numbers[operand] = add(Buffer(home: .number(number), shape: Shape(), scalarType: group.scalarType))
    }
    let writer = StepWriter(group, graph, buffers: bufferOf, numbers: numbers)
    var product: MatrixProductInstruction?
    if let index = group.product?.node, case .matrixProduct(let left, let right) = graph[index].operation {
      product = self.product(
        graph[index], left, right, c: writer.productResult.flatMap { bufferOf[$0] }, adding: writer.added)
    }
    let elementCost = writer.steps.reduce(0) { $0 + $1.cost }
    let cost = (product?.cost ?? 0) + Double(group.count) * elementCost
    let threads = threads(for: cost)
    let tiling = Tiling(group, foldsRows: writer.foldsRows, slots: writer.slots, threads: threads, granularity)
    let all = add(writer.steps)
    // In a loop that returns only its last loss, the steps of the loss run in the last round.
    let ofEveryRound = writer.steps.indices.filter { !isLastRoundOnly[writer.members[$0]] }.map { writer.steps[$0] }
    let instruction = FusedInstruction(
      steps: all, stepsOfEveryRound: ofEveryRound.count == all.count ? all : add(ofEveryRound),
      scalarType: group.scalarType, product: product,
      isProductLastRoundOnly: group.product.map { isLastRoundOnly[$0.node] } ?? false, tiling: tiling,
      slots: writer.slots)
    add(.fused(TypedIndex(fused.count)), threads: min(threads, instruction.parts))
    fused.append(instruction)
    scratchBytes = max(scratchBytes, instruction.scratchBytes)
  }
}
