// What a reduction does with its elements: it combines a term of each, in an order that depends on the length only.
//
// Along the reduced axis, blocks of 1024 elements; in a block 16 lanes, lane k mod 16 taking element k in ascending
// order from the identity; then lane j with lane j + 8, j + 4, j + 2, j + 1; then blocks in pairs, pairs of blocks in
// pairs, and so on. FoldRow.h does so for an axis whose elements are neighbours, FoldColumns.h for many axes side by
// side; both give the same bits, on every instruction set. A sum's error is at most 64 + 4 + ⌈log₂ blocks⌉ roundings.

typedef enum {
  TG(Sum),
  TG(Maximum),
  TG(Minimum),
  // How many elements equal the reference.
  TG(Ties),
  // The sum of exp(x − reference) over the elements that differ from the reference, a maximum.
  TG(ExpBelow),
} TG(Fold);

enum { TG(FOLD_LANES) = 16, TG(FOLD_BLOCK) = 1024, TG(FOLD_LEVELS) = 48 };

// For vectors and for scalars; `fold` is a constant wherever it is used, so that one branch remains.
#define COMBINE(fold, a, b) \
  ((fold) == TG(Maximum) ? MAXIMUM(a, b) : (fold) == TG(Minimum) ? MINIMUM(a, b) : (a) + (b))

INLINE SCALAR TG(identity)(TG(Fold) fold) {
  return fold == TG(Maximum) ? (SCALAR)-INFINITY : fold == TG(Minimum) ? (SCALAR)INFINITY : 0;
}

// An element whose term is the identity.
INLINE SCALAR TG(padding)(TG(Fold) fold) {
  return fold == TG(Ties) ? (SCALAR)NAN : fold == TG(ExpBelow) ? (SCALAR)-INFINITY : TG(identity)(fold);
}

INLINE VECTOR TG(term)(TG(Fold) fold, VECTOR x, VECTOR reference) {
  switch (fold) {
    case TG(Sum):
    case TG(Maximum):
    case TG(Minimum): return x;
    case TG(Ties): return x == reference ? TG(splat)(1) : TG(splat)(0);
    case TG(ExpBelow): return x == reference ? TG(splat)(0) : TG(exp_of_negative)(x - reference);
  }
}

// The first `count` elements, and the fold's padding behind them. Where the array goes on to `end`, a whole vector may be
// read; otherwise the elements make a detour.
INLINE VECTOR TG(load_padded)(TG(Fold) fold, const SCALAR *from, size_t count, const SCALAR *end) {
  static const SCALAR places[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const VECTOR padding = TG(splat)(TG(padding)(fold));
  if (count == 0) return padding;
  if ((size_t)(end - from) >= VECTOR_LANES) return TG(load)(places) < (SCALAR)count ? TG(load)(from) : padding;
  SCALAR few[VECTOR_LANES];
  TG(store)(few, padding);
  TG(copy_few)(from, few, count);
  return TG(load)(few);
}
