// The names of the loops at each level.
#pragma once

#include "include/CVoxels.h"

#define DECLARE(level)                                                                                                \
    void level##_softmax(float *, size_t, size_t, size_t, float *, float *);                                          \
    void level##_sigmoid(float *, size_t);                                                                            \
    void level##_argmax(const float *, size_t, size_t, size_t, float *, float *);                                     \
    void level##_sum(const float *, size_t, double, int, int, double *, double *);                                    \
    void level##_mix(const float *, const float *, float, float, size_t, float *);                                    \
    void level##_pick(const float *, const int32_t *, size_t, float, float *);                                        \
    void level##_mix_picked(                                                                                          \
        const float *, const int32_t *, const int32_t *, const float *, const float *, size_t, float *);              \
    void level##_trilinear(const struct pvx_line *, size_t, float *);

DECLARE(baseline)
DECLARE(wide)
