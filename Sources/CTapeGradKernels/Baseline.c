// The kernels for any machine: SSE2 on x86-64, the compiler's default elsewhere.
//
// Without fused multiply-add, which the first x86-64 processors do not have: a·b + c rounds twice here, and the last
// digits may differ from those of the other sets. TAPEGRAD_INSTRUCTION_SET=baseline shows whether a difference comes
// from there.
#define TG_SET baseline
#include "Bodies/All.h"
