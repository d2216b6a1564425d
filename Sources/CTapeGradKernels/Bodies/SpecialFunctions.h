// Functions beyond the C library's, of one number in double precision; SpecialFunctions.c holds them. They are compiled
// once, not for each instruction set, so all sets have the same bits.

#ifndef TG_SPECIAL_FUNCTIONS_H
#define TG_SPECIAL_FUNCTIONS_H

/// ln |Γ(x)|, on any thread: C's own lgamma writes the sign to a global variable.
double tg_log_gamma(double x);

/// The derivative of ln Γ of order n + 1: digamma for n = 0, trigamma for n = 1.
double tg_polygamma(double n, double x);

/// Φ(x) = ½·erfc(−x/√2), the probability that a number from the standard normal distribution is below x.
double tg_normal_distribution(double x);

/// The remainder of x by y that has the sign of y, and lies below it: x − y·⌊x/y⌋ without its roundings.
double tg_floored_remainder(double x, double y);

#endif
