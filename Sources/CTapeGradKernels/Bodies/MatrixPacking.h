// Packing: the rows or columns that a panel of tiles reads, rewritten so that the micro-kernel walks straight through
// memory. This is also where a transposed operand turns over, so no transpose is ever stored as a whole.
//
//   three lines that run along memory      panel with step 4            three lines side by side
//   a0 a1 a2 a3 …                          a0 b0 c0 ·   p = 0           a0 b0 c0 …    already in the
//   b0 b1 b2 b3 …               →          a1 b1 c1 ·   p = 1     ←     a1 b1 c1 …    panel's order
//   c0 c1 c2 c3 …                          a2 b2 c2 ·   p = 2           a2 b2 c2 …
//
// Why pay for a copy? The micro-kernel takes element p of every line, then p + 1 of every line. In place these may lie
// pages apart: each needs a line of the cache and an entry of the page table's cache, and lines that are a power of two
// apart push each other out. Packed, they are neighbors, and the panel is read again for every tile, up to hundreds of
// times.

// Sixteen bytes: what the cheap shuffles of every instruction set work within.
enum { TG(GROUP) = 16 / sizeof(SCALAR) };
typedef SCALAR TG(group) __attribute__((vector_size(16), aligned(sizeof(SCALAR)), may_alias));

// Which elements of two vectors (the second counts on from the first) the unpack instructions take: in every sixteen
// bytes, the first or the second halves of both, alternately.
#if TG_VECTOR_BYTES == 64
#define TG_LOW_32 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define TG_HIGH_32 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define TG_LOW_64 0, 8, 2, 10, 4, 12, 6, 14
#define TG_HIGH_64 1, 9, 3, 11, 5, 13, 7, 15
#elif TG_VECTOR_BYTES == 32
#define TG_LOW_32 0, 8, 1, 9, 4, 12, 5, 13
#define TG_HIGH_32 2, 10, 3, 11, 6, 14, 7, 15
#define TG_LOW_64 0, 4, 2, 6
#define TG_HIGH_64 1, 5, 3, 7
#else
#define TG_LOW_32 0, 4, 1, 5
#define TG_HIGH_32 2, 6, 3, 7
#define TG_LOW_64 0, 2
#define TG_HIGH_64 1, 3
#endif

/// `turned[t][i]` = element p + t of line i, for LANES lines and `runs` times GROUP elements: a transpose in registers.
///
/// Lines often lie a power of two apart, where the first-level cache holds only a few of them at the same time. So all
/// that is wanted of one line is read before the next: with LANES elements, a whole cache line of the widest vectors.
///
/// With vectors of four floats, lines a, b, c, d:
///
///   x            a0 a1 a2 a3    b0 b1 b2 b3    c0 c1 c2 c3    d0 d1 d2 d3
///   low, high    a0 b0 a1 b1    a2 b2 a3 b3    c0 d0 c1 d1    c2 d2 c3 d3
///   turned       a0 b0 c0 d0    a1 b1 c1 d1    a2 b2 c2 d2    a3 b3 c3 d3
///
/// Wider vectors do the same in each of their sixteen-byte quarters or halves, with line i + GROUP in the next quarter.
static inline __attribute__((always_inline)) void TG(turn)(
  const SCALAR *const lines[], ptrdiff_t p, const size_t runs, TG(lanes) turned[]) {
  // Lines i, GROUP + i, 2·GROUP + i, … go into one vector, sixteen bytes of each.
  union {
    TG(group) groups[TG(LANES) / TG(GROUP)];
    TG(lanes) all;
  } x[TG(LANES) / TG(GROUP)][TG(GROUP)];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < TG(LANES); i++)
#pragma clang loop unroll(full)
    for (size_t run = 0; run < runs; run++)
      x[run][i % TG(GROUP)].groups[i / TG(GROUP)] = *(const TG(group) *)(lines[i] + p + (ptrdiff_t)(run * TG(GROUP)));
#pragma clang loop unroll(full)
  for (size_t run = 0; run < runs; run++, turned += TG(GROUP)) {
#if TG_SCALAR_BYTES == 4
    typedef double Pairs __attribute__((vector_size(TG_VECTOR_BYTES)));
    const Pairs low01 = (Pairs)__builtin_shufflevector(x[run][0].all, x[run][1].all, TG_LOW_32);
    const Pairs low23 = (Pairs)__builtin_shufflevector(x[run][2].all, x[run][3].all, TG_LOW_32);
    const Pairs high01 = (Pairs)__builtin_shufflevector(x[run][0].all, x[run][1].all, TG_HIGH_32);
    const Pairs high23 = (Pairs)__builtin_shufflevector(x[run][2].all, x[run][3].all, TG_HIGH_32);
    turned[0] = (TG(lanes))__builtin_shufflevector(low01, low23, TG_LOW_64);
    turned[1] = (TG(lanes))__builtin_shufflevector(low01, low23, TG_HIGH_64);
    turned[2] = (TG(lanes))__builtin_shufflevector(high01, high23, TG_LOW_64);
    turned[3] = (TG(lanes))__builtin_shufflevector(high01, high23, TG_HIGH_64);
#else
    turned[0] = __builtin_shufflevector(x[run][0].all, x[run][1].all, TG_LOW_64);
    turned[1] = __builtin_shufflevector(x[run][0].all, x[run][1].all, TG_HIGH_64);
#endif
  }
}

/// The first line of the vector at place i of a panel of `count` lines: where `overlaps` says so, the last vector reaches
/// back into the one before rather than beyond the panel.
static inline size_t TG(vector_start)(size_t i, size_t count, bool overlaps) {
  return overlaps && i + TG(LANES) > count && count >= TG(LANES) ? count - TG(LANES) : i;
}

// Pointers to LANES lines. Those beyond `count` repeat the last one: they are read and computed with, and dropped.
static inline void TG(find_lines)(TG(Factor) factor, size_t count, const SCALAR *lines[]) {
#pragma clang loop unroll(disable) vectorize(disable)
  for (size_t i = 0; i < TG(LANES); i++) lines[i] = factor.data + (i < count ? i : count - 1) * factor.line_step;
}

// Element p of every line.
static inline __attribute__((always_inline)) TG(lanes) TG(gather)(const SCALAR *const lines[], size_t p) {
  TG(lanes) x;
  for (size_t i = 0; i < TG(LANES); i++) x[i] = lines[i][p];
  return x;
}

// `runs` times GROUP elements of LANES lines, transposed and written to the panel: LANES elements where there are so
// many left, else GROUP.
static inline __attribute__((always_inline)) void TG(pack_turned)(
  const SCALAR *const lines[], size_t p, const size_t runs, SCALAR *panel, size_t step) {
  TG(lanes) turned[TG(LANES)];
  TG(turn)(lines, (ptrdiff_t)p, runs, turned);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < runs * TG(GROUP); t++) *(TG(lanes) *)(panel + (p + t) * step) = turned[t];
}

// Lines that run along memory: transposed, LANES of them at a time.
static void TG(pack_along)(
  TG(Factor) factor, size_t count, bool overlaps, size_t depth, SCALAR *panel, size_t step) {
  for (size_t first = 0; first < count; first += TG(LANES), panel += TG(LANES)) {
    const SCALAR *lines[TG(LANES)];
    const size_t start = TG(vector_start)(first, count, overlaps);
    TG(find_lines)(TG(factor_from)(factor, start, 0), count - start, lines);
    size_t p = 0;
    for (; p + TG(LANES) <= depth; p += TG(LANES)) TG(pack_turned)(lines, p, TG(LANES) / TG(GROUP), panel, step);
    for (; p + TG(GROUP) <= depth; p += TG(GROUP)) TG(pack_turned)(lines, p, 1, panel, step);
    for (; p < depth; p++) *(TG(lanes) *)(panel + p * step) = TG(gather)(lines, p);
  }
}

// Lines that lie side by side: each row of the panel is a piece of a row in memory. What a vector has beyond the panel is
// zero. In a wide matrix the hardware does not see the next rows coming.
static void TG(pack_across)(
  TG(Factor) factor, size_t count, bool overlaps, size_t depth, SCALAR *panel, size_t step) {
  const SCALAR *x = factor.data;
  // As a rule the panel is as wide as a tile, and each of its rows a few vectors.
  if (count == TG(TILE_COLUMNS) && step == count) {
#pragma clang loop unroll_count(4)
    for (size_t p = 0; p < depth; p++, x += factor.depth_step, panel += step) {
      __builtin_prefetch(x + 8 * factor.depth_step);
#pragma clang loop unroll(full)
      for (size_t i = 0; i < TG(TILE_COLUMNS); i += TG(LANES))
        *(TG(lanes) *)(panel + i) = *(const TG(loose_lanes) *)(x + i);
    }
    return;
  }
  for (size_t p = 0; p < depth; p++, x += factor.depth_step, panel += step)
    for (size_t place = 0; place < count; place += TG(LANES)) {
      size_t i = TG(vector_start)(place, count, overlaps);
      SCALAR *to = panel + place;
      __builtin_prefetch(x + i + 8 * factor.depth_step);
      if (i + TG(LANES) <= count) {
        *(TG(lanes) *)to = *(const TG(loose_lanes) *)(x + i);
        continue;
      }
      *(TG(lanes) *)to = (TG(lanes)){0};
#pragma clang loop vectorize(disable)
      for (; i + TG(GROUP) <= count; i += TG(GROUP), to += TG(GROUP)) *(TG(group) *)to = *(const TG(group) *)(x + i);
#pragma clang loop vectorize(disable)
      for (; i < count; i++) *to++ = x[i];
    }
}

/// `panel[p·step + i]` = element p of line i, for `count` lines. `step` is `count` rounded up to LANES; the places between
/// hold numbers that no result depends on. Where `overlaps` says so and there is a whole vector of lines, the last LANES
/// places hold the last LANES lines.
static void TG(pack)(
  TG(Factor) factor, size_t count, bool overlaps, size_t depth, SCALAR *panel, size_t step) {
  if (factor.depth_step == 1) TG(pack_along)(factor, count, overlaps, depth, panel, step);
  else TG(pack_across)(factor, count, overlaps, depth, panel, step);
}

// A part of the panel that follows where none is packed, for each tile: it may come from main memory, and rows apart are
// too many for the hardware to see coming.
static inline void TG(prefetch_rows)(TG(Factor) next, size_t count, size_t first, size_t end) {
  for (size_t p = first; p < end; p += 64 / sizeof(SCALAR))
    for (size_t r = 0; r < count; r++) __builtin_prefetch(next.data + r * next.line_step + p);
}
