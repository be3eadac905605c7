/// What a back end says about itself and the machine, as JSON.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace portico {

/// A device by the name that a configuration gives it.
struct DeviceDescription {
    std::string name;
    std::string description;
};

/// What `describe` of a back end tells.
struct Description {
    std::string version;
    std::vector<DeviceDescription> devices;
    int threads;
    std::vector<std::string> precisions;
};

/// The instruction sets of this processor that inference gains from, such as `avx2`, `avx512f`, `amx-bf16`.
std::vector<std::string> instructionSets();

/// The processor's own name; `cpu` where the system does not tell.
std::string processorName();

/// Writes a description as JSON.
///
/// - Returns: its length in bytes; `buffer` has all of it and a NUL where that is less than `size`.
size_t write(const Description &description, char *buffer, size_t size);

}  // namespace portico
