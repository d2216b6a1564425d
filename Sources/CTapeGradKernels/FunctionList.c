// What the lists say of each function beside its loop.
//
// A list calls the macro that it is given once for each function. So `TG_UNARY_FUNCTIONS(TG_COST)` becomes `0.1, 0.1,
// …`, in the order of the enumeration, which comes from the same list: the case is the index.

#include "CTapeGradKernels.h"

#define TG_COST(name, cost, reading, kind, formula) cost,
#define TG_READING(name, cost, reading, kind, formula) reading,
#define TG_REDUCTION_READING(name, reading, identity, formula) reading,

double tg_unary_cost(TGUnary function) {
  static const double costs[] = {TG_UNARY_FUNCTIONS(TG_COST)};
  return costs[function];
}

double tg_binary_cost(TGBinary function) {
  static const double costs[] = {TG_BINARY_FUNCTIONS(TG_COST)};
  return costs[function];
}

const char *tg_unary_reading(TGUnary function) {
  static const char *const readings[] = {TG_UNARY_FUNCTIONS(TG_READING)};
  return readings[function];
}

const char *tg_binary_reading(TGBinary function) {
  static const char *const readings[] = {TG_BINARY_FUNCTIONS(TG_READING)};
  return readings[function];
}

const char *tg_reduction_reading(TGReduction function) {
  static const char *const readings[] = {TG_REDUCTIONS(TG_REDUCTION_READING)};
  return readings[function];
}
