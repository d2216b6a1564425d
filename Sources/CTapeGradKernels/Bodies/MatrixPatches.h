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

/// Neighbors in the image that are neighbors in the matrix: where they begin in either, and how many.
typedef struct {
  ptrdiff_t from;
  size_t to, count;
} TG(Run);

enum { TG(LINE_STEP) = TG(CHUNK) + TG(LANES) };

// The runs of `count` places, at most CHUNK; returns how many.
static size_t TG(cut_runs)(const TG(Patches) *patches, size_t place, size_t count, TG(Run) *runs) {
  size_t found = 0, run = place / patches->length, skipped = place % patches->length;
  for (size_t to = 0; to < count; run++, skipped = 0) {
    const size_t size = TG(smaller)(patches->length - skipped, count - to);
    runs[found++] = (TG(Run)){patches->runs[run] + (ptrdiff_t)skipped, to, size};
    to += size;
  }
  return found;
}

// Lines of the matrix at some places. A run is copied in whole vectors: what they write beyond it is overwritten by the
// next run or line, in ascending order. So up to LANES elements are read behind the image, and written behind the last line.
static void TG(copy_patches)(
  const TG(Patches) *patches, size_t first, size_t line_count, const TG(Run) *runs, size_t run_count, SCALAR *to,
  size_t step) {
  for (size_t line = 0; line < line_count; line++, to += step) {
    const SCALAR *const x = patches->data + patches->lines[first + line];
    for (size_t r = 0; r < run_count; r++)
      for (size_t i = 0; i < runs[r].count; i += TG(LANES))
        *(TG(loose_lanes) *)(to + runs[r].to + i) = *(const TG(loose_lanes) *)(x + runs[r].from + (ptrdiff_t)i);
  }
}

/// A panel of `count` columns from `column` on, `depth` deep from p on, as `pack` makes it; its rows have no vector that
/// overlaps, where columns are places.
static void TG(pack_patches)(
  const TG(Patches) *patches, size_t column, size_t count, size_t p, size_t depth, SCALAR *panel, size_t step) {
  TG(Run) runs[TG(CHUNK)];
  if (!patches->is_transposed) {
    const size_t run_count = TG(cut_runs)(patches, column, count, runs);
    TG(copy_patches)(patches, p, depth, runs, run_count, panel, step);
    return;
  }
  // Lines run along k: some of them, in the first-level cache, are turned into the panel.
  SCALAR lines[TG(LANES) * TG(LINE_STEP)] __attribute__((aligned(64)));
  const size_t run_count = TG(cut_runs)(patches, p, depth, runs);
  for (size_t first = 0; first < count; first += TG(LANES)) {
    const size_t start = TG(vector_start)(first, count, true), line_count = TG(smaller)(count - start, TG(LANES));
    TG(copy_patches)(patches, column + start, line_count, runs, run_count, lines, TG(LINE_STEP));
    TG(pack_along)((TG(Factor)){lines, TG(LINE_STEP), 1}, line_count, false, depth, panel + first, step);
  }
}
