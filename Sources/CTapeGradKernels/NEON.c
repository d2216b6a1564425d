// The kernels for 64-bit ARM, whose vectors and fused multiply-add are always there.
#if defined(__aarch64__)
#define TG_SET neon
#define TG_FMA 1
#include "Bodies/All.h"
#endif
