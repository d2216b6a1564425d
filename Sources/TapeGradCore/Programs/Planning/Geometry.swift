/// How a cluster's elements are cut: into regions that a thread computes on its own, and those into blocks that stay in the
/// first-level cache.
struct Geometry {
  let regions: Blocks
  let blockRows, blockColumns: Int

  /// How many elements a region of a product should have: they stay in the second-level cache or close to it, and are
  /// enough that packing the factors for each region costs little.
  private static let regionElements = 512 * 1024

  init(_ cluster: Cluster, foldsRows: Bool, slots: Int, threads: Int) {
    let rows = cluster.grid?.rows ?? 1, columns = cluster.grid?.columns ?? cluster.count
    if cluster.product == nil || cluster.isWhole {
      regions = Blocks(rows: rows, columns: columns, blockRows: rows, blockColumns: columns)
    } else {
      regions = Geometry.regions(rows, columns, keepsRows: foldsRows, threads)
    }
    let elements = min(max((24 << 10) / cluster.scalarType.byteCount / (slots + 2) & ~63, 256), 2048)
    if cluster.isWhole {
      (blockRows, blockColumns) = (rows, columns)
    } else if regions.across == 1, foldsRows || columns <= elements {
      (blockRows, blockColumns) = (min(max(elements / columns, 1), regions.blockRows), columns)
    } else {
      (blockRows, blockColumns) = (1, min(elements, regions.blockColumns))
    }
  }

  /// Regions of a product: whole rows where these are short or have to be, squares otherwise; at least one for each
  /// thread where that is possible.
  private static func regions(_ rows: Int, _ columns: Int, keepsRows: Bool, _ threads: Int) -> Blocks {
    var across = keepsRows || columns <= 1024 ? 1 : (columns + 511) / 512
    var down = max(1, rows * columns / across / regionElements)
    if down * across < threads {
      if keepsRows || across == 1 && rows >= 28 * threads { down = threads } else { across = threads }
    }
    return Blocks(
      rows: rows, columns: columns, blockRows: roundedUp((rows + down - 1) / down, to: down == 1 ? 1 : 14),
      blockColumns: roundedUp((columns + across - 1) / across, to: across == 1 ? 1 : 32))
  }

  private static func roundedUp(_ count: Int, to unit: Int) -> Int { (count + unit - 1) / unit * unit }
}
