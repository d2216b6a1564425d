// How a fused instruction's elements are cut, twice. A product of 784 × 2048 with a chain behind it, on two threads:
//
//   ┌────────┬────────┬────────┬────────┐
//   │ region │ region │ region │ region │   784 × 512 elements each, near the second-level cache: the product writes
//   │        │        │        │        │   one, then the chain runs on it; each thread has two
//   └────────┴────────┴────────┴────────┘
//
// and each region into blocks of one row and 512 columns, which stay in the first-level cache while all steps of the chain
// run on them. Without a product, everything is one region.

/// How finely work is cut. Results do not depend on it; tests cut small programs finely.
package struct Granularity: Sendable {
  /// The most elements of a block, and the bytes that all values of a block may take: they stay in the first-level cache.
  package var blockElements = 2048
  package var blockBytes = 24 << 10
  /// The elements of a product's region, and the columns where its rows are long: it stays near the second-level cache,
  /// and is large enough that packing the factors for each region costs little.
  package var regionElements = 512 * 1024
  package var regionColumns = 512
  /// The same for a product that sums fewer than 16 numbers, where packing does not count: it stays in that cache.
  package var shallowRegionElements = 32 * 1024
  /// The multiples of which regions are made.
  package var rowUnit = 14
  package var columnUnit = 32
  /// How many threads every instruction gets, whatever it is worth.
  package var threads: Int?

  package static let standard = Granularity()
}

/// How a group's elements are cut: into regions that a thread computes on its own, and those into blocks that stay in the
/// first-level cache.
struct Tiling {
  let regions: Blocks
  let blockRows, blockColumns: Int

  init(_ group: FusionGroup, foldsRows: Bool, slots: Int, threads: Int, _ granularity: Granularity) {
    let rows = group.grid?.rows ?? 1, columns = group.grid?.columns ?? group.count
    if let product = group.product, !group.isWhole {
      regions = granularity.regions(rows, columns, depth: product.depth, keepsRows: foldsRows, threads)
    } else {
      regions = Blocks(rows: rows, columns: columns, blockRows: rows, blockColumns: columns)
    }
    let fitting = max(granularity.blockBytes / group.scalarType.byteCount / (slots + 2) & ~63, 64)
    let elements = min(fitting, granularity.blockElements)
    if group.isWhole {
      (blockRows, blockColumns) = (rows, columns)
    } else if regions.across == 1, foldsRows || columns <= elements {
      (blockRows, blockColumns) = (min(max(elements / columns, 1), regions.blockRows), columns)
    } else {
      (blockRows, blockColumns) = (1, min(elements, regions.blockColumns))
    }
  }
}

extension Granularity {
  /// Regions of a product: whole rows where these are short or have to be, squares otherwise; at least one for each
  /// thread where that is possible.
  fileprivate func regions(_ rows: Int, _ columns: Int, depth: Int, keepsRows: Bool, _ threads: Int) -> Blocks {
    let elements = depth < 16 ? shallowRegionElements : regionElements
    var across = keepsRows || columns <= 2 * regionColumns ? 1 : (columns + regionColumns - 1) / regionColumns
    var down = max(1, rows * columns / across / elements)
    if down * across < threads {
      if keepsRows || across == 1 && rows >= 4 * threads { down = threads } else { across = threads }
    }
    return Blocks(
      rows: rows, columns: columns, blockRows: part(rows, down, unit: down <= threads ? 1 : rowUnit),
      blockColumns: part(columns, across, unit: columnUnit))
  }

  /// About one of `count` parts of a length.
  private func part(_ length: Int, _ count: Int, unit: Int) -> Int {
    count == 1 ? length : ((length + count - 1) / count + unit - 1) / unit * unit
  }
}

/// A matrix cut into blocks, numbered row by row.
struct Blocks: Hashable, Sendable {
  let rows, columns: Int
  let blockRows, blockColumns: Int
  /// How many blocks there are, and how many of them side by side.
  let count, across: Int

  init(rows: Int, columns: Int, blockRows: Int, blockColumns: Int) {
    (self.rows, self.columns, self.blockRows, self.blockColumns) = (rows, columns, blockRows, blockColumns)
    across = (columns + blockColumns - 1) / blockColumns
    count = across * ((rows + blockRows - 1) / blockRows)
  }

  /// The rows and columns of a block.
  @inline(__always) subscript(index: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let (down, right) = across == 1 ? (index, 0) : index.quotientAndRemainder(dividingBy: across)
    let row = down * blockRows, column = right * blockColumns
    return (row..<min(row + blockRows, rows), column..<min(column + blockColumns, columns))
  }
}
