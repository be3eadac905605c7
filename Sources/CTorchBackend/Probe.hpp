/// The speed of a device.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>

namespace portico {

/// The thousand millions of multiplications and additions that a convolution does in a second; throws what torch throws.
double convolutionSpeed(c10::Device device, int32_t threads, double seconds);

}  // namespace portico
