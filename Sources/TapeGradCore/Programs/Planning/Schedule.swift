// In what order a graph is computed, and what is fused. Of a layer and its square,
//
//   v3 = W·X          opens a group
//   v5 = v3 + b       joins the group of v3
//   v6 = tanh v5      joins it
//   v8 = V·v6         reads v6 from memory: the group of v3, v5, v6 is scheduled; v8 opens the next one
//   v9 = v8²          joins that
//
// the schedule is two items: {v3, v5, v6}, {v8, v9}. An operation that nobody fuses (a copy, a user's primitive) is an item
// by itself.
//
// Where an operation reads two open groups, these become one. Of W·X + exp u,
//
//   v3 = W·X          group 1: product v3
//   v4 = exp u        group 2: v4
//   v5 = v3 + v4      one group: product v3, then v4, v5
//
// and exp u is computed block by block beside the rows of the product. Fused values need not be next to each other in
// the graph: all that counts is that nobody in between had to read one of them from memory.

/// The order in which a graph's values are computed, with element-wise neighbors gathered into groups.
///
/// A group stays open, and is scheduled, only when somebody outside it reads one of its values: so nothing that is
/// scheduled depends on an open group, and open groups may be merged freely.
///
/// Every node is visited once. Where groups merge, the smaller one moves, so a node moves at most log₂ n times.
struct Schedule {
  /// One thing to do.
  enum Item: Sendable {
    case group(FusionGroup)
    case node(NodeIndex)
  }

  let graph: Graph
  /// The slices that nothing is done for.
  let views: Views
  private(set) var items: [Item] = []
  /// How often a node has gone from one group to another: what planning would lose itself in if it were done badly.
  private(set) var moves = 0
  /// The groups that may grow, by number.
  private var open: [Int: FusionGroup] = [:]
  private var groups = 0
  /// The open group that computes a node.
  private var openGroup: Table<Graph.Node, Int?>
  /// Numbers and broadcasts that somebody needed written out.
  private var isWritten: Table<Graph.Node, Bool>

  /// - Parameter isStep: whether this is the step of a scan.
  init(_ graph: Graph, isStep: Bool = false) {
    self.graph = graph
    views = Views(graph, isStep: isStep)
    openGroup = Table(repeating: nil, count: graph.nodes.count)
    isWritten = Table(repeating: false, count: graph.nodes.count)
    for index in graph.indices { visit(index) }
    for result in graph.results { finish(graph.root(result)) }
    for number in open.keys.sorted() { close(number) }
  }

  /// Puts a node where it belongs: into a group, into an item of its own, or nowhere.
  private mutating func visit(_ index: NodeIndex) {
    let node = graph[index]
    switch node.operation {
    case .input, .constant, .fill, .reshape, .broadcast: break  // there already, or done where somebody reads it
    case .slice where views.contains(index): break
    case .unary, .binary, .select: if node.shape.count == 0 { schedule(index) } else { join(index) }
    case .reduce(_, let fold): reduce(index, fold)
    case .matrixProduct: if node.shape.count > 0 && node.shape.rank == 2 { begin(index) } else { schedule(index) }
    case .permute, .slice, .strided, .concatenate, .logSumExp, .opaque: schedule(index)
    }
  }

  /// An item of its own, behind all that it reads.
  private mutating func schedule(_ index: NodeIndex) {
    for operand in graph[index].operands { finish(graph.root(operand)) }
    items.append(.node(index))
  }

  /// Makes sure that a value has been computed, in memory, by the items so far.
  private mutating func finish(_ root: NodeIndex) {
    switch graph[root].operation {
    case .fill, .broadcast:
      if isWritten[root] { return }
      isWritten[root] = true
      schedule(root)
    default: if let number = openGroup[views.part(root).whole] { close(number) }
    }
  }

  /// Schedules an open group.
  private mutating func close(_ number: Int) {
    guard var group = open.removeValue(forKey: number) else { return }
    for node in group.nodes { openGroup[node] = nil }
    if let product = group.product, group.members.isEmpty {
      items.append(.node(product.node))
    } else {
      group.members.sort()
      items.append(.group(group))
    }
  }

  /// Opens a group on a matrix product.
  private mutating func begin(_ index: NodeIndex) {
    let node = graph[index], left = graph[node.operands[0]].shape
    for operand in node.operands { finish(graph.root(operand)) }
    open(
      FusionGroup(
        product: FusionGroup.Product(node: index, depth: left.count / max(node.shape[0], 1)), count: node.shape.count,
        scalarType: node.scalarType, grid: FusionGroup.Grid(rows: node.shape[0], columns: node.shape[1])))
  }

  /// Makes a group one that may grow, under a number of its own.
  private mutating func open(_ group: FusionGroup) {
    for node in group.nodes { openGroup[node] = groups }
    open[groups] = group
    groups += 1
  }

  /// Adds an element-wise node to the open groups that it reads from, which become one; or opens one.
  ///
  /// Of two groups that cannot be one (another grid, a product each) the smaller one is scheduled, and read from
  /// memory.
  private mutating func join(_ index: NodeIndex) {
    var (group, neighbors) = readings(of: index)
    neighbors.sort { open[$0]?.members.count ?? 0 > open[$1]?.members.count ?? 0 }
    var home: Int?
    for number in neighbors {
      if let neighbor = open[number], !group.fits(neighbor) { close(number) }
      guard var neighbor = open.removeValue(forKey: number) else { continue }  // closed, here or by another operand
      if let home {
        for node in neighbor.nodes { openGroup[node] = home }
        moves += neighbor.nodes.count
        group.absorb(neighbor)
      } else {
        home = number
        neighbor.absorb(group)
        group = neighbor
      }
    }
    group.members.append(index)
    if let home {
      openGroup[index] = home
      open[home] = group
    } else {
      open(group)
    }
  }

  /// A group without members that reads what an element-wise node reads, and the open groups that it reads from. What can
  /// be read neither from an open group nor as a broadcast is made sure to be in memory.
  private mutating func readings(of index: NodeIndex) -> (group: FusionGroup, neighbors: [Int]) {
    let node = graph[index]
    var group = FusionGroup(count: node.shape.count, scalarType: node.scalarType)
    var neighbors: [Int] = []
    for operand in node.operands.map(graph.root) {
      switch reading(operand) {
      case (.full, _):
        if let number = openGroup[operand], isFull(operand, in: number, like: group) {
          if !neighbors.contains(number) { neighbors.append(number) }
        } else {
          finish(operand)
        }
      case (let reading, let grid):
        if let grid, let present = group.grid, present != grid {
          finish(operand)
        } else {
          if graph.number(operand) == nil { finish(graph.root(graph[operand].operands[0])) }
          group.grid = group.grid ?? grid
          group.readings[operand] = reading
        }
      }
    }
    return (group, neighbors)
  }

  /// Closes the open group that a reduction reads with it, where it fits in; schedules it by itself otherwise.
  private mutating func reduce(_ index: NodeIndex, _ fold: Fold) {
    let operand = graph.root(graph[index].operands[0])
    guard let number = openGroup[operand], let admits = open[number]?.admits(fold), admits,
      open[number].map({ isFull(operand, in: number, like: $0) }) == true
    else { return schedule(index) }
    open[number]?.close(with: index, fold)
    openGroup[index] = number
  }

  /// Whether an open group's value has as many elements as `group`'s, and is not the result of a closing reduction.
  private func isFull(_ index: NodeIndex, in number: Int, like group: FusionGroup) -> Bool {
    guard let other = open[number], other.count == group.count, other.scalarType == group.scalarType else {
      return false
    }
    return graph[index].operation.isElementwise || index == other.product?.node
  }

  /// How an element-wise operation reads a root, and the grid that this asks for.
  private func reading(_ root: NodeIndex) -> (Reading, FusionGroup.Grid?) {
    if isWritten[root] { return (.full, nil) }
    switch graph[root].operation {
    case .fill: return (.single, nil)
    case .broadcast:
      return Reading.broadcasting(graph[graph[root].operands[0]].shape, to: graph[root].shape) ?? (.full, nil)
    default: return (.full, nil)
    }
  }
}

extension Schedule.Item {
  /// What the item computes.
  var computes: [NodeIndex] {
    switch self {
    case .group(let group): group.nodes
    case .node(let index): [index]
    }
  }

  /// The values that the item reads from memory.
  func reads(in graph: Graph) -> [NodeIndex] {
    switch self {
    case .node(let index): return graph[index].operands.map(graph.root)
    case .group(let group):
      let own = Set(group.nodes)
      let read = group.members.flatMap { graph[$0].operands.map(graph.root) }
        .compactMap { group.source(of: $0, in: graph) }
      return group.productOperands(in: graph) + read.filter { !own.contains($0) }
    }
  }
}
