// Folds along an axis whose elements are neighbors. Folds.h gives the order.
//
// The 16 lanes are one vector of floats or two of doubles (`Lanes`), which the compiler keeps in registers.

enum { TG(LANE_VECTORS) = TG(FOLD_LANES) / VECTOR_LANES };
typedef struct { VECTOR parts[TG(LANE_VECTORS)]; } TG(Lanes);

// 16 lanes to one: each step combines the lower half with the upper half.
INLINE SCALAR TG(combine_lanes)(TG(Fold) fold, TG(Lanes) lanes) {
  typedef SCALAR Eight __attribute__((ext_vector_type(8)));
  typedef SCALAR Four __attribute__((ext_vector_type(4)));
  typedef SCALAR Two __attribute__((ext_vector_type(2)));
  Eight halves[2];
  memcpy(halves, &lanes, sizeof halves);
  const Eight eight = COMBINE(fold, halves[0], halves[1]);
  const Four four = COMBINE(fold, eight.lo, eight.hi);
  const Two two = COMBINE(fold, four.lo, four.hi);
  return COMBINE(fold, two.lo, two.hi);
}

// Where every lane begins: 0 of a sum, −∞ of a maximum.
INLINE TG(Lanes) TG(identity_lanes)(TG(Fold) fold) {
  TG(Lanes) lanes;
  for (size_t v = 0; v < TG(LANE_VECTORS); v++) lanes.parts[v] = TG(splat)(TG(identity)(fold));
  return lanes;
}

// One step: every lane takes the next of its elements.
INLINE void TG(take_lanes)(TG(Fold) fold, TG(Lanes) *lanes, TG(Lanes) x, VECTOR reference) {
#pragma clang loop unroll(full)
  for (size_t v = 0; v < TG(LANE_VECTORS); v++) {
    const VECTOR term = TG(term)(fold, x.parts[v], reference);
    lanes->parts[v] = COMBINE(fold, lanes->parts[v], term);
  }
}

INLINE TG(Lanes) TG(load_lanes)(const SCALAR *from) {
  TG(Lanes) lanes;
  memcpy(&lanes, from, sizeof lanes);
  return lanes;
}

// The last, fewer than 16, elements of a row.
INLINE TG(Lanes) TG(load_last_lanes)(TG(Fold) fold, const SCALAR *from, size_t count, const SCALAR *end) {
  TG(Lanes) lanes;
#pragma clang loop unroll(full)
  for (size_t v = 0; v < TG(LANE_VECTORS); v++) {
    const size_t before = v * VECTOR_LANES, left = count > before ? count - before : 0;
    lanes.parts[v] = left >= VECTOR_LANES ? TG(load)(from + before) : TG(load_padded)(fold, from + before, left, end);
  }
  return lanes;
}

// A block of up to 1024 elements of an array that ends at `end`.
INLINE SCALAR TG(fold_block)(TG(Fold) fold, const SCALAR *x, size_t length, const SCALAR *end, VECTOR reference) {
  TG(Lanes) lanes = TG(identity_lanes)(fold);
  size_t k = 0;
  for (; k + TG(FOLD_LANES) <= length; k += TG(FOLD_LANES))
    TG(take_lanes)(fold, &lanes, TG(load_lanes)(x + k), reference);
  if (k < length) TG(take_lanes)(fold, &lanes, TG(load_last_lanes)(fold, x + k, length - k, end), reference);
  return TG(combine_lanes)(fold, lanes);
}

enum { TG(BLOCKS_AT_ONCE) = 4 };

// Full blocks side by side, where the terms cost nothing: each waits for its own additions only.
INLINE void TG(fold_blocks)(TG(Fold) fold, const SCALAR *x, VECTOR reference, SCALAR *totals) {
  TG(Lanes) lanes[TG(BLOCKS_AT_ONCE)];
#pragma clang loop unroll(full)
  for (size_t b = 0; b < TG(BLOCKS_AT_ONCE); b++) lanes[b] = TG(identity_lanes)(fold);
  for (size_t k = 0; k < TG(FOLD_BLOCK); k += TG(FOLD_LANES))
#pragma clang loop unroll(full)
    for (size_t b = 0; b < TG(BLOCKS_AT_ONCE); b++)
      TG(take_lanes)(fold, &lanes[b], TG(load_lanes)(x + b * TG(FOLD_BLOCK) + k), reference);
#pragma clang loop unroll(full)
  for (size_t b = 0; b < TG(BLOCKS_AT_ONCE); b++) totals[b] = TG(combine_lanes)(fold, lanes[b]);
}

// Totals of 2ⁱ blocks for the bits i of `blocks`, as in a binary counter: the largest first.
typedef struct {
  size_t blocks, depth;
  SCALAR totals[TG(FOLD_LEVELS)];
} TG(Counter);

// Adding a block to the counter carries as adding 1 to a binary number does; for five blocks:
//
//   block   totals afterwards           number of blocks
//   b₀      b₀                          1    = 001
//   b₁      b₀₁                         2    = 010     b₀ + b₁
//   b₂      b₀₁, b₂                     3    = 011
//   b₃      b₀₁₂₃                       4    = 100     b₀₁ + (b₂ + b₃)
//   b₄      b₀₁₂₃, b₄                   5    = 101     at the end: b₀₁₂₃ + b₄
//
// So the tree of blocks depends on their number only, in one pass, with no more memory than the number has bits.
INLINE void TG(count_block)(TG(Fold) fold, TG(Counter) *counter, SCALAR total) {
  for (size_t carry = counter->blocks; carry & 1; carry >>= 1) {
    const SCALAR earlier = counter->totals[--counter->depth];
    total = COMBINE(fold, earlier, total);
  }
  counter->totals[counter->depth++] = total;
  counter->blocks++;
}

// A row of an array that ends at `end`.
INLINE SCALAR TG(fold_row)(TG(Fold) fold, const SCALAR *x, size_t length, const SCALAR *end, SCALAR reference) {
  const VECTOR references = TG(splat)(reference);
  if (length <= TG(FOLD_BLOCK)) return TG(fold_block)(fold, x, length, end, references);
  TG(Counter) counter;
  counter.blocks = counter.depth = 0;
  size_t k = 0;
  const size_t group = TG(BLOCKS_AT_ONCE) * TG(FOLD_BLOCK);
  for (; fold != TG(ExpBelow) && k + group <= length; k += group) {
    SCALAR totals[TG(BLOCKS_AT_ONCE)];
    TG(fold_blocks)(fold, x + k, references, totals);
    for (size_t b = 0; b < TG(BLOCKS_AT_ONCE); b++) TG(count_block)(fold, &counter, totals[b]);
  }
  for (; k < length; k += TG(FOLD_BLOCK)) {
    const size_t count = length - k < TG(FOLD_BLOCK) ? length - k : TG(FOLD_BLOCK);
    TG(count_block)(fold, &counter, TG(fold_block)(fold, x + k, count, end, references));
  }
  SCALAR total = counter.totals[--counter.depth];
  while (counter.depth > 0) {
    const SCALAR earlier = counter.totals[--counter.depth];
    total = COMBINE(fold, earlier, total);
  }
  return total;
}
