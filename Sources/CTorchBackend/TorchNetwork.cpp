#include "TorchNetwork.hpp"

#include <CInferenceSupport/Torch.hpp>

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/core/InferenceMode.h>

#include <vector>

namespace portico {
namespace {

/// NumPy's name of a type.
const char *name(at::ScalarType type) {
    switch (type) {
    case at::kFloat: return "float32";
    case at::kDouble: return "float64";
    case at::kHalf: return "float16";
    case at::kBFloat16: return "bfloat16";
    case at::kLong: return "int64";
    case at::kInt: return "int32";
    case at::kShort: return "int16";
    case at::kChar: return "int8";
    case at::kByte: return "uint8";
    case at::kBool: return "bool";
    default: return at::toString(type);
    }
}

/// Autocast to float16 on CUDA for as long as it lives, as `torch.autocast("cuda")` does it, MONAI's `amp`
/// (torch/amp/autocast_mode.py:310-420).
class Autocast {
  public:
    explicit Autocast(bool enabled) : enabled_(enabled) {
        if (!enabled_) return;
        at::autocast::set_autocast_enabled(at::kCUDA, true);
        at::autocast::set_autocast_dtype(at::kCUDA, at::kHalf);
        at::autocast::increment_nesting();
    }
    ~Autocast() {
        if (!enabled_) return;
        // Weights that were cast are kept only as long as one run.
        if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
        at::autocast::set_autocast_enabled(at::kCUDA, false);
    }
    Autocast(const Autocast &) = delete;
    Autocast &operator=(const Autocast &) = delete;

  private:
    bool enabled_;
};

}  // namespace

TorchNetwork::TorchNetwork(const std::string &path, c10::Device device, int threads, bool amp)
    : device_(device), threads_(threads), amp_(amp && device.is_cuda()) {
    applyThreads();
    module_ = torch::jit::load(path, device);
    module_.eval();
    const auto forward = module_.find_method("forward");
    if (!forward) throw Failure{PORTICO_INFERENCE_BAD_MODEL, "the TorchScript module has no method forward"};
}

void TorchNetwork::applyThreads() const {
    // OpenMP keeps this number per thread, so each thread that comes here has to be told.
    if (threads_ > 0 && at::get_num_threads() != threads_) at::set_num_threads(threads_);
}

at::Tensor TorchNetwork::forward(at::Tensor input) {
    const Autocast autocast(amp_);
    std::vector<c10::IValue> arguments;
    arguments.emplace_back(std::move(input));
    return firstTensor(module_.forward(std::move(arguments)));
}

NetworkOutput TorchNetwork::run(float *elements, at::IntArrayRef shape) {
    applyThreads();
    const auto options = at::TensorOptions().dtype(at::kFloat);
    // Made outside of inference mode: only such a tensor counts how often it was written to.
    at::Tensor input = at::from_blob(elements, shape, options);
    const bool borrowed = device_.is_cpu() && inputUse_ == InputUse::readOnly;
    if (device_.is_cpu() && !borrowed) input = input.clone();
    const uint32_t version = static_cast<uint32_t>(input._version());

    c10::InferenceMode inference;
    at::Tensor output = forward(device_.is_cpu() ? input : input.to(device_));
    if (!output.defined()) throw Failure{PORTICO_INFERENCE_BAD_OUTPUT, "the network gives an undefined tensor"};

    if (static_cast<uint32_t>(input._version()) != version) {
        if (borrowed) throw Failure{PORTICO_INFERENCE_FAILED, "the network wrote to its input"};
        inputUse_ = InputUse::written;
    } else if (inputUse_ == InputUse::unknown) {
        inputUse_ = InputUse::readOnly;
    }

    if (output.is_complex()) throw Failure{PORTICO_INFERENCE_BAD_OUTPUT, "the network gives complex values"};
    const char *elementType = name(output.scalar_type());
    const bool aliases = output.storage().data() == input.storage().data();
    output = output.to(at::kCPU, at::kFloat).contiguous();
    // A network may hand its input through; the caller's memory must not come back as an output.
    if (aliases && output.storage().data() == input.storage().data()) output = output.clone();
    return {output, elementType};
}

}  // namespace portico
