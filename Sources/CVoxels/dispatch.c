#include "levels.h"

#ifdef __x86_64__
// The answer is found once by the compiler's library, before `main`; asking is reading a word.
static int is_wide(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

#define CALL(name, ...) (is_wide() ? wide_##name(__VA_ARGS__) : baseline_##name(__VA_ARGS__))

void (*pvx_sigmoid_at(int level))(float *values, size_t count) {
    return level == 0 ? baseline_sigmoid : level == 1 && is_wide() ? wide_sigmoid : NULL;
}
#else
#define CALL(name, ...) baseline_##name(__VA_ARGS__)

void (*pvx_sigmoid_at(int level))(float *values, size_t count) { return level == 0 ? baseline_sigmoid : NULL; }
#endif

void pvx_softmax(float *values, size_t channels, size_t voxels, size_t count, float *largest, float *sums) {
    CALL(softmax, values, channels, voxels, count, largest, sums);
}

void pvx_sigmoid(float *values, size_t count) { CALL(sigmoid, values, count); }

void pvx_argmax(const float *values, size_t channels, size_t voxels, size_t count, float *best, float *chosen) {
    CALL(argmax, values, channels, voxels, count, best, chosen);
}

void pvx_sum(
    const float *values, size_t count, double shift, int squares, int skips_zeros, double *number, double *sum) {
    CALL(sum, values, count, shift, squares, skips_zeros, number, sum);
}

void pvx_mix(
    const float *low, const float *high, float low_weight, float high_weight, size_t count, float *result) {
    CALL(mix, low, high, low_weight, high_weight, count, result);
}

void pvx_pick(const float *line, const int32_t *indices, size_t count, float filler, float *result) {
    CALL(pick, line, indices, count, filler, result);
}

void pvx_mix_picked(
    const float *line, const int32_t *low, const int32_t *high, const float *low_weight, const float *high_weight,
    size_t count, float *result) {
    CALL(mix_picked, line, low, high, low_weight, high_weight, count, result);
}

void pvx_trilinear(const struct pvx_line *line, size_t count, float *result) { CALL(trilinear, line, count, result); }
