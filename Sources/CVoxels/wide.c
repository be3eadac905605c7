// For processors with AVX2 and fused multiplications, which is all of them since 2013 or 2015.
#ifdef __x86_64__
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "levels.h"

#define LEVEL(name) wide_##name
#define FUSED(a, b, c) __builtin_fmaf(a, b, c)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernels.h"
#pragma clang attribute pop
#endif
