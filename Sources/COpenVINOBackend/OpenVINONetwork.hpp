/// A network that OpenVINO compiled and how it is run.
#pragma once

#include "Outputs.hpp"

#include <InferenceABI.h>

#include <openvino/openvino.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace portico {

/// OpenVINO itself, made when it is first needed and never taken down, as its threads don't survive that.
ov::Core &engine();

/// Whether the processor has instructions for bfloat16.
bool multipliesBFloat16();

/// A compiled network with one request for each run that may be under way.
class OpenVINONetwork {
  public:
    /// Compiles the file, or reads what was compiled before; throws what OpenVINO throws, and `Failure`.
    OpenVINONetwork(const std::string &path, const portico_load_options &options, portico_load_report &report);

    /// Runs the network on a float32 batch that stays the caller's; several threads may.
    std::unique_ptr<PooledOutput> run(float *elements, const ov::Shape &shape);

    /// The type that the network itself gives, by NumPy's name; null where the name is none of NumPy's.
    const char *elementType() const { return elementType_; }

  private:
    /// The requests, each of them one run's at a time.
    struct Requests {
        std::mutex lock;
        std::condition_variable returned;
        std::vector<ov::InferRequest> free;
    };
    class Turn;

    ov::AnyMap properties(const portico_load_options &options) const;
    void infer(float *elements, const ov::Shape &shape, ov::Tensor &output);
    void inferParts(float *elements, const ov::Shape &shape, ov::Tensor &output);

    /// The file of the compiled network where it was read from one: OpenVINO may go on reading its weights there.
    std::shared_ptr<const void> mapping_;
    ov::CompiledModel compiled_;
    const char *elementType_ = nullptr;
    /// The batch and its output where the network was compiled for one; no axes where shapes are open.
    ov::Shape batch_, output_;
    bool isOpen_ = false;
    std::shared_ptr<OutputPool> pool_;
    std::unique_ptr<Requests> requests_;
};

}  // namespace portico
