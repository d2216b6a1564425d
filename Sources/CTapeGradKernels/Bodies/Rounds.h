// Element-wise steps on a few elements, round after round: a recurrence. Of s ← a·s + u, in two steps for each
// round, with the states after all rounds as rows of y,
//
//   round   t = a·s             s′ = t + u            from round to round
//   1       a, y row 0 → t      t, u row 1 → y row 1      a and t stay where they are
//   2       a, y row 1 → t      t, u row 2 → y row 2      s, u and s′ go on by a row
//
// A round of a dozen elements takes some nanoseconds: less than it takes to find out anew what to do and where. (This very
// round is a chain, and done without going through memory: Recurrence.h.)

static void TG(rounds)(TGRoundStep *steps, size_t count, size_t rounds) {
  if (TG(recurrence)(steps, count, rounds)) return;
  for (size_t round = 0; round < rounds; round++)
    for (TGRoundStep *step = steps; step < steps + count; step++) {
      const size_t rows = step->rows, columns = step->columns;
      const TGRoundOperand a = step->a, b = step->b, mask = step->mask, y = step->y;
      switch (step->kind) {
        case TGRoundStepUnary:
          TG(unary)((TGUnary)step->function, a.start, y.start, rows * columns, (SCALAR)step->number);
          break;
        case TGRoundStepBinary:
          if (rows == 1 && columns > 1)
            TG(binary_loops)[step->function](
              (TG(Operand)){a.start, 0, a.column}, (TG(Operand)){b.start, 0, b.column}, y.start, 1, columns);
          else
            TG(binary)(
              (TGBinary)step->function, a.start, a.row, a.column, b.start, b.row, b.column, y.start, rows, columns);
          break;
        case TGRoundStepSelect: TG(select)(mask.start, a.start, b.start, y.start, rows * columns); break;
      }
      step->a.start = (char *)a.start + a.move;
      step->b.start = (char *)b.start + b.move;
      step->mask.start = (char *)mask.start + mask.move;
      step->y.start = (char *)y.start + y.move;
    }
}
