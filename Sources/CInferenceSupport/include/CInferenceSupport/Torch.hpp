/// What the libraries that link torch share.
#pragma once

#include "Guard.hpp"

#include <ATen/core/ivalue.h>
#include <c10/util/Exception.h>

namespace portico {

/// Reads an exception of torch. A message of the TorchScript interpreter begins with a trace of the model's code; its
/// last cause is what counts.
inline Failure torchFailure(const std::exception &failure, int32_t status) {
    const auto *error = dynamic_cast<const c10::Error *>(&failure);
    const std::string message = error == nullptr ? failure.what() : error->what_without_backtrace();
    static const std::string mark = "RuntimeError: ";
    const size_t found = message.rfind(mark);
    const bool isMemory = dynamic_cast<const c10::OutOfMemoryError *>(&failure) != nullptr;
    return {isMemory ? PORTICO_INFERENCE_NO_MEMORY : status,
            trimmed(found == std::string::npos ? message : message.substr(found + mark.size()))};
}

/// A network's output is no tensor and doesn't begin with one.
inline Failure noTensor(const std::string &type) {
    return {PORTICO_INFERENCE_BAD_OUTPUT, "the network gives a value of type " + type +
                                              "; a tensor, or a list or tuple that begins with one, is supported"};
}

/// The tensor in a module's output: itself, or the first of a list or tuple.
inline at::Tensor firstTensor(const c10::IValue &value) {
    if (value.isTensor()) return value.toTensor();
    if (value.isTensorList() && value.toTensorList().size() > 0) return value.toTensorList().get(0);
    if (value.isTuple() && !value.toTupleRef().elements().empty()) return firstTensor(value.toTupleRef().elements()[0]);
    if (value.isList() && value.toListRef().size() > 0) return firstTensor(value.toListRef()[0]);
    throw noTensor(value.tagKind());
}

}  // namespace portico
