#include "TorchNetwork.hpp"

#include "Guard.hpp"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <vector>

namespace portico {
namespace {

/// The tensor in a module's output: itself, or the first of a list or tuple.
at::Tensor first(const c10::IValue &value) {
    if (value.isTensor()) return value.toTensor();
    if (value.isTensorList() && value.toTensorList().size() > 0) return value.toTensorList().get(0);
    if (value.isTuple() && !value.toTupleRef().elements().empty()) return first(value.toTupleRef().elements()[0]);
    if (value.isList() && value.toListRef().size() > 0) return first(value.toListRef()[0]);
    throw Failure{PORTICO_INFERENCE_BAD_OUTPUT, "the network gives a value of type " + value.tagKind() +
                                                    "; a tensor, or a list or tuple that begins with one, is supported"};
}

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

}  // namespace

TorchNetwork::TorchNetwork(const std::string &path, c10::Device device, int threads)
    : device_(device), threads_(threads) {
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

NetworkOutput TorchNetwork::run(float *elements, at::IntArrayRef shape) {
    applyThreads();
    const auto options = at::TensorOptions().dtype(at::kFloat);
    // Made outside of inference mode: only such a tensor counts how often it was written to.
    at::Tensor input = at::from_blob(elements, shape, options);
    const bool borrowed = device_.is_cpu() && inputUse_ == InputUse::readOnly;
    if (device_.is_cpu() && !borrowed) input = input.clone();
    const uint32_t version = static_cast<uint32_t>(input._version());

    c10::InferenceMode inference;
    std::vector<c10::IValue> arguments;
    arguments.emplace_back(device_.is_cpu() ? input : input.to(device_));
    at::Tensor output = first(module_.forward(std::move(arguments)));
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
