// The matrix product: cuts C into tiles, and brings the operands to where the micro-kernel finds them fast.
//
// The loops, from the outside in, after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication"
// (ACM TOMS 34, 2008), and Van Zee and van de Geijn, "BLIS" (ACM TOMS 41, 2015):
//
//   for each block of columns   so many that a chunk of k of them, packed, takes half of the second-level cache (or more)
//     for each chunk of k       256 deep, which is also the order in which every element of C is summed
//       for each block of rows  one panel as high as a tile, or several that are packed: at most 16 KB, or 128 KB
//         for each tile         its columns (at most 32 KB) are read by all panels of the block
//           for each panel      in the first-level cache where it is the only one, else in the second
//             for each k        the tile stays in registers
//
// Because a tile does 256 multiply-adds for each element that it loads and stores, C may come from anywhere. Every
// element is owned by one tile and summed in the same order on every path below, so its bits depend neither on the
// shape around it nor on the path.
//
//                                    B   ┌────┬────┬────┬────┐  a block of columns
//                   chunk of k, 256 deep │    │    │    │    │  packed as panels, each as wide as a tile
//                                        └────┴────┴────┴────┘
//    A   ┌──────────┐                C   ┌────┬────┬────┬────┐
//        │  packed  │  a panel of rows   │tile│tile│    │    │  14 × 32 sums, in registers
//        ├──────────┤                    ├────┼────┼────┼────┤
//        │          │  the next          │    │    │    │    │
//        └──────────┘                    └────┴────┴────┴────┘
//
// Which path a product takes:
//
//   one row times one column, both along memory                    dot          (MatrixVector.h)
//   up to four rows times columns that run along memory            dot_lines
//   one row times columns that lie side by side                    sweep_row
//   a column times a row                                           multiply_outer
//   everything else                                                multiply_in_blocks
//
// Very few columns are computed as the transpose, Cᵀ = Bᵀ·Aᵀ, and then count as rows here.

#include "MatrixTiles.h"
#include "MatrixOperands.h"
#include "MatrixMicroKernel.h"
#include "MatrixPacking.h"
#include "MatrixEdgeTile.h"
#include "MatrixVector.h"

enum {
  /// Half of the second-level cache: of 2 MB where vectors are long, of 512 KB elsewhere.
  TG(BLOCK_BYTES) = (TG_VECTOR_BYTES == 64 ? 1024 : 256) * 1024,
  TG(BLOCK_COLUMNS) = TG(BLOCK_BYTES) / TG(CHUNK) / sizeof(SCALAR) / TG(TILE_COLUMNS) * TG(TILE_COLUMNS),
  /// Rows that are packed are packed anew for each block of columns, which is therefore wide. It may lie in the third-level
  /// cache: many panels of rows at a time use what is read of it.
  TG(WIDE_COLUMNS) = TG(BLOCK_COLUMNS) * (TG_ROW_PANELS > 1 ? 8 : 1),
  /// Rows that are read in place are fetched ahead if a chunk of them is larger than this: from a second-level cache they come
  /// in time by themselves, and asking for them costs a fiftieth.
  TG(FETCHED_BYTES) = 1024 * 1024,
  TG(PANEL_STEP) = (TG_TILE_ROWS + TG(LANES) - 1) / TG(LANES) * TG(LANES),
};

// Packing costs one pass over an operand, and pays when the operand is then read often enough, or lies too far apart to
// be read where it is. The limits are measured.

/// A row is read once for each tile of columns, where it is. But where rows are whole pages apart, those of a panel compete
/// for the same places in the first-level cache: more than four times, they are read packed.
static inline bool TG(packs_rows)(TG(Factor) left, size_t columns) {
  return left.line_step * sizeof(SCALAR) % 4096 == 0 && columns > 4 * TG(TILE_COLUMNS);
}

/// Columns are read once for each panel of rows. Vectors can be read from columns side by side only; each step of k is
/// then another row of the matrix, and the more memory a chunk spreads over, the slower every pass. What windows see is
/// read where it is: its rows overlap, and a chunk of them takes a fraction of what it would, packed.
static inline bool TG(packs_columns)(TG(Factor) right, size_t depth, size_t rows, size_t columns) {
  if (right.starts != NULL) return false;
  if (right.depth_step == 1 || columns < TG(LANES)) return true;
  const float spread = (float)(depth * right.depth_step * sizeof(SCALAR)) / TG(BLOCK_BYTES);
  return rows > TG(FEW_ROWS) && (float)rows * spread * spread > 72;
}

/// Columns side by side, a tile wide, are packed by the first tile that reads them: copies hide behind multiply-adds.
static inline bool TG(packs_on_the_way)(const TG(MatrixProduct) *block) {
  return block->right.depth_step != 1 && block->rows >= 2 * TG_TILE_ROWS && block->c_column_step == 1;
}

// The micro-kernel's vectors run along columns, so a product with very few columns is computed as its transpose, and C
// is written across.
static inline bool TG(is_transposed)(size_t m, size_t n) { return n < m && n <= TG(LANES) / 2; }

/// How wide a block is. Rows whole pages apart are packed anew for each block, so these are few and wide where several panels
/// stay packed. Other rows are read in place; there it is faster to write C along its rows, as one panel at a time does.
static inline size_t TG(block_columns)(TG(Factor) left) {
  const bool is_paged = left.line_step * left.depth_step * sizeof(SCALAR) % 4096 == 0;
  return is_paged ? TG(WIDE_COLUMNS) : TG(BLOCK_COLUMNS);
}

/// How many packed panels a block of rows has at most.
static inline size_t TG(block_panels)(size_t rows) { return TG(smaller)(rows / TG_TILE_ROWS + 1, TG_ROW_PANELS); }

// The last two panels share what is left: two of eight rows keep the multiply-adds busier than fourteen and two.
static inline size_t TG(panel_rows)(size_t rest) {
  return rest <= TG_TILE_ROWS ? rest : rest < 2 * TG_TILE_ROWS ? (rest + 1) / 2 : TG_TILE_ROWS;
}

// Room for a packed block of rows and one of columns, behind which a vector may be written, or for the
// sums of `sweep_row`: a chunk of k at most, whatever the product's size.
static size_t TG(matmul_workspace)(size_t m, size_t k, size_t n, bool a_transposed, bool b_transposed) {
  (void)a_transposed, (void)b_transposed;
  const bool turned = TG(is_transposed)(m, n);
  const size_t columns = TG(smaller)(turned ? m : n, TG(WIDE_COLUMNS)), panels = TG(block_panels)(turned ? n : m);
  const size_t packed =
    TG(smaller)(k, TG(CHUNK)) * (panels * TG(PANEL_STEP) + TG(rounded_up)(columns, TG(LANES))) + TG(LANES);
  return packed > TG(SWEEP_COLUMNS) ? packed : TG(SWEEP_COLUMNS);
}

/// How many columns the panel gets that starts where so many are left: no panel but the only one is narrower than a
/// vector.
static inline size_t TG(panel_columns)(size_t rest) {
  if (rest <= TG(TILE_COLUMNS)) return rest;
  return rest < TG(TILE_COLUMNS) + TG(LANES) ? rest - TG(LANES) : TG(TILE_COLUMNS);
}

// One block of columns, one chunk of k, all rows: adds to C, or replaces it where the chunk is the first.
static void TG(multiply_block)(const TG(MatrixProduct) *block, bool accumulates, SCALAR *workspace) {
  const size_t depth = block->depth, columns = block->columns;
  const bool packs_rows = TG(packs_rows)(block->left, columns);
  const bool fetches_rows =
    !packs_rows && block->left.depth_step == 1 && block->rows * depth * sizeof(SCALAR) > TG(FETCHED_BYTES);
  const size_t panels = packs_rows ? TG(block_panels)(block->rows) : 1, panel_size = depth * TG(PANEL_STEP);
  SCALAR *const row_panels = workspace, *const column_panels = workspace + panels * panel_size;
  const bool packs_columns = TG(packs_columns)(block->right, depth, block->rows, columns);
  const bool packs_on_the_way = packs_columns && TG(packs_on_the_way)(block);

  if (packs_columns)
    for (size_t j = 0, count; j < columns; j += count) {
      count = TG(panel_columns)(columns - j);
      if (packs_on_the_way && count == TG(TILE_COLUMNS)) continue;
      SCALAR *const panel = column_panels + TG(rounded_up)(j, TG(LANES)) * depth;
      TG(pack)(TG(factor_from)(block->right, j, 0), count, true, depth, panel, TG(rounded_up)(count, TG(LANES)));
    }
  for (size_t i = 0, row_count; i < block->rows; i += row_count) {
    row_count = 0;
    for (size_t panel = 0, count; panel < panels && i + row_count < block->rows; panel++, row_count += count) {
      const TG(Factor) rows = TG(factor_from)(block->left, i + row_count, 0);
      count = TG(panel_rows)(block->rows - i - row_count);
      if (packs_rows) TG(pack)(rows, count, false, depth, row_panels + panel * panel_size, TG(PANEL_STEP));
    }
    const TG(Factor) in_place = TG(factor_from)(block->left, i, 0), next = TG(factor_from)(in_place, row_count, 0);
    // What all tiles of these rows share.
    TG(TileWork) work = {
      .row_step = packs_rows ? 1 : in_place.line_step,
      .row_depth_step = packs_rows ? TG(PANEL_STEP) : in_place.depth_step,
      .column_starts = packs_columns ? NULL : block->right.starts,
      .depth = depth,
      .ldc = block->c_row_step,
      .accumulates = accumulates,
      .added_step = block->added_step,
    };
    const size_t below = fetches_rows ? block->rows - i - row_count : 0;
    const size_t fetched_by_tile = below > 0 ? depth * TG(TILE_COLUMNS) / columns + 1 : 0;
    for (size_t j = 0, fetched = 0, count; j < columns; j += count, fetched += fetched_by_tile) {
      count = TG(panel_columns)(columns - j);
      if (below > 0)
        TG(prefetch_rows)(
          next, TG(smaller)(row_count, below), fetched, TG(smaller)(fetched + fetched_by_tile, depth));
      const size_t vectors = TG(rounded_up)(count, TG(LANES)) / TG(LANES);
      const bool is_narrow = count < TG(LANES), is_edge = is_narrow || block->c_column_step != 1;
      SCALAR *const column_panel = column_panels + TG(rounded_up)(j, TG(LANES)) * depth;
      const bool is_to_pack = packs_on_the_way && i == 0 && count == TG(TILE_COLUMNS);
      work.columns = packs_columns ? column_panel : block->right.data + j;
      work.column_depth_step = packs_columns ? vectors * TG(LANES) : block->right.depth_step;
      work.last_in_c = is_narrow ? 0 : count - TG(LANES);
      work.last_in_columns = packs_columns ? (vectors - 1) * TG(LANES) : work.last_in_c;
      for (size_t row = 0, panel = 0, height; row < row_count; row += height, panel++) {
        height = panels == 1 ? row_count : TG(panel_rows)(block->rows - i - row);
        work.rows = packs_rows ? row_panels + panel * panel_size : in_place.data;
        work.c = block->c + (i + row) * block->c_row_step + j * block->c_column_step;
        if (block->added != NULL) work.added = block->added + (i + row) * block->added_step;
        if (is_edge) TG(multiply_edge_tile)(height, count, work, block->c_row_step, block->c_column_step);
        else if (is_to_pack && row == 0) {
          TG(TileWork) first = work;
          first.columns = block->right.data + j, first.column_depth_step = block->right.depth_step;
          first.packed = column_panel;
          TG(multiply_and_pack)(&first);
        } else TG(multiply_any_tile)(height, vectors, &work);
      }
    }
  }
}

// The two outer loops of the picture. The first chunk of k replaces what C held, unless it `accumulates` too, and the
// later ones are added to it, in ascending order.
static void TG(multiply_in_blocks)(const TG(MatrixProduct) *product, bool accumulates, SCALAR *workspace) {
  const size_t block_columns = TG(block_columns)(product->left);
  for (size_t j = 0; j < product->columns; j += block_columns)
    for (size_t p = 0; p < product->depth; p += TG(CHUNK)) {
      TG(MatrixProduct) block = *product;
      block.left = TG(factor_from)(product->left, 0, p);
      block.right = TG(factor_from)(product->right, j, p);
      block.columns = TG(smaller)(product->columns - j, block_columns);
      block.depth = TG(smaller)(product->depth - p, TG(CHUNK));
      if (p + TG(CHUNK) < product->depth) block.added = NULL;
      block.c += j * product->c_column_step;
      TG(multiply_block)(&block, accumulates || p > 0, workspace);
    }
}

// The public function: sees the operands as factors, and chooses the path. An empty sum over k is 0.
static void TG(matmul)(
  const SCALAR *a, size_t lda, bool a_transposed, const SCALAR *b, size_t ldb, bool b_transposed, SCALAR *c, size_t ldc,
  size_t m, size_t k, size_t n, const SCALAR *added, size_t added_step, SCALAR *workspace) {
  if (m == 0 || n == 0) return;
  const TG(Factor) left = {a, a_transposed ? 1 : lda, a_transposed ? lda : 1, NULL};
  const TG(Factor) right = {b, b_transposed ? ldb : 1, b_transposed ? 1 : ldb, NULL};
  TG(MatrixProduct) product = {
    .left = left, .right = right, .rows = m, .depth = k, .columns = n, .c = c, .c_row_step = ldc, .c_column_step = 1};
  const bool is_transposed = TG(is_transposed)(m, n);
  if (is_transposed) {
    product.left = right, product.right = left;
    product.rows = n, product.columns = m;
    product.c_row_step = 1, product.c_column_step = ldc;
  }

  const bool right_runs_along = product.right.depth_step == 1;
  if (k == 0)
    for (size_t i = 0; i < m; i++) memset(c + i * ldc, 0, n * sizeof(SCALAR));
  else if (m == 1 && n == 1 && left.depth_step == 1 && right_runs_along)
    *c = TG(dot)(a, b, k);
  else if (product.rows <= TG(FEW_ROWS) && right_runs_along)
    TG(dot_lines)(&product);
  else if (product.rows == 1 && product.c_column_step == 1)
    TG(sweep_row)(&product, workspace);
  else if (k == 1 && right.line_step == 1 && n >= TG(LANES))
    TG(multiply_outer)(&product);
  else {
    // Rows are added to while their tile is in registers, if they are C's rows.
    if (!is_transposed) product.added = added, product.added_step = added_step;
    TG(multiply_in_blocks)(&product, false, workspace);
  }
  if (added != NULL && product.added == NULL)
    for (size_t i = 0; i < m; i++)
      for (size_t j = 0; j < n; j++) c[i * ldc + j] += added[i * added_step];
}

// The same for a right factor of what windows see, whose row p begins at x + starts[p]. C is added to where `accumulates`.
static void TG(matmul_patches)(
  const SCALAR *a, size_t lda, const SCALAR *x, const ptrdiff_t *starts, SCALAR *c, size_t ldc, bool accumulates,
  size_t m, size_t k, size_t n, SCALAR *workspace) {
  if (k == 0 && !accumulates)
    for (size_t i = 0; i < m; i++) memset(c + i * ldc, 0, n * sizeof(SCALAR));
  const TG(MatrixProduct) product = {
    .left = {a, lda, 1, NULL}, .right = {x, 1, 0, starts}, .rows = m, .depth = k, .columns = n, .c = c,
    .c_row_step = ldc, .c_column_step = 1};
  TG(multiply_in_blocks)(&product, accumulates, workspace);
}
#undef TG_MULTIPLY_ADD
