#include <CTorchBackend.h>

#include "Device.hpp"
#include "Probe.hpp"
#include "TorchNetwork.hpp"

#include <CInferenceSupport/Description.hpp>
#include <CInferenceSupport/Torch.hpp>

#include <ATen/Parallel.h>
#include <torch/version.h>

struct portico_network {
    portico::TorchNetwork network;
};

namespace portico {
namespace {

size_t describe(char *buffer, size_t size) noexcept {
    try {
        Description description{TORCH_VERSION, {{"cpu", processorName()}}, at::get_num_threads(), {"float32"}};
        for (auto &device : cudaDevices()) description.devices.push_back(std::move(device));
        return write(description, buffer, size);
    } catch (...) {
        return 0;
    }
}

int32_t probe(const char *name, int32_t threads, double seconds, double *speed,
              portico_inference_error *error) noexcept {
    *speed = 0;
    return guarded(error, PORTICO_INFERENCE_FAILED, torchFailure, [&] { *speed = convolutionSpeed(device(name), threads, seconds); });
}

int32_t load(const char *path, const portico_load_options *options, portico_network **network,
             portico_load_report *report, portico_inference_error *error) noexcept {
    *network = nullptr;
    *report = {};
    return guarded(error, PORTICO_INFERENCE_BAD_MODEL, torchFailure, [&] {
        if (options->precision != PORTICO_PRECISION_FLOAT32) {
            throw Failure{PORTICO_INFERENCE_UNSUPPORTED,
                          "torch runs networks in float32 here; bfloat16 needs the engine openvino"};
        }
        if (options->streams > 1) {
            throw Failure{PORTICO_INFERENCE_UNSUPPORTED, "torch runs a network once at a time; more streams need the "
                                                         "engine openvino"};
        }
        const c10::Device target = device(options->device);
        *network = new portico_network{TorchNetwork(path, target, options->threads, options->amp != 0)};
    });
}

int32_t run(portico_network *network, const portico_tensor *input, portico_tensor *output,
            portico_inference_error *error) noexcept {
    *output = {};
    return guarded(error, PORTICO_INFERENCE_FAILED, torchFailure, [&] {
        if (input->rank < 1 || input->rank > PORTICO_MAX_RANK || input->elements == nullptr) {
            throw Failure{PORTICO_INFERENCE_BAD_INPUT, "the input is no tensor"};
        }
        auto [result, elementType] =
            network->network.run(input->elements, at::IntArrayRef(input->shape, static_cast<size_t>(input->rank)));
        if (result.dim() > PORTICO_MAX_RANK) {
            throw Failure{PORTICO_INFERENCE_BAD_OUTPUT, "the output has " + std::to_string(result.dim()) + " axes"};
        }
        for (int64_t axis = 0; axis < result.dim(); ++axis) output->shape[axis] = result.size(axis);
        output->rank = static_cast<int32_t>(result.dim());
        output->element_type = elementType;
        output->elements = result.data_ptr<float>();
        output->owner = new at::Tensor(std::move(result));
    });
}

void releaseOutput(portico_tensor *output) noexcept {
    delete static_cast<at::Tensor *>(output->owner);
    *output = {};
}

void unload(portico_network *network) noexcept { delete network; }

}  // namespace
}  // namespace portico

extern "C" const portico_backend_table *portico_backend(void) {
    static const portico_backend_table table = {
        PORTICO_INFERENCE_ABI_VERSION, "torch", TORCH_VERSION, portico::describe, portico::probe,
        portico::load, portico::run, portico::releaseOutput, portico::unload,
    };
    return &table;
}
