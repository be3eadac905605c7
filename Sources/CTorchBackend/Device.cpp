#include "Device.hpp"

#include <CInferenceSupport/Guard.hpp>

#include <ATen/Parallel.h>
#include <torch/cuda.h>

#include <dlfcn.h>
#include <unistd.h>

#include <mutex>

namespace portico {
namespace {

std::string cudaProblem;  // Written once, under `cudaOnce`.
std::once_flag cudaOnce;

Failure unavailable(const std::string &name, const std::string &reason) {
    return {PORTICO_INFERENCE_NO_DEVICE, "device " + name + " is not available: " + reason};
}

}  // namespace

void loadCUDA() {
    std::call_once(cudaOnce, [] {
        Dl_info info;
        if (dladdr(reinterpret_cast<void *>(&at::get_num_threads), &info) == 0 || info.dli_fname == nullptr) {
            cudaProblem = "the folder of libtorch is unknown";
            return;
        }
        const std::string torch = info.dli_fname;
        const std::string path = torch.substr(0, torch.rfind('/') + 1) + "libtorch_cuda.so";
        if (access(path.c_str(), F_OK) != 0) {
            cudaProblem = "this torch is built for the CPU only (there is no " + path + ")";
        } else if (dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) {
            const char *reason = dlerror();
            cudaProblem = reason == nullptr ? "libtorch_cuda.so can't be loaded" : reason;
        }
    });
}

c10::Device device(const std::string &name) {
    loadCUDA();
    if (name == "cpu") return c10::Device(c10::kCPU);
    int index = 0;
    if (name != "cuda") {
        const std::string prefix = "cuda:";
        const std::string digits = name.compare(0, prefix.size(), prefix) == 0 ? name.substr(prefix.size()) : "";
        if (digits.empty() || digits.size() > 3 || digits.find_first_not_of("0123456789") != std::string::npos) {
            throw Failure{PORTICO_INFERENCE_NO_DEVICE, "there is no device " + name + "; name cpu, cuda or cuda:N"};
        }
        index = std::stoi(digits);
    }
    if (!cudaProblem.empty()) throw unavailable(name, cudaProblem);
    if (!torch::cuda::is_available()) throw unavailable(name, "no CUDA device or driver was found");
    const int count = static_cast<int>(torch::cuda::device_count());
    if (index >= count) throw unavailable(name, "there are " + std::to_string(count) + " CUDA devices, from cuda:0");
    return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
}

std::vector<DeviceDescription> cudaDevices() {
    loadCUDA();
    std::vector<DeviceDescription> devices;
    if (!cudaProblem.empty() || !torch::cuda::is_available()) return devices;
    // Torch has no name of a device without its CUDA headers; the driver has, in the order that torch counts them.
    void *const driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    using GetDevice = int (*)(int *device, int ordinal);
    using GetName = int (*)(char *name, int length, int device);
    const auto getDevice = driver == nullptr ? nullptr : reinterpret_cast<GetDevice>(dlsym(driver, "cuDeviceGet"));
    const auto getName = driver == nullptr ? nullptr : reinterpret_cast<GetName>(dlsym(driver, "cuDeviceGetName"));
    const int count = static_cast<int>(torch::cuda::device_count());
    for (int ordinal = 0; ordinal < count; ++ordinal) {
        char name[256] = "CUDA device";
        int handle = 0;
        if (getDevice != nullptr && getName != nullptr && getDevice(&handle, ordinal) == 0) {
            getName(name, sizeof name, handle);
        }
        devices.push_back({"cuda:" + std::to_string(ordinal), name});
    }
    return devices;
}

}  // namespace portico
