// For any processor of the architecture.
#include "levels.h"

#define LEVEL(name) baseline_##name
#ifdef __aarch64__
#define FUSED(a, b, c) __builtin_fmaf(a, b, c)
#else
// One rounding but for one case in 10⁹: the product of two float32 values is exact in float64. Without the processor's
// instruction `fmaf` is a call into the library.
#define FUSED(a, b, c) ((float)((double)(a) * (double)(b) + (double)(c)))
#endif
#include "kernels.h"
