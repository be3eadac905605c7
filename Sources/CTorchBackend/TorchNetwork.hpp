/// A TorchScript network and how it is run.
#pragma once

#include <InferenceABI.h>

#include <c10/core/Device.h>
#include <torch/script.h>

#include <string>

namespace portico {

/// A loaded TorchScript module in evaluation mode.
class TorchNetwork {
  public:
    /// Loads the file; throws what torch throws, and `Failure`.
    TorchNetwork(const std::string &path, c10::Device device, int threads);

    /// Runs the module on a float32 batch that stays the caller's.
    ///
    /// - Returns: the first output as a contiguous float32 tensor on the CPU that shares no memory with the batch.
    at::Tensor run(float *elements, at::IntArrayRef shape);

  private:
    /// What is known about a module that might work in place.
    enum class InputUse { unknown, readOnly, written };

    void applyThreads() const;

    torch::jit::Module module_;
    c10::Device device_;
    int threads_;
    InputUse inputUse_ = InputUse::unknown;
};

}  // namespace portico
