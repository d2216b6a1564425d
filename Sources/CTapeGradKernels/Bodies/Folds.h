// What a reduction does with its elements: it combines a term of each, in an order that depends on the length only.
//
// Along the reduced axis, blocks of 1024 elements; in a block 16 lanes, lane k mod 16 taking element k in ascending
// order from the identity; then lane j with lane j + 8, j + 4, j + 2, j + 1; then blocks in pairs, pairs of blocks in
// pairs, and so on. FoldRow.h does so for an axis whose elements are neighbors, FoldColumns.h for many axes side by
// side; both give the same bits, on every instruction set. A sum's error is at most 64 + 4 + ⌈log₂ blocks⌉ roundings.
//
//   20 elements      lane 0: x₀, then x₁₆    lane 3: x₃, then x₁₉    lane 4: x₄ only     (each after the identity)
//                    16 lanes → 8:  l₀ + l₈, l₁ + l₉, …  → 4 → 2 → 1
//   2,500 elements   blocks b₀, b₁ of 1024 and b₂ of 452:  (b₀ + b₁) + b₂
//
// Why so. Floating-point addition is not associative, so every order gives other last digits. This order is the same
// for a vector of 4, 8 or 16 lanes (lane k mod 16 is spread over four, two or one of them), for any number of threads
// (no sum is divided among them), and for any place of the axis. And it is accurate: an element goes through at most 64
// additions in its lane, 4 across the lanes and one for each level of blocks, where the obvious loop has one for each
// element after it.

// The reductions of FunctionList.h, and two that logSumExp is made of.
#define TG_FOLD_CASE(name, ...) TG(name),
typedef enum {
  TG_REDUCTIONS(TG_FOLD_CASE)
  // How many elements equal the reference.
  TG(Ties),
  // The sum of exp(x − reference) over the elements that differ from the reference, a maximum.
  TG(ExpBelow),
} TG(Fold);
#undef TG_FOLD_CASE

enum { TG(FOLD_LANES) = 16, TG(FOLD_BLOCK) = 1024, TG(FOLD_LEVELS) = 48 };

// For vectors and for scalars; `fold` is a constant wherever it is used, so that one branch remains.
#define TG_FOLD_COMBINED(name, reading, identity, combined) chosen == TG(name) ? (combined) :
#define COMBINE(fold, first, second) \
  ({ \
    const TG(Fold) chosen = fold; \
    const __typeof__(first) a = first; \
    const __typeof__(second) b = second; \
    TG_REDUCTIONS(TG_FOLD_COMBINED) a + b; \
  })

INLINE SCALAR TG(identity)(TG(Fold) fold) {
#define TG_FOLD_IDENTITY(name, reading, identity, combined) fold == TG(name) ? (SCALAR)(identity) :
  return TG_REDUCTIONS(TG_FOLD_IDENTITY) 0;
#undef TG_FOLD_IDENTITY
}

// An element whose term is the identity.
INLINE SCALAR TG(padding)(TG(Fold) fold) {
  return fold == TG(Ties) ? (SCALAR)NAN : fold == TG(ExpBelow) ? (SCALAR)-INFINITY : TG(identity)(fold);
}

// What element x contributes. For the plain reductions, itself.
INLINE VECTOR TG(term)(TG(Fold) fold, VECTOR x, VECTOR reference) {
  switch (fold) {
    case TG(Ties): return x == reference ? TG(splat)(1) : TG(splat)(0);
    case TG(ExpBelow): return x == reference ? TG(splat)(0) : TG(exp_of_negative)(x - reference);
    default: return x;
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
