// Operations that run as one. Of the row sums of tanh(W·X + b), with W·X of shape (4, 50) and b of shape (4, 1), all is
// one group:
//
//   product   v3 = W·X                   rows of v3 are computed, and b is added by the same kernel;
//   members   v5 = v3 + b                while they are in the cache, the others run on them:
//             v6 = tanh v5               block by block, each block once through all members
//             v7 = row sums of v6        a reduction closes the group
//   grid      4 × 50                     since b is read by row
//   readings  b: by row                  one element of b for each row of v3: no broadcast is written out
//
// Without groups each of these lines would read and write all of memory.

/// Element-wise operations that run together, block by block, while the block is in the first-level cache; and the
/// reductions that close them.
struct FusionGroup: Sendable {
  /// A matrix product whose result the members work on, region by region, while it is in a cache.
  var product: Product?
  /// The element-wise nodes and reductions; in the order of the graph once the group is closed.
  var members: [NodeIndex] = []
  /// How many elements each of them has, reductions excepted.
  let count: Int
  let scalarType: ScalarType
  /// How the elements are read as rows and columns; nil while nobody asks for either.
  var grid: Grid?
  /// Whether everything is one block, because a reduction folds across rows.
  var isWhole = false
  /// The broadcast values that members read where they are, and how.
  var readings: [NodeIndex: Reading] = [:]

  /// A product in front of the members.
  struct Product: Sendable {
    let node: NodeIndex
    /// How many products each of its elements sums.
    let depth: Int
  }

  /// Everything the group computes.
  var nodes: [NodeIndex] { (product.map { [$0.node] } ?? []) + members }

  /// Elements as a matrix.
  struct Grid: Hashable, Sendable {
    let rows, columns: Int
  }

  /// The longest row that may be reduced inside a block, and the largest group that may be one block.
  static let longestRow = 4096

  /// Whether both can be one: they read elements by the same rows and columns, and one product is in front at most.
  func fits(_ other: FusionGroup) -> Bool {
    (grid == nil || other.grid == nil || grid == other.grid) && (product == nil || other.product == nil)
  }

  /// Takes in another group that fits, in time proportional to the other's length.
  mutating func absorb(_ other: FusionGroup) {
    grid = grid ?? other.grid
    isWhole = isWhole || other.isWhole
    product = product ?? other.product
    readings.merge(other.readings) { own, _ in own }
    members += other.members
  }

  /// Whether a closing reduction can join: over the rows of a grid that is free or the same, if a row fits in a block; or
  /// over everything, if all of it does.
  func admits(_ fold: Fold) -> Bool {
    if fold.outer * fold.length * fold.inner != count || count == 0 { return false }
    // A region of whole rows has few of them, which the product of a long sum would pay for.
    if let product, product.depth > 16, fold.length > 1024 { return false }
    if fold.inner == 1, fold.outer > 1 || !isWhole {
      let grid = Grid(rows: fold.outer, columns: fold.length)
      if fold.length <= FusionGroup.longestRow, self.grid == nil || self.grid == grid { return true }
    }
    return fold.outer == 1 && count <= FusionGroup.longestRow
  }

  /// Takes a reduction in.
  mutating func close(with reduction: NodeIndex, _ fold: Fold) {
    members.append(reduction)
    let grid = Grid(rows: fold.outer, columns: fold.length)
    if fold.inner == 1, self.grid == nil || self.grid == grid { self.grid = grid } else { isWhole = true }
  }
}

extension FusionGroup {
  /// What the product in front reads: all of it for every region.
  func productOperands(in graph: Graph) -> [NodeIndex] {
    product.map { graph[$0.node].operands.map(graph.root) } ?? []
  }

  /// The number that the first member adds to each row of the product, where nobody else in the group reads the product: b of
  /// W·X + b. The product's kernel adds it on the way, while a row is in registers.
  func rowAddition(in graph: Graph) -> NodeIndex? {
    guard let product = product?.node, let first = members.first, graph[first].operation == .binary(.add) else {
      return nil
    }
    let operands = graph[first].operands.map(graph.root)
    guard let addend = operands.first(where: { $0 != product }), operands.contains(product),
      [.byRow, .single].contains(readings[addend]),
      members.dropFirst().allSatisfy({ !graph[$0].operands.map(graph.root).contains(product) })
    else { return nil }
    return addend
  }

  /// The value in memory behind an operand: of a broadcast one, what is broadcast; nil for a number.
  func source(of operand: NodeIndex, in graph: Graph) -> NodeIndex? {
    if readings[operand] == nil { return operand }
    return graph.number(operand) == nil ? graph.root(graph[operand].operands[0]) : nil
  }
}

/// How a group reads an operand.
enum Reading: Hashable, Sendable {
  /// An element for each of the group's.
  case full
  /// One element for each row.
  case byRow
  /// One element for each column.
  case byColumn
  /// One element throughout.
  case single

  /// How an array of `shape` is read when it is broadcast to `target`, and the grid that this asks for; nil where no
  /// grid serves. To (4, 50): (4, 1) is read by row, (50) by column, () as a single number; to (2, 3, 4), nothing serves
  /// for (2, 1, 4), whose elements come back in every second axis.
  static func broadcasting(_ shape: Shape, to target: Shape) -> (Reading, FusionGroup.Grid?)? {
    let axes = (0..<target.rank).filter { target[$0] != 1 }
    let isLong = axes.map { shape.length($0, ofRank: target.rank) != 1 }
    guard let firstLong = isLong.firstIndex(of: true), let lastLong = isLong.lastIndex(of: true) else {
      return (.single, nil)
    }
    guard !isLong[firstLong...lastLong].contains(false) else { return nil }
    if firstLong == 0, lastLong == isLong.count - 1 { return (.full, nil) }
    let columns = { (from: Int) in axes[from...].reduce(1) { $0 * target[$1] } }
    if lastLong == isLong.count - 1 {
      return (
        .byColumn, FusionGroup.Grid(rows: target.count / max(columns(firstLong), 1), columns: columns(firstLong))
      )
    }
    guard firstLong == 0 else { return nil }
    return (.byRow, FusionGroup.Grid(rows: shape.count, columns: columns(lastLong + 1)))
  }
}
