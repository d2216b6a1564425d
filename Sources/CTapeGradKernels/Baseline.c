// The kernels for any machine: SSE2 on x86-64, the compiler's default elsewhere.
#define TG_SET baseline
#include "Bodies/All.h"
