/// Element-wise operations that run together, block by block, while the block is in the first-level cache; and the
/// reductions that close them.
struct Cluster: Sendable {
  /// A matrix product whose result the members work on, region by region, while it is in a cache.
  var product: Product?
  /// The element-wise nodes and reductions, in the order of the graph.
  var members: [Int] = []
  /// How many elements each of them has, reductions excepted.
  let count: Int
  let scalarType: ScalarType
  /// How the elements are read as rows and columns; nil while nobody asks for either.
  var grid: Grid?
  /// Whether everything is one block, because a reduction folds across rows.
  var isWhole = false
  /// The stretched values that members read where they are, and how.
  var readings: [Int: Reading] = [:]

  /// A product in front of the members.
  struct Product: Sendable {
    let node: Int
    /// How many products each of its elements sums.
    let depth: Int
  }

  /// Everything the cluster computes.
  var nodes: [Int] { (product.map { [$0.node] } ?? []) + members }

  /// Elements as a matrix.
  struct Grid: Hashable, Sendable {
    let rows, columns: Int
  }

  /// The longest row that may be reduced inside a block, and the largest cluster that may be one block.
  static let longestRow = 4096

  /// Whether both can be one: they read elements by the same rows and columns, and one product is in front at most.
  func fits(_ other: Cluster) -> Bool {
    (grid == nil || other.grid == nil || grid == other.grid) && (product == nil || other.product == nil)
  }

  /// Both as one.
  consuming func joined(to other: consuming Cluster) -> Cluster {
    var joined = other
    joined.grid = joined.grid ?? grid
    joined.isWhole = joined.isWhole || isWhole
    joined.product = joined.product ?? product
    joined.readings.merge(readings) { first, _ in first }
    if !members.isEmpty { joined.members = (joined.members + members).sorted() }
    return joined
  }

  /// Whether a closing reduction can join.
  func admits(_ fold: Fold) -> Bool {
    if fold.outer * fold.length * fold.inner != count || count == 0 { return false }
    // A region of whole rows has few of them, which the product of a long sum would pay for.
    if let product, product.depth > 16, fold.length > 1024 { return false }
    if fold.inner == 1, fold.outer > 1 || !isWhole {
      let grid = Grid(rows: fold.outer, columns: fold.length)
      if fold.length <= Cluster.longestRow, self.grid == nil || self.grid == grid { return true }
    }
    return fold.outer == 1 && count <= Cluster.longestRow
  }

  /// Takes a reduction in.
  mutating func close(with reduction: Int, _ fold: Fold) {
    members.append(reduction)
    let grid = Grid(rows: fold.outer, columns: fold.length)
    if fold.inner == 1, self.grid == nil || self.grid == grid { self.grid = grid } else { isWhole = true }
  }
}

/// How a cluster reads an operand.
enum Reading: Hashable, Sendable {
  /// An element for each of the cluster's.
  case full
  /// One element for each row.
  case byRow
  /// One element for each column.
  case byColumn
  /// One element throughout.
  case single

  /// How an array of `shape` is read when it is stretched to `target`, and the grid that this asks for; nil where no
  /// grid serves.
  static func stretching(_ shape: Shape, to target: Shape) -> (Reading, Cluster.Grid?)? {
    let axes = (0..<target.rank).filter { target[$0] != 1 }
    let isLong = axes.map { shape.length($0, ofRank: target.rank) != 1 }
    guard let firstLong = isLong.firstIndex(of: true), let lastLong = isLong.lastIndex(of: true) else {
      return (.single, nil)
    }
    guard !isLong[firstLong...lastLong].contains(false) else { return nil }
    if firstLong == 0, lastLong == isLong.count - 1 { return (.full, nil) }
    let columns = { (from: Int) in axes[from...].reduce(1) { $0 * target[$1] } }
    if lastLong == isLong.count - 1 {
      return (.byColumn, Cluster.Grid(rows: target.count / max(columns(firstLong), 1), columns: columns(firstLong)))
    }
    guard firstLong == 0 else { return nil }
    return (.byRow, Cluster.Grid(rows: shape.count, columns: columns(lastLong + 1)))
  }
}
