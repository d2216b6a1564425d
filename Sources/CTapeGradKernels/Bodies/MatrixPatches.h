// The matrix product's right factor where it is what windows see of images: a matrix that nobody writes out.
//
// A window's element p (a line of the matrix) at place q is `data[lines[p] + runs[q / length] + q % length]`: each element
// of the window is a view of the same image, moved by a little, and the places of one row are neighbors in it. Of an
// image of 4 × 4 and a window of 2 × 2, which has three rows of three places, length 3:
//
//   image     0  1  2  3       lines  0, 1, 4, 5      the window's elements
//             4  5  6  7       runs   0, 4, 8         the rows of places
//             8  9 10 11
//            12 13 14 15       line 1 of the matrix:  1 2 3   5 6 7   9 10 11
//
// Written out, the matrix is as many times larger than the image as a window has elements. Here its elements go from the
// image into the packed panels of a product, which are in a cache, and nowhere else.

/// The right factor of a product: lines along k, and places as its columns; or, where it is transposed, places along k.
struct TG(Patches) {
  const SCALAR *data;
  const ptrdiff_t *lines, *runs;
  size_t length;
  bool is_transposed;
};

/// Places that are neighbors in the image, a vector of them at most: where they are read, from the beginning of a line on,
/// where in the matrix they belong, and how many they are.
typedef struct {
  ptrdiff_t from;
  size_t to, count;
} TG(Piece);

// The vectors that hold `count` places, at most CHUNK; returns how many.
static size_t TG(cut_places)(const TG(Patches) *patches, size_t place, size_t count, TG(Piece) *pieces) {
  size_t found = 0, run = place / patches->length, skipped = place % patches->length;
  for (size_t to = 0; to < count; run++, skipped = 0) {
    const size_t size = TG(smaller)(patches->length - skipped, count - to);
    for (size_t i = 0; i < size; i += TG(LANES))
      pieces[found++] = (TG(Piece)){
        patches->runs[run] + (ptrdiff_t)(skipped + i), to + i, TG(smaller)(size - i, TG(LANES))};
    to += size;
  }
  return found;
}

// Lines of the matrix at some places. What a vector holds beyond a row of places is overwritten by the next vector or
// line, in ascending order. So up to LANES elements are read behind the image, and written behind the last line.
static inline __attribute__((always_inline)) void TG(copy_lines)(
  const SCALAR *x, const ptrdiff_t *lines, size_t line_count, const TG(Piece) *pieces, const size_t piece_count,
  SCALAR *to, size_t step) {
  for (size_t line = 0; line < line_count; line++, to += step) {
    const SCALAR *const from = x + lines[line];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < piece_count; i++)
      *(TG(loose_lanes) *)(to + pieces[i].to) = *(const TG(loose_lanes) *)(from + pieces[i].from);
  }
}

// With so few vectors as a panel usually has, the loop over them unrolls: the branch at its end would cost more than they.
#define TG_PIECES(count) \
  case count: TG(copy_lines)(patches->data, lines, line_count, pieces, count, to, step); break;
static void TG(copy_patches)(
  const TG(Patches) *patches, size_t first, size_t line_count, const TG(Piece) *pieces, size_t piece_count, SCALAR *to,
  size_t step) {
  const ptrdiff_t *const lines = patches->lines + first;
  switch (piece_count) {
    TG_PIECES(1) TG_PIECES(2) TG_PIECES(3) TG_PIECES(4)
    default: TG(copy_lines)(patches->data, lines, line_count, pieces, piece_count, to, step);
  }
}
#undef TG_PIECES

// Places along k, of LANES lines: their element t is row t of the panel. Here too, rows beyond the piece are overwritten by
// the next one; none are written beyond the panel.
static inline __attribute__((always_inline)) void TG(turn_piece)(
  const SCALAR *const lines[], TG(Piece) piece, const size_t groups, size_t depth, SCALAR *panel, size_t step) {
  TG(lanes) turned[TG(LANES)];
  TG(turn)(lines, piece.from, groups, turned);
  const size_t rows = groups * TG(GROUP), left = depth - piece.to;
  panel += piece.to * step;
  if (rows <= left)
#pragma clang loop unroll(full)
    for (size_t t = 0; t < rows; t++) *(TG(lanes) *)(panel + t * step) = turned[t];
  else
    for (size_t t = 0; t < left; t++) *(TG(lanes) *)(panel + t * step) = turned[t];
}

// LANES lines, of which those beyond `count` repeat the last one.
static void TG(turn_patches)(
  const TG(Patches) *patches, size_t first, size_t count, const TG(Piece) *pieces, size_t piece_count, size_t depth,
  SCALAR *panel, size_t step) {
  enum { GROUPS = TG(LANES) / TG(GROUP), HALF = GROUPS > 1 ? GROUPS / 2 : 1 };
  const SCALAR *lines[TG(LANES)];
  for (size_t i = 0; i < TG(LANES); i++)
    lines[i] = patches->data + patches->lines[first + TG(smaller)(i, count - 1)];
  for (size_t i = 0; i < piece_count; i++)
    if (pieces[i].count <= HALF * TG(GROUP)) TG(turn_piece)(lines, pieces[i], HALF, depth, panel, step);
    else TG(turn_piece)(lines, pieces[i], GROUPS, depth, panel, step);
}

/// A panel of `count` columns from `column` on, `depth` deep from p on, as `pack` makes it; its rows have no vector that
/// overlaps, where columns are places.
static void TG(pack_patches)(
  const TG(Patches) *patches, size_t column, size_t count, size_t p, size_t depth, SCALAR *panel, size_t step) {
  TG(Piece) pieces[TG(CHUNK)];
  const bool is_transposed = patches->is_transposed;
  const size_t piece_count = TG(cut_places)(patches, is_transposed ? p : column, is_transposed ? depth : count, pieces);
  if (!is_transposed) {
    TG(copy_patches)(patches, p, depth, pieces, piece_count, panel, step);
    return;
  }
  for (size_t i = 0; i < count; i += TG(LANES)) {
    const size_t start = TG(vector_start)(i, count, true);
    TG(turn_patches)(patches, column + start, count - start, pieces, piece_count, depth, panel + i, step);
  }
}
