// Runs the functions of one scalar type over their inputs, in threads. ulp.c includes this file once for each type.

// How far `result` is from `truth`, in ULP of the larger of |truth| and `magnitude`. A wrong NaN or a zero of the wrong
// sign counts as infinitely far; infinity as 2^(largest exponent), the next number if there was one.
static double NAME(ulp_error)(SCALAR result, WIDE truth, double magnitude) {
  if (result != result || truth != truth) return (result != result) == (truth != truth) ? 0 : INFINITY;
  if (truth == 0 && magnitude == 0) return result == 0 && !signbit(result) == !signbit(truth) ? 0 : INFINITY;
  const WIDE end = WIDE_FUNCTION(ldexp)(1, SCALAR_INFINITE_EXPONENT);
  const WIDE true_size = WIDE_FUNCTION(fabs)(truth), true_end = true_size > end ? end : true_size;
  const WIDE size = result < 0 ? -(WIDE)result : (WIDE)result, size_end = size > end ? end : size;
  const bool same_side = (result < 0) == (truth < 0);
  const WIDE distance = same_side ? WIDE_FUNCTION(fabs)(size_end - true_end) : size_end + true_end;
  if (distance == 0) return 0;
  int exponent;
  WIDE_FUNCTION(frexp)(true_end > magnitude ? true_end : magnitude, &exponent);
  if (exponent > SCALAR_INFINITE_EXPONENT) exponent = SCALAR_INFINITE_EXPONENT;
  if (exponent < SCALAR_LEAST_EXPONENT) exponent = SCALAR_LEAST_EXPONENT;
  return (double)WIDE_FUNCTION(ldexp)(distance, SCALAR_DIGITS - exponent);
}

static WIDE NAME(within_range)(WIDE x) {
  return x > SCALAR_END ? SCALAR_END : x < -SCALAR_END ? -SCALAR_END : x;
}

// Whether the error may exceed `known`, without division: the compiler makes vector instructions of this. Where it says so
// of a block, errors are counted; that is rare once a large error is known.
static int NAME(may_be_worse)(SCALAR result, WIDE truth, double known) {
  const WIDE near = NAME(within_range)(truth);
  const WIDE distance = WIDE_FUNCTION(fabs)(NAME(within_range)(result) - near);
  const int is_close = distance <= known * NAME(least_ulp)(near);
  const int is_same_zero = (result == 0) & (!signbit(result) == !signbit(truth));
  const int are_nan = (result != result) & (truth != truth);
  return !(are_nan | (is_close & ((truth != 0) | is_same_zero)));
}

typedef struct {
  const Options *options;
  const NAME(Function) *function;
  uint64_t first, end;
  void (*fill)(const Options *, uint64_t, SCALAR *);
  Worst worst[MOST_SETS];
} NAME(Share);

static void *NAME(measure_share)(void *context) {
  NAME(Share) *share = context;
  const NAME(Function) *function = share->function;
  const SCALAR label = (SCALAR)function->label;
  static _Thread_local SCALAR x[BATCH], y[BATCH];
  static _Thread_local WIDE wide[BATCH], truth[BATCH];
  for (uint64_t first = share->first; first < share->end; first += BATCH) {
    share->fill(share->options, first, x);
    for (int i = 0; i < BATCH; i++) wide[i] = x[i];
    function->truth(wide, truth);
    for (int s = 0; s < share->options->set_count; s++) {
      const TGKernelTable *set = share->options->sets[s];
      if (function->binary)
        set->NAME(binary)((TGBinary)function->operation, x, 0, 1, &label, 0, 0, y, 1, BATCH);
      else
        set->NAME(unary)((TGUnary)function->operation, x, y, BATCH, label);
      for (int start = 0; start < BATCH; start += BLOCK) {
        const double known = share->worst[s].error;
        int doubts = 0;
        for (int i = start; i < start + BLOCK; i++) doubts |= NAME(may_be_worse)(y[i], truth[i], known);
        for (int i = start; doubts && i < start + BLOCK; i++) {
          if (!NAME(may_be_worse)(y[i], truth[i], known)) continue;
          const double error = NAME(ulp_error)(y[i], truth[i], function->magnitude);
          if (error > share->worst[s].error) share->worst[s] = (Worst){error, x[i]};
        }
      }
    }
  }
  return NULL;
}

// Prints a line for each function and set; whether all bounds hold.
static bool NAME(measure_all)(
  const char *type, const Options *options, uint64_t count, void (*fill)(const Options *, uint64_t, SCALAR *)) {
  bool passed = true;
  for (size_t f = 0; f < sizeof NAME(functions) / sizeof *NAME(functions); f++) {
    const NAME(Function) *function = &NAME(functions)[f];
    if (options->only != NULL && strcmp(options->only, function->name) != 0) continue;
    pthread_t threads[THREADS];
    NAME(Share) shares[THREADS];
    for (int t = 0; t < THREADS; t++) {
      const uint64_t first = count / THREADS * (uint64_t)t / BATCH * BATCH;
      const uint64_t end = t == THREADS - 1 ? count : count / THREADS * (uint64_t)(t + 1) / BATCH * BATCH;
      shares[t] = (NAME(Share)){options, function, first, end, fill, {{0, 0}}};
      if (pthread_create(&threads[t], NULL, NAME(measure_share), &shares[t]) != 0) abort();
    }
    for (int t = 0; t < THREADS; t++) pthread_join(threads[t], NULL);
    for (int s = 0; s < options->set_count; s++) {
      Worst worst = shares[0].worst[s];
      for (int t = 1; t < THREADS; t++)
        if (shares[t].worst[s].error > worst.error) worst = shares[t].worst[s];
      const bool good = worst.error <= function->bound;
      printf("%-8s%-22s%-10s%8.3f%8.1f  %a%s\n", type, function->name, options->sets[s]->name, worst.error,
        function->bound, worst.at, good ? "" : "  EXCEEDED");
      fflush(stdout);
      passed &= good;
    }
  }
  return passed;
}
