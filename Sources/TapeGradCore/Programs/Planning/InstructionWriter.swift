import CTapeGradKernels

/// Turns a schedule into instructions on buffers.
struct InstructionWriter {
  private(set) var instructions: [Instruction] = []
  private(set) var steps: [BlockStep] = []
  private(set) var opaqueCalls: [OpaqueCall] = []
  private(set) var buffers: [Buffer] = []
  /// For each buffer the node whose value it holds; −1 for a number.
  private(set) var contents: [Int] = []
  private(set) var scratchBytes = 0
  let arenaBytes: Int
  /// The buffer of each argument; −1 where it is not read.
  private(set) var inputs: [Int]
  /// How the state of a loop goes from one round to the next.
  private(set) var loop = LoopState()
  /// The nodes that only the last round of a loop needs.
  let finalNodes: Set<Int>

  private let graph: Graph
  private let granularity: Granularity
  private var bufferOf: [Int: Int] = [:]
  /// What the item that is written computes.
  private var nodes: [Int] = []

  init(_ schedule: Schedule, inputs count: Int, states: Int, _ granularity: Granularity) {
    graph = schedule.graph
    self.granularity = granularity
    inputs = Array(repeating: -1, count: count)
    finalNodes = graph.finalNodes(states: states)
    let liveness = Liveness(schedule)
    let inArena = liveness.stored.filter { !schedule.graph[$0].operation.isOpaque && !liveness.leaving.contains($0) }
    var sizes: [Int: Int] = [:]
    for value in inArena { sizes[value] = graph[value].byteCount }
    let arena = Arena(
      inArena, sizes: sizes, liveness,
      successors: successors(in: schedule, liveness, among: Set(inArena), sizes: sizes))
    arenaBytes = arena.byteCount

    for (index, node) in graph.nodes.enumerated() {
      switch node.operation {
      case .input(let number): inputs[number] = add(index, .input)
      case .constant(let number): add(index, .constant(number))
      default: break
      }
    }
    let inPlace = schedule.statesInPlace(states, liveness)
    for value in liveness.stored {
      if let input = inPlace[value] {
        bufferOf[value] = inputs[input]
        buffers[inputs[input]].home = .storage
        loop.inPlace.append((input: input, buffer: inputs[input]))
      } else {
        add(value, graph[value].operation.isOpaque ? .evaluated : arena.offsets[value].map { .arena($0) } ?? .storage)
      }
    }
    for (input, result) in graph.results.prefix(states).enumerated() where inputs[input] >= 0 {
      let buffer = buffer(graph.root(result))
      if buffer != inputs[input] { loop.exchanged.append((inputs[input], buffer)) }
    }
    loop.handedOut = liveness.handedOut.sorted().compactMap { value in
      bufferOf[value].flatMap { buffers[$0].home == .storage ? $0 : nil }
    }
    for item in schedule.items {
      nodes = item.computes
      switch item {
      case .cluster(let cluster): write(cluster)
      case .node(let index): write(index, graph[index])
      }
    }
  }

  /// The buffer of a value that is in memory.
  func buffer(_ root: Int) -> Int {
    guard let buffer = bufferOf[root] else { fatalError("a value without memory is read") }
    return buffer
  }

  @discardableResult private mutating func add(_ value: Int, _ home: Buffer.Home) -> Int {
    bufferOf[value] = buffers.count
    buffers.append(Buffer(home: home, shape: graph[value].shape, scalarType: graph[value].scalarType))
    contents.append(value)
    return buffers.count - 1
  }

  private mutating func add(_ new: [BlockStep]) -> Range<Int> {
    steps += new
    return steps.count - new.count..<steps.count
  }

  private mutating func buffer(holding number: Double, _ type: ScalarType) -> Int {
    buffers.append(Buffer(home: .number(number), shape: Shape(), scalarType: type))
    contents.append(-1)
    return buffers.count - 1
  }

  private mutating func add(_ operation: Instruction.Operation, threads: Int = 1) {
    instructions.append(
      Instruction(
        operation: operation, threads: threads, isFinal: nodes.allSatisfy(finalNodes.contains), nodes: nodes))
  }

  /// One instruction for one node.
  private mutating func write(_ index: Int, _ node: Graph.Node) {
    guard let y = bufferOf[index] else { return }  // nobody reads it
    let x = node.operands.map { graph.root($0) }
    switch node.operation {
    case .reduce(let function, let fold):
      let count = fold.outer * fold.length * fold.inner
      add(
        .reduce(ReduceInstruction(function: function, fold: fold, x: buffer(x[0]), y: y, scalarType: node.scalarType)),
        threads: min(
          granularity.threads ?? WorkShare.threads(Double(count) * WorkShare.foldCost, inProgram: true),
          max(fold.outer, 1)))
    case .permute(let order):
      let strides = graph[node.operands[0]].shape.strides
      copy(x[0], strides: AxisVector(rank: order.count) { strides[order[$0]] }, node.shape, to: y, node)
    case .broadcast:
      copy(x[0], strides: graph[node.operands[0]].shape.strides(broadcastTo: node.shape), node.shape, to: y, node)
    case .slice(let axis, let start):
      let strides = graph[node.operands[0]].shape.strides
      copy(x[0], from: start * strides[axis], strides: strides, node.shape, to: y, node)
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
      add(.fill(number.value, node.scalarType, count: node.shape.count, y: y))
    case .product(let left, let right):
      let product = product(node, left, right, c: y)
      scratchBytes = max(scratchBytes, product.workspaceBytes(rows: product.m, columns: product.n))
      add(.product(product), threads: granularity.threads ?? WorkShare.threads(product.cost, inProgram: true))
    case .opaque(let opaque):
      let operands = node.operands.map { (buffer(graph.root($0)), graph[$0].shape) }
      add(.opaque(opaqueCalls.count))
      opaqueCalls.append(OpaqueCall(primitive: opaque.primitive, operands: operands, y: y))
    case .input, .constant, .reshape, .unary, .binary, .select: break  // in memory already, or without elements
    }
  }

  /// Copies elements of `shape` from x to y, which is laid out as the node's value.
  private mutating func copy(
    _ x: Int, from xStart: Int = 0, strides: AxisVector<Int>, _ shape: Shape, to y: Int, at yStart: Int = 0,
    _ node: Graph.Node
  ) {
    add(
      .copy(
        CopyInstruction(
          x: buffer(x), y: y, shape: shape, xStart: xStart, yStart: yStart, xStrides: strides,
          yStrides: node.shape.strides, scalarType: node.scalarType)))
  }

  private func product(_ node: Graph.Node, _ left: Bool, _ right: Bool, c: Int) -> ProductInstruction {
    let a = graph[node.operands[0]].shape, rank = a.rank
    return ProductInstruction(
      a: buffer(graph.root(node.operands[0])), b: buffer(graph.root(node.operands[1])), c: c, transposesLeft: left,
      transposesRight: right, batch: node.shape.count(of: 0..<rank - 2), m: node.shape[rank - 2],
      k: a[left ? rank - 2 : rank - 1], n: node.shape[rank - 1], scalarType: node.scalarType)
  }

  /// The buffer of a member, in which the product in front can be until the member takes its place: written when the
  /// product has been read for the last time, to memory that the cluster does not read from.
  private func host(of product: Int, in cluster: Cluster) -> Int? {
    let read = Schedule.Item.cluster(cluster).reads(in: graph).map(buffer)
    let lastReader = cluster.members.last { graph[$0].operands.map(graph.root).contains(product) } ?? 0
    return cluster.members.lazy.filter { [graph] in $0 >= lastReader && graph[$0].operation.isElementwise }
      .compactMap { bufferOf[$0] }
      .first { [buffers] host in
        !read.contains { $0 == host || buffers[$0].home != .storage && buffers[$0].home == buffers[host].home }
      }
  }

  private mutating func write(_ cluster: Cluster) {
    var buffers = bufferOf
    for operand in cluster.readings.keys.sorted() {
      if let number = graph.number(operand) { buffers[operand] = buffer(holding: number, cluster.scalarType) }
    }
    var product: ProductInstruction?
    if let index = cluster.product?.node, case .product(let left, let right) = graph[index].operation {
      buffers[index] = bufferOf[index] ?? host(of: index, in: cluster)
      product = self.product(graph[index], left, right, c: buffers[index] ?? -1)
    }
    let writer = StepWriter(cluster, graph, buffers: buffers)
    let elementCost = writer.steps.reduce(0) { $0 + $1.cost }
    let cost = (product?.cost ?? 0) + Double(cluster.count) * elementCost
    let threads = granularity.threads ?? WorkShare.threads(cost, inProgram: true)
    let geometry = Geometry(cluster, foldsRows: writer.foldsRows, slots: writer.slots, threads: threads, granularity)
    let all = add(writer.steps)
    let lasting = writer.steps.indices.filter { !finalNodes.contains(writer.members[$0]) }.map { writer.steps[$0] }
    let instruction = ClusterInstruction(
      steps: all, lastingSteps: lasting.count == all.count ? all : add(lasting), scalarType: cluster.scalarType,
      product: product, isProductFinal: cluster.product.map { finalNodes.contains($0.node) } ?? false,
      geometry: geometry, slots: writer.slots)
    add(.cluster(instruction), threads: min(threads, instruction.parts))
    scratchBytes = max(scratchBytes, instruction.scratchBytes)
  }
}

extension Graph.Node {
  /// The bytes of the value, in whole cache lines.
  var byteCount: Int { (shape.count * scalarType.byteCount + 63) & ~63 }
}
