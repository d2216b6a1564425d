/// The order in which a graph's values are computed, with element-wise neighbours gathered into clusters.
///
/// A cluster stays open, and is scheduled, only when somebody outside it reads one of its values: so nothing that is
/// scheduled depends on an open cluster, and open clusters may be merged freely.
struct Schedule {
  /// One thing to do.
  enum Item: Sendable {
    case cluster(Cluster)
    case node(Int)
  }

  let graph: Graph
  private(set) var items: [Item] = []
  private var open: [Int: Cluster] = [:]
  private var openCluster: [Int: Int] = [:]
  private var nextCluster = 0
  private var materialized: Set<Int> = []
  /// Element-wise nodes that read a reduction of an open cluster, which would close it: done when somebody needs them.
  /// None reads another, so that doing one never does a chain of them.
  private var postponed: Set<Int> = []

  init(_ graph: Graph) {
    self.graph = graph
    for index in graph.nodes.indices { visit(index) }
    for result in graph.results { finish(root(result)) }
    for id in open.keys.sorted() { closeCluster(id) }
  }

  /// The node whose memory a node reads: reshaping moves nothing.
  func root(_ index: Int) -> Int { graph.root(index) }

  private mutating func visit(_ index: Int) {
    let node = graph[index]
    switch node.operation {
    case .input, .constant, .fill, .reshape, .broadcast: break  // there already, or done where somebody reads it
    case .unary, .binary, .select:
      if node.shape.count == 0 {
        schedule(index)
      } else if readsOpenReduction(index) {
        postponed.insert(index)
      } else {
        join(index)
      }
    case .reduce(_, let fold): reduce(index, fold)
    case .product: if node.shape.count > 0 && node.shape.rank == 2 { begin(index) } else { schedule(index) }
    case .permute, .slice, .concatenate, .logSumExp, .opaque: schedule(index)
    }
  }

  private func readsOpenReduction(_ index: Int) -> Bool {
    let operands = graph[index].operands.map(root)
    return !operands.contains(where: postponed.contains)
      && operands.contains { operand in
        var source = operand
        while case .broadcast = graph[source].operation { source = root(graph[source].operands[0]) }
        if case .reduce = graph[source].operation { return openCluster[source] != nil }
        return false
      }
  }

  private mutating func schedule(_ index: Int) {
    for operand in graph[index].operands { finish(root(operand)) }
    items.append(.node(index))
  }

  /// Makes sure that a value has been computed, in memory, by the items so far.
  private mutating func finish(_ root: Int) {
    switch graph[root].operation {
    case .fill, .broadcast:
      guard materialized.insert(root).inserted else { return }
      schedule(root)
    default:
      if postponed.remove(root) != nil { join(root) }
      if let id = openCluster[root] { closeCluster(id) }
    }
  }

  private mutating func closeCluster(_ id: Int) {
    guard let cluster = open.removeValue(forKey: id) else { return }
    for node in cluster.nodes { openCluster[node] = nil }
    if let product = cluster.product, cluster.members.isEmpty {
      items.append(.node(product.node))
    } else {
      items.append(.cluster(cluster))
    }
  }

  /// Opens a cluster on a matrix product.
  private mutating func begin(_ index: Int) {
    let node = graph[index], left = graph[node.operands[0]].shape
    for operand in node.operands { finish(root(operand)) }
    add(
      Cluster(
        product: Cluster.Product(node: index, depth: left.count / max(node.shape[0], 1)), count: node.shape.count,
        scalarType: node.scalarType, grid: Cluster.Grid(rows: node.shape[0], columns: node.shape[1])))
  }

  /// Adds an element-wise node to the open clusters that it reads from, which become one; or opens one.
  private mutating func join(_ index: Int) {
    let node = graph[index]
    var cluster = Cluster(count: node.shape.count, scalarType: node.scalarType)
    var neighbours: [Int] = []
    for operand in node.operands.map(root) {
      switch reading(operand) {
      case (.full, _):
        if let id = openCluster[operand], isMember(operand, of: id, like: cluster) {
          if !neighbours.contains(id) { neighbours.append(id) }
        } else {
          finish(operand)
        }
      case (let reading, let grid):
        if let grid, let present = cluster.grid, present != grid {
          finish(operand)
        } else {
          if graph.number(operand) == nil { finish(root(graph[operand].operands[0])) }
          cluster.grid = cluster.grid ?? grid
          cluster.readings[operand] = reading
        }
      }
    }
    neighbours.sort { open[$0]?.members.count ?? 0 > open[$1]?.members.count ?? 0 }
    var home: Int?
    for id in neighbours {
      if let neighbour = open[id], !cluster.fits(neighbour) { closeCluster(id) }
      guard let neighbour = open.removeValue(forKey: id) else { continue }  // closed, here or by another operand
      if home != nil { for node in neighbour.nodes { openCluster[node] = home } }
      home = home ?? id
      cluster = cluster.joined(to: neighbour)
    }
    cluster.members.append(index)
    if let home {
      openCluster[index] = home
      open[home] = cluster
    } else {
      add(cluster)
    }
  }

  private mutating func reduce(_ index: Int, _ fold: Fold) {
    let operand = root(graph[index].operands[0])
    guard let id = openCluster[operand], let cluster = open[id], isMember(operand, of: id, like: cluster),
      cluster.admits(fold)
    else { return schedule(index) }
    open[id]?.close(with: index, fold)
    openCluster[index] = id
  }

  private mutating func add(_ cluster: Cluster) {
    for node in cluster.nodes { openCluster[node] = nextCluster }
    open[nextCluster] = cluster
    nextCluster += 1
  }

  /// Whether an open cluster's value has as many elements as `cluster`'s, and is not the result of a closing reduction.
  private func isMember(_ index: Int, of id: Int, like cluster: Cluster) -> Bool {
    guard let other = open[id], other.count == cluster.count, other.scalarType == cluster.scalarType else {
      return false
    }
    return graph[index].operation.isElementwise || index == other.product?.node
  }

  /// How an element-wise operation reads a root.
  private func reading(_ root: Int) -> (Reading, Cluster.Grid?) {
    if materialized.contains(root) { return (.full, nil) }
    switch graph[root].operation {
    case .fill: return (.single, nil)
    case .broadcast:
      return Reading.stretching(graph[graph[root].operands[0]].shape, to: graph[root].shape) ?? (.full, nil)
    default: return (.full, nil)
    }
  }
}

extension Graph {
  /// The node whose memory a node reads: reshaping moves nothing.
  func root(_ index: Int) -> Int {
    var index = index
    while case .reshape = nodes[index].operation { index = nodes[index].operands[0] }
    return index
  }
}
