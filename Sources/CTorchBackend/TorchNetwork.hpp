/// A TorchScript network and how it is run.
#pragma once

#include <InferenceABI.h>

#include <c10/core/Device.h>
#include <torch/script.h>

#include <string>

namespace portico {

/// What a network gave.
struct NetworkOutput {
    /// Contiguous float32 values on the CPU that share no memory with the batch.
    at::Tensor values;
    /// The type that the module itself gave, by NumPy's name.
    const char *elementType;
};

/// A loaded TorchScript module in evaluation mode.
class TorchNetwork {
  public:
    /// Loads the file; throws what torch throws, and `Failure`.
    ///
    /// - Parameter amp: whether autocast to float16 is on while it runs; without effect on a CPU.
    TorchNetwork(const std::string &path, c10::Device device, int threads, bool amp);

    /// Runs the module on a float32 batch that stays the caller's.
    ///
    /// - Returns: the first output.
    NetworkOutput run(float *elements, at::IntArrayRef shape);

  private:
    /// What is known about a module that might work in place.
    enum class InputUse { unknown, readOnly, written };

    void applyThreads() const;
    at::Tensor forward(at::Tensor input);

    torch::jit::Module module_;
    c10::Device device_;
    int threads_;
    bool amp_;
    InputUse inputUse_ = InputUse::unknown;
};

}  // namespace portico
