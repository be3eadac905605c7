#include <COpenVINOBackend.h>

#include "OpenVINONetwork.hpp"
#include "Probe.hpp"

#include <CInferenceSupport/Description.hpp>
#include <CInferenceSupport/OpenVINOFailure.hpp>

#include <openvino/core/version.hpp>

#include <thread>

struct portico_network {
    portico::OpenVINONetwork network;
};

namespace portico {
namespace {

/// The version without the build's number and commit, such as `2026.4.1`.
const std::string &version() {
    static const std::string &version = *new std::string([] {
        const std::string build = ov::get_openvino_version().buildNumber;
        return build.substr(0, build.find('-'));
    }());
    return version;
}

size_t describe(char *buffer, size_t size) noexcept {
    try {
        Description description{version(), {}, static_cast<int>(std::thread::hardware_concurrency()), {"float32"}};
        description.devices.push_back({"cpu", engine().get_property("CPU", ov::device::full_name)});
        if (multipliesBFloat16()) description.precisions.push_back("bfloat16");
        return write(description, buffer, size);
    } catch (...) {
        return 0;
    }
}

int32_t probe(const char *name, int32_t threads, double seconds, double *speed,
              portico_inference_error *error) noexcept {
    *speed = 0;
    return guarded(error, PORTICO_INFERENCE_FAILED, openVINOFailure, [&] { *speed = convolutionSpeed(name, threads, seconds); });
}

int32_t load(const char *path, const portico_load_options *options, portico_network **network,
             portico_load_report *report, portico_inference_error *error) noexcept {
    *network = nullptr;
    *report = {};
    return guarded(error, PORTICO_INFERENCE_BAD_MODEL, openVINOFailure, [&] {
        if (std::string(options->device) != "cpu") {
            throw Failure{PORTICO_INFERENCE_NO_DEVICE, "device " + std::string(options->device) +
                                                           " is not available: OpenVINO runs on cpu here; torch runs "
                                                           "on CUDA"};
        }
        *network = new portico_network{OpenVINONetwork(path, *options, *report)};
    });
}

int32_t run(portico_network *network, const portico_tensor *input, portico_tensor *output,
            portico_inference_error *error) noexcept {
    *output = {};
    return guarded(error, PORTICO_INFERENCE_FAILED, openVINOFailure, [&] {
        if (input->rank < 1 || input->rank > PORTICO_MAX_RANK || input->elements == nullptr) {
            throw Failure{PORTICO_INFERENCE_BAD_INPUT, "the input is no tensor"};
        }
        const ov::Shape shape(input->shape, input->shape + input->rank);
        auto result = network->network.run(input->elements, shape);
        const ov::Shape &given = result->tensor().get_shape();
        if (given.size() > PORTICO_MAX_RANK) {
            throw Failure{PORTICO_INFERENCE_BAD_OUTPUT, "the output has " + std::to_string(given.size()) + " axes"};
        }
        for (size_t axis = 0; axis < given.size(); ++axis) output->shape[axis] = static_cast<int64_t>(given[axis]);
        output->rank = static_cast<int32_t>(given.size());
        output->element_type = network->network.elementType();
        output->elements = result->tensor().data<float>();
        output->owner = result.release();
    });
}

void releaseOutput(portico_tensor *output) noexcept {
    delete static_cast<PooledOutput *>(output->owner);
    *output = {};
}

void unload(portico_network *network) noexcept { delete network; }

}  // namespace
}  // namespace portico

extern "C" const portico_backend_table *portico_backend(void) {
    static const portico_backend_table table = {
        PORTICO_INFERENCE_ABI_VERSION, "openvino", portico::version().c_str(), portico::describe, portico::probe,
        portico::load, portico::run, portico::releaseOutput, portico::unload,
    };
    return &table;
}
