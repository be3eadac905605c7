// The loops themselves, included once for each level with LEVEL(name) and FUSED(a, b, c) defined.
//
// Products and sums are rounded one by one, as torch rounds them, wherever FUSED does not say otherwise.
#pragma STDC FP_CONTRACT OFF

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "include/CVoxels.h"

// e to the power of a float32, with the roundings of SLEEF's `expf`, which torch calls for softmax and sigmoid on
// processors that fuse multiplications with additions (error below one unit in the last place).
//
// The power of two nearest to the result is split off, ln 2 being subtracted in two parts, and a polynomial of the
// sixth degree gives the rest.
static inline float bits(uint32_t pattern) {
    float value;
    memcpy(&value, &pattern, sizeof value);
    return value;
}

static inline float exponential(float x) {
    const float magic = 0x1.8p23f;
    const float shifted = x * 1.442695040888963407f + magic;
    uint32_t pattern;
    memcpy(&pattern, &shifted, sizeof pattern);
    const int32_t power = (int32_t)(pattern - 0x4B400000u);
    const float whole = shifted - magic;
    const float first = FUSED(whole, -0.693145751953125f, x);
    const float rest = FUSED(whole, -1.428606765330187045e-06f, first);
    float sum = FUSED(0.000198527617612853646278381f, rest, 0.00139304355252534151077271f);
    sum = FUSED(sum, rest, 0.00833336077630519866943359f);
    sum = FUSED(sum, rest, 0.0416664853692054748535156f);
    sum = FUSED(sum, rest, 0.166666671633720397949219f);
    sum = FUSED(sum, rest, 0.5f);
    const float mantissa = 1 + FUSED(rest * rest, sum, rest);
    // Two factors, because one alone could not hold the powers of the smallest and largest results.
    const int32_t half = power >> 1;
    const float scaled = (mantissa * bits((uint32_t)(half + 127) << 23)) * bits((uint32_t)(power - half + 127) << 23);
    return x < -104 ? 0 : x > 100 ? INFINITY : scaled;
}

void LEVEL(softmax)(
    float *restrict values, size_t channels, size_t voxels, size_t count, float *restrict largest,
    float *restrict sums) {
    for (size_t i = 0; i < count; i++) {
        largest[i] = values[i];
        sums[i] = 0;
    }
    for (size_t channel = 1; channel < channels; channel++) {
        const float *line = values + channel * voxels;
        // What is no number stays so.
        for (size_t i = 0; i < count; i++)
            largest[i] = line[i] > largest[i] || line[i] != line[i] ? line[i] : largest[i];
    }
    for (size_t channel = 0; channel < channels; channel++) {
        float *line = values + channel * voxels;
        for (size_t i = 0; i < count; i++) {
            const float value = exponential(line[i] - largest[i]);
            line[i] = value;
            sums[i] += value;
        }
    }
    for (size_t channel = 0; channel < channels; channel++) {
        float *line = values + channel * voxels;
        for (size_t i = 0; i < count; i++) line[i] /= sums[i];
    }
}

void LEVEL(sigmoid)(float *values, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] = 1 / (1 + exponential(0 - values[i]));
}

void LEVEL(argmax)(
    const float *restrict values, size_t channels, size_t voxels, size_t count, float *restrict best,
    float *restrict chosen) {
    for (size_t i = 0; i < count; i++) {
        best[i] = values[i];
        chosen[i] = 0;
    }
    for (size_t channel = 1; channel < channels; channel++) {
        const float *line = values + channel * voxels;
        const float label = (float)channel;
        for (size_t i = 0; i < count; i++) {
            const float value = line[i], known = best[i];
            // Not at most: true for what is no number too, unless that was met before.
            const int is_larger = !(value <= known) & (known == known);
            best[i] = is_larger ? value : known;
            chosen[i] = is_larger ? label : chosen[i];
        }
    }
}

// Groups of eight alone; what is left over at the end is not looked at.
static inline __attribute__((always_inline)) void sum_lanes(
    const float *values, size_t count, double shift, const int squares, const int skips_zeros, double *number,
    double *sum) {
    double sums[8] = {0}, numbers[8] = {0};
    for (size_t i = 0; i + 8 <= count; i += 8) {
        for (size_t lane = 0; lane < 8; lane++) {
            const float value = values[i + lane];
            const double distance = (double)value - shift;
            const double term = squares ? distance * distance : distance;
            const int counts = !skips_zeros || value != 0;
            sums[lane] += counts ? term : 0;
            numbers[lane] += counts ? 1 : 0;
        }
    }
    *sum = 0;
    *number = 0;
    for (size_t lane = 0; lane < 8; lane++) {
        *sum += sums[lane];
        *number += numbers[lane];
    }
}

void LEVEL(sum)(
    const float *values, size_t count, double shift, int squares, int skips_zeros, double *number, double *sum) {
    const size_t whole = count / 8 * 8;
    if (skips_zeros) {
        if (squares) sum_lanes(values, whole, shift, 1, 1, number, sum);
        else sum_lanes(values, whole, shift, 0, 1, number, sum);
    } else {
        if (squares) sum_lanes(values, whole, shift, 1, 0, number, sum);
        else sum_lanes(values, whole, shift, 0, 0, number, sum);
    }
    for (size_t i = whole; i < count; i++) {
        if (skips_zeros && values[i] == 0) continue;
        const double distance = (double)values[i] - shift;
        *number += 1;
        *sum += squares ? distance * distance : distance;
    }
}

void LEVEL(mix)(
    const float *low, const float *high, float low_weight, float high_weight, size_t count, float *restrict result) {
    for (size_t i = 0; i < count; i++) result[i] = FUSED(low[i], low_weight, high[i] * high_weight);
}

void LEVEL(pick)(
    const float *line, const int32_t *indices, size_t count, float filler, float *restrict result) {
    for (size_t i = 0; i < count; i++) {
        const int32_t index = indices[i];
        result[i] = index < 0 ? filler : line[index];
    }
}

void LEVEL(mix_picked)(
    const float *line, const int32_t *low, const int32_t *high, const float *low_weight, const float *high_weight,
    size_t count, float *restrict result) {
    for (size_t i = 0; i < count; i++)
        result[i] = FUSED(line[low[i]], low_weight[i], line[high[i]] * high_weight[i]);
}

void LEVEL(trilinear)(const struct pvx_line *line, size_t count, float *restrict result) {
    const double *lll = line->lll, *hll = line->hll, *lhl = line->lhl, *hhl = line->hhl;
    const double *llh = line->llh, *hlh = line->hlh, *lhh = line->lhh, *hhh = line->hhh;
    const double *low_z = line->low_z, *high_z = line->high_z;
    const double low_y = line->low_y, high_y = line->high_y, low_x = line->low_x, high_x = line->high_x;
    for (size_t z = 0; z < count; z++) {
        // torch's weights are (along Z · along Y) · along X, its corners in this order.
        const double ll = low_z[z] * low_y, hl = high_z[z] * low_y, lh = low_z[z] * high_y, hh = high_z[z] * high_y;
        double sum = lll[z] * (ll * low_x);
        sum += hll[z] * (hl * low_x);
        sum += lhl[z] * (lh * low_x);
        sum += hhl[z] * (hh * low_x);
        sum += llh[z] * (ll * high_x);
        sum += hlh[z] * (hl * high_x);
        sum += lhh[z] * (lh * high_x);
        sum += hhh[z] * (hh * high_x);
        result[z] = (float)sum;
    }
}
