/// The speed of a device.
#pragma once

#include <cstdint>
#include <string>

namespace portico {

/// The thousand millions of multiplications and additions that a convolution does in a second; throws what OpenVINO
/// throws, and `Failure`.
double convolutionSpeed(const std::string &device, int32_t threads, double seconds);

}  // namespace portico
