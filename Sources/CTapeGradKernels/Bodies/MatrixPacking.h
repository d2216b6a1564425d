// Packing: the rows or columns that a panel of tiles reads, rewritten so that the micro-kernel walks straight through
// memory. This is also where a transposed operand turns over, so no transpose is ever stored as a whole.

typedef SCALAR TG(quad) __attribute__((vector_size(4 * sizeof(SCALAR)), aligned(sizeof(SCALAR)), may_alias));

/// A factor of the product, seen as lines (rows of the left one, columns of the right one) that run along k. Element p
/// of line i is `data[i·line_step + p·depth_step]`, and one of the steps is 1.
typedef struct {
  const SCALAR *data;
  size_t line_step, depth_step;
} TG(Factor);

// Copies fewer than 2·LANES elements, in a few overlapping moves instead of a loop.
static inline __attribute__((always_inline)) void TG(copy_short)(const SCALAR *x, SCALAR *y, size_t n) {
#define TG_COPY_PIECES(piece) \
  if (n >= (piece)) { \
    memcpy(y, x, (piece) * sizeof(SCALAR)); \
    memcpy(y + n - (piece), x + n - (piece), (piece) * sizeof(SCALAR)); \
    return; \
  }
  TG_COPY_PIECES(16) TG_COPY_PIECES(8) TG_COPY_PIECES(4) TG_COPY_PIECES(2) TG_COPY_PIECES(1)
#undef TG_COPY_PIECES
}

// Four lines by four elements, turned over in registers.
static inline __attribute__((always_inline)) void TG(transpose_quads)(
  const SCALAR *const lines[4], size_t p, SCALAR *panel, size_t step) {
  TG(quad) x[4];
  for (size_t i = 0; i < 4; i++) x[i] = *(const TG(quad) *)(lines[i] + p);
  const TG(quad) low01 = __builtin_shufflevector(x[0], x[1], 0, 4, 1, 5);
  const TG(quad) high01 = __builtin_shufflevector(x[0], x[1], 2, 6, 3, 7);
  const TG(quad) low23 = __builtin_shufflevector(x[2], x[3], 0, 4, 1, 5);
  const TG(quad) high23 = __builtin_shufflevector(x[2], x[3], 2, 6, 3, 7);
  panel += p * step;
  *(TG(quad) *)panel = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
  *(TG(quad) *)(panel + step) = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
  *(TG(quad) *)(panel + 2 * step) = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
  *(TG(quad) *)(panel + 3 * step) = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

/// `panel[p·step + i]` = element p of line i, for `count` lines and `padded` (a multiple of four) places.
///
/// The padding holds copies of the last line: finite where the data is, so that it costs no slow arithmetic, and never
/// read into a result.
static void TG(pack_turned)(
  const SCALAR *x, size_t line_step, size_t count, size_t depth, SCALAR *panel, size_t step) {
  for (size_t first = 0; first < step; first += 4) {
    if (first >= count) {
      for (size_t p = 0; p < depth; p++) *(TG(quad) *)(panel + p * step + first) = (TG(quad)){0};
      continue;
    }
    const SCALAR *lines[4];
    for (size_t i = 0; i < 4; i++) lines[i] = x + (first + i < count ? first + i : count - 1) * line_step;
    size_t p = 0;
    for (; p + 4 <= depth; p += 4) TG(transpose_quads)(lines, p, panel + first, step);
    for (; p < depth; p++)
      for (size_t i = 0; i < 4; i++) panel[p * step + first + i] = lines[i][p];
  }
}

// The same where the lines lie side by side, as in a row-major right factor.
static void TG(pack_straight)(
  const SCALAR *x, size_t depth_step, size_t count, size_t depth, SCALAR *panel, size_t step) {
  for (size_t p = 0; p < depth; p++, x += depth_step, panel += step) {
    memset(panel, 0, step * sizeof(SCALAR));
    TG(copy_short)(x, panel, count);
  }
}

static void TG(pack)(TG(Factor) factor, size_t count, size_t depth, SCALAR *panel, size_t step) {
  if (factor.depth_step == 1) TG(pack_turned)(factor.data, factor.line_step, count, depth, panel, step);
  else TG(pack_straight)(factor.data, factor.depth_step, count, depth, panel, step);
}
