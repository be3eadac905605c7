/// Devices that networks run on.
#pragma once

#include <CInferenceSupport/Description.hpp>

#include <c10/core/Device.h>

#include <string>
#include <vector>

namespace portico {

/// Reads `cpu`, `cuda` or `cuda:N` and makes sure that the device is there; throws `Failure` where it isn't.
c10::Device device(const std::string &name);

/// The CUDA devices that there are, with the names that the driver gives them.
std::vector<DeviceDescription> cudaDevices();

/// Loads torch's CUDA library if it lies beside the CPU one. Torch looks for CUDA once and remembers the answer, so
/// this comes before anything else.
void loadCUDA();

}  // namespace portico
