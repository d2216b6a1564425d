// The matrix product: blocks of op(B) and panels of op(A) are packed where that pays, tiles of C are summed in registers.
#ifndef PACKROWS
#define PACKROWS 256
#define PACKCOLS 256
#endif
#ifndef BLOCKB
#define BLOCKB (1<<20)
#endif
#include "MatrixTiles.h"
#include "MatrixMicroKernel.h"
#include "MatrixPacking.h"
#include "MatrixVector.h"

enum {
  TG(BLOCK_COLUMNS) = BLOCKB / 256 / sizeof(SCALAR) / TG(TILE_COLUMNS) * TG(TILE_COLUMNS),
  TG(PANEL_ROWS) = (TG_TILE_ROWS + TG(LANES) - 1) / TG(LANES) * TG(LANES),
};

static inline size_t TG(smaller)(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t TG(rounded_up)(size_t n, size_t unit) { return (n + unit - 1) / unit * unit; }

static bool TG(swaps)(size_t m, size_t n) { return n < m && n <= TG(LANES) / 2; }

static size_t TG(matmul_workspace)(size_t m, size_t k, size_t n, bool a_transposed, bool b_transposed) {
  const size_t columns = TG(swaps)(m, n) ? m : n;
  const size_t packed = TG(smaller)(k, TG(CHUNK)) * (TG(PANEL_ROWS) + TG(rounded_up)(TG(smaller)(columns, TG(BLOCK_COLUMNS)), TG(TILE_COLUMNS)));
  return packed < TG(SWEEP_COLUMNS) ? TG(SWEEP_COLUMNS) : packed;
}

static void TG(matmul)(
  const SCALAR *a, size_t lda, bool a_transposed, const SCALAR *b, size_t ldb, bool b_transposed, SCALAR *c, size_t ldc,
  size_t m, size_t k, size_t n, SCALAR *workspace) {
  if (m == 0 || n == 0) return;
  TG(Factor) left = {a, a_transposed ? 1 : lda, a_transposed ? lda : 1};
  TG(Factor) right = {b, b_transposed ? ldb : 1, b_transposed ? 1 : ldb};
  size_t rows = m, columns = n, c_row = ldc, c_column = 1;
  if (TG(swaps)(m, n)) {
    TG(Factor) t = left; left = right; right = t;
    rows = n; columns = m; c_row = 1; c_column = ldc;
  }
  if (k == 0) {
    for (size_t i = 0; i < m; i++) memset(c + i * ldc, 0, n * sizeof(SCALAR));
    return;
  }
  if (rows == 1 && right.line_step == 1 && c_column == 1) {
    TG(sweep_row)(left.data, left.depth_step, right.data, right.depth_step, c, k, columns, workspace);
    return;
  }
  if (rows <= TG(FEW_ROWS) && right.depth_step == 1) {
    TG(dot_lines)(left, right, c, c_row, c_column, rows, k, columns);
    return;
  }

  SCALAR *const row_panel = workspace, *const column_panels = workspace + TG(smaller)(k, TG(CHUNK)) * TG(PANEL_ROWS);
  for (size_t j0 = 0; j0 < columns; j0 += TG(BLOCK_COLUMNS)) {
    const size_t width = TG(smaller)(columns - j0, TG(BLOCK_COLUMNS));
    for (size_t p0 = 0; p0 < k; p0 += TG(CHUNK)) {
      const size_t depth = TG(smaller)(k - p0, TG(CHUNK));
      const bool in_place = right.line_step == 1 && rows <= PACKCOLS;
      for (size_t j = 0; j < width; j += TG(TILE_COLUMNS)) {
        const size_t count = TG(smaller)(width - j, TG(TILE_COLUMNS));
        if (in_place && count % TG(LANES) == 0) continue;
        TG(pack)(TG(factor_from)(right, j0 + j, p0), count, depth, column_panels + j * depth, TG(rounded_up)(count, TG(LANES)));
      }
      for (size_t i = 0; i < rows;) {
        const size_t rest = rows - i;
        const size_t row_count = rest <= TG_TILE_ROWS ? rest : rest < 2 * TG_TILE_ROWS ? (rest + 1) / 2 : TG_TILE_ROWS;
        TG(TileWork) work = {.depth = depth, .accumulates = p0 > 0};
        TG(Factor) f = TG(factor_from)(left, i, p0);
        if (columns <= PACKROWS) { work.rows = f.data; work.row_step = f.line_step; work.row_depth_step = f.depth_step; }
        else {
          TG(pack)(f, row_count, depth, row_panel, TG(PANEL_ROWS));
          work.rows = row_panel; work.row_step = 1; work.row_depth_step = TG(PANEL_ROWS);
        }
        for (size_t j = 0; j < width; j += TG(TILE_COLUMNS)) {
          const size_t count = TG(smaller)(width - j, TG(TILE_COLUMNS));
          const size_t vectors = (count + TG(LANES) - 1) / TG(LANES);
          if (in_place && count % TG(LANES) == 0) {
            work.columns = right.data + j0 + j + p0 * right.depth_step; work.column_depth_step = right.depth_step;
          } else {
            work.columns = column_panels + j * depth; work.column_depth_step = vectors * TG(LANES);
          }
          SCALAR *target = c + i * c_row + (j0 + j) * c_column;
          if (c_column == 1 && count % TG(LANES) == 0) {
            work.c = target; work.ldc = ldc;
            TG(multiply_any_tile)(row_count, vectors, &work);
          } else {
            SCALAR tile[TG_TILE_ROWS * TG(TILE_COLUMNS)] __attribute__((aligned(64)));
            TG(TileWork) w = work; w.c = tile; w.ldc = TG(TILE_COLUMNS); w.accumulates = false;
            TG(multiply_any_tile)(row_count, vectors, &w);
            for (size_t r = 0; r < row_count; r++)
              for (size_t s = 0; s < count; s++) {
                SCALAR *q = target + r * c_row + s * c_column;
                *q = work.accumulates ? *q + tile[r * TG(TILE_COLUMNS) + s] : tile[r * TG(TILE_COLUMNS) + s];
              }
          }
        }
        i += row_count;
      }
    }
  }
}
#undef TG_MULTIPLY_ADD
