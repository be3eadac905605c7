/// Loops over voxels that gain several times from wide registers, compiled for each level of the processor.
///
/// The results are the same to the bit at every level, but for one value in 10⁹ of an exponential. No loop
/// allocates, and none keeps a pointer.
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Turns the channels of voxels into probabilities that add up to one.
///
/// `values` is the first voxel of channel 0; channels lie `voxels` values apart. `largest` and `sums` have room for
/// `count` values each.
void pvx_softmax(float *values, size_t channels, size_t voxels, size_t count, float *largest, float *sums);

/// Turns each value into one between 0 and 1.
void pvx_sigmoid(float *values, size_t count);

/// The function above as one level of the processor has it, 0 for any and 1 for AVX2; null where this one lacks that.
void (*_Nullable pvx_sigmoid_at(int level))(float *values, size_t count);

/// Writes the channel with the largest value of each voxel, the first of equals; what is no number is the largest.
///
/// `best` has room for `count` values.
void pvx_argmax(
    const float *values, size_t channels, size_t voxels, size_t count, float *best, float *chosen);

/// Adds up values less `shift`, or their squares, in float64: eight sums side by side, then those together.
///
/// With `skips_zeros` values that are zero are not counted.
void pvx_sum(
    const float *values, size_t count, double shift, int squares, int skips_zeros, double *number, double *sum);

/// Mixes two lines: the first times its weight, added to the rounded product of the second and its weight in one
/// rounding, as torch's compiler makes it of its linear interpolation.
void pvx_mix(
    const float *low, const float *high, float low_weight, float high_weight, size_t count, float *result);

/// Takes values of a line: `line[index]` for each of `count` results, or `filler` where the index is -1.
void pvx_pick(const float *line, const int32_t *indices, size_t count, float filler, float *result);

/// Mixes two values of a line for each result, as `pvx_mix` does, with weights of its own.
void pvx_mix_picked(
    const float *line, const int32_t *low, const int32_t *high, const float *low_weight, const float *high_weight,
    size_t count, float *result);

/// Takes memory from the system, in large pages where it has them; both numbers are multiples of the small page.
///
/// Returns null where there is none.
void *_Nullable pvx_map(size_t size, size_t alignment);

/// Gives memory back to the system, all or any pages of what `pvx_map` gave.
void pvx_unmap(void *start, size_t size);

/// What lies around a line of results: the voxels on both sides of each of them, and how much they count.
///
/// The first letter of a name is for Z, the second for Y, the third for X: `l` the lower side, `h` the higher one.
struct pvx_line {
    /// For each result the values at the eight corners.
    const double *lll, *hll, *lhl, *hhl, *llh, *hlh, *lhh, *hhh;
    /// How much both sides along Z count, for each result.
    const double *low_z, *high_z;
    /// How much both sides along Y and X count.
    double low_y, high_y, low_x, high_x;
};

/// Blends eight corners for each of `count` results, in float64 and in the order of torch's `grid_sample`.
void pvx_trilinear(const struct pvx_line *line, size_t count, float *result);

#pragma clang assume_nonnull end
