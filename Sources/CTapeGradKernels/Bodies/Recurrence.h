// Recurrences whose rounds are one chain: each step combines what the step before it made with something else, by +, −, × or ÷.
// Of s ← a·s + u, a round is two links,
//
//   a · (the state)        link 1: ×, with a on its left
//   (that) + u             link 2: +, with u on its right
//
// and the state need not be in memory between two rounds: some columns of it stay in registers through all rounds, from the
// first row to the last, and only the rows of the result are written. (Step by step, as Rounds.h does it, a round of a
// dozen elements waits twice for what it wrote itself.) The derivative of any element-wise recurrence of one state is such a
// chain: c ← d·(c + ȳ).

// What the running value is combined with: elements from `start` on, one for each column or (step 0) one for all.
typedef struct {
  TGBinary function;
  bool is_right;  // whether it is the right operand
  const SCALAR *start;
  ptrdiff_t step, move;  // in elements; from round to round
} TG(Link);

enum { TG(MOST_LINKS) = 8, TG(CHAIN_VECTORS) = 4, TG(CHAIN_ROUNDS) = 32 };

// A step with a number, as a link; false where it is none.
INLINE bool TG(link_with_number)(const TGRoundStep *step, const SCALAR *number, TG(Link) *link) {
  switch (step->function) {
    case TGUnaryScale: *link = (TG(Link)){TGBinaryMultiply, false, number, 0, 0}; return true;
    case TGUnaryOffset: *link = (TG(Link)){TGBinaryAdd, true, number, 0, 0}; return true;
    case TGUnaryComplement: *link = (TG(Link)){TGBinarySubtract, false, number, 0, 0}; return true;
    case TGUnaryQuotient: *link = (TG(Link)){TGBinaryDivide, true, number, 0, 0}; return true;
    case TGUnaryReciprocal: *link = (TG(Link)){TGBinaryDivide, false, number, 0, 0}; return true;
    default: return false;
  }
}

INLINE bool TG(is_link)(const TGRoundStep *step) {
  return step->kind == TGRoundStepBinary &&
    (step->function == TGBinaryAdd || step->function == TGBinarySubtract || step->function == TGBinaryMultiply ||
     step->function == TGBinaryDivide);
}

// Whether an operand has an element for each column of one row, however many rows it is read as.
INLINE bool TG(is_full)(const TGRoundStep *step, TGRoundOperand operand) {
  return step->kind == TGRoundStepUnary || (operand.column == 1 && (step->rows == 1 || operand.row == (ptrdiff_t)step->columns));
}

INLINE bool TG(is_one_number)(const TGRoundStep *step, TGRoundOperand operand) {
  return operand.column == 0 && (step->rows == 1 || operand.row == 0);
}

// The links of a round, where it is a chain. `numbers` has room for the numbers of unary steps.
static bool TG(find_chain)(const TGRoundStep *steps, size_t count, TG(Link) *links, SCALAR *numbers) {
  if (count == 0 || count > TG(MOST_LINKS)) return false;
  const TGRoundOperand result = steps[count - 1].y;
  for (size_t k = 0; k < count; k++) {
    const TGRoundStep *step = &steps[k];
    if (step->rows * step->columns != steps->rows * steps->columns) return false;
    // What runs through the chain: the state, which is the row before the result's; then what the step before made.
    const void *running = k > 0 ? steps[k - 1].y.start : (const char *)result.start - result.move;
    const ptrdiff_t move = k > 0 ? 0 : result.move;
    if (k > 0 && steps[k - 1].y.move != 0) return false;
    const bool is_left = step->a.start == running && step->a.move == move && TG(is_full)(step, step->a);
    if (step->kind == TGRoundStepUnary) {
      numbers[k] = (SCALAR)step->number;
      if (!is_left || !TG(link_with_number)(step, &numbers[k], &links[k])) return false;
      continue;
    }
    if (!TG(is_link)(step)) return false;
    const TGRoundOperand other = is_left ? step->b : step->a;
    if (!is_left && (step->b.start != running || step->b.move != move || !TG(is_full)(step, step->b))) return false;
    if (!TG(is_full)(step, other) && !TG(is_one_number)(step, other)) return false;
    // It is made elsewhere: no step of the round writes it.
    for (size_t j = 0; j < count; j++) if (other.start == steps[j].y.start) return false;
    links[k] = (TG(Link)){
      (TGBinary)step->function, is_left, other.start, TG(is_full)(step, other) ? 1 : 0,
      other.move / (ptrdiff_t)sizeof(SCALAR)};
  }
  return true;
}

// A recurrence on the way: its links, the row that the next round makes, and how far the rows are apart.
typedef struct {
  TG(Link) links[TG(MOST_LINKS)];
  size_t count;
  SCALAR *y;
  ptrdiff_t move;
} TG(Chain);

// Some rounds on some columns: `vectors` vectors of them, or `few` elements where that is not 0. Every loop over vectors
// unrolls, and what to do is asked once for all of them: so the running values stay in registers.
#define TG_EACH_VECTOR _Pragma("clang loop unroll(full)") for (size_t v = 0; v < vectors; v++)
INLINE void TG(run_columns)(
  const TG(Chain) *chain, const size_t rounds, const size_t column, const size_t vectors, const size_t few) {
  VECTOR running[TG(CHAIN_VECTORS)], others[TG(CHAIN_VECTORS)];
  SCALAR *row = chain->y + column;
  TG_EACH_VECTOR {
    const SCALAR *state = row - chain->move + v * VECTOR_LANES;
    running[v] = few ? TG(load_few)(state, few) : TG(load)(state);
  }
  for (size_t round = 0; round < rounds; round++, row += chain->move) {
    for (size_t k = 0; k < chain->count; k++) {
      const TG(Link) link = chain->links[k];
      const SCALAR *other = link.start + (ptrdiff_t)round * link.move + (ptrdiff_t)column * link.step;
      if (link.step == 0)
        TG_EACH_VECTOR others[v] = TG(splat)(*other);
      else
        TG_EACH_VECTOR others[v] = few ? TG(load_few)(other, few) : TG(load)(other + v * VECTOR_LANES);
      switch (link.function) {
        case TGBinaryAdd:
          TG_EACH_VECTOR running[v] = running[v] + others[v];
          break;
        case TGBinaryMultiply:
          TG_EACH_VECTOR running[v] = running[v] * others[v];
          break;
        case TGBinarySubtract:
          TG_EACH_VECTOR running[v] = link.is_right ? running[v] - others[v] : others[v] - running[v];
          break;
        default:
          TG_EACH_VECTOR running[v] = link.is_right ? running[v] / others[v] : others[v] / running[v];
      }
    }
    TG_EACH_VECTOR {
      if (few) TG(store_few)(row, running[v], few);
      else TG(store)(row + v * VECTOR_LANES, running[v]);
    }
  }
}
#undef TG_EACH_VECTOR

// Some rounds on all columns.
static void TG(run_chain)(const TG(Chain) *chain, size_t rounds, size_t columns) {
  const size_t wide = TG(CHAIN_VECTORS) * VECTOR_LANES;
  if (columns < VECTOR_LANES) {
    TG(run_columns)(chain, rounds, 0, 1, columns);
    return;
  }
  size_t column = 0;
  for (; column + wide <= columns; column += wide) TG(run_columns)(chain, rounds, column, TG(CHAIN_VECTORS), 0);
  for (; column + VECTOR_LANES <= columns; column += VECTOR_LANES) TG(run_columns)(chain, rounds, column, 1, 0);
  // The last vector ends at the last column, and does some columns a second time.
  if (column < columns) TG(run_columns)(chain, rounds, columns - VECTOR_LANES, 1, 0);
}

// All rounds, where a round is a chain; false, and nothing done, where it is none. Some rounds at a time go through all
// columns, so that memory is read and written in its order.
static bool TG(recurrence)(const TGRoundStep *steps, size_t count, size_t rounds) {
  TG(Chain) chain;
  SCALAR numbers[TG(MOST_LINKS)];
  if (!TG(find_chain)(steps, count, chain.links, numbers)) return false;
  const TGRoundOperand result = steps[count - 1].y;
  chain.count = count;
  chain.y = result.start;
  chain.move = result.move / (ptrdiff_t)sizeof(SCALAR);
  for (size_t first = 0; first < rounds; first += TG(CHAIN_ROUNDS)) {
    const size_t some = rounds - first < TG(CHAIN_ROUNDS) ? rounds - first : TG(CHAIN_ROUNDS);
    TG(run_chain)(&chain, some, steps->rows * steps->columns);
    chain.y += (ptrdiff_t)some * chain.move;
    for (size_t k = 0; k < count; k++) chain.links[k].start += (ptrdiff_t)some * chain.links[k].move;
  }
  return true;
}
