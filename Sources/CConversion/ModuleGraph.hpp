/// From a TorchScript file to one graph of one input and one output.
#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <string>
#include <vector>

namespace portico {

/// Loads a module and makes its graph by one of the ABI's ways; its parameters are constants in it.
///
/// - Parameter shape: of the input, the batch axis first; -1 leaves a length open.
/// - Throws: what torch throws, and `Failure`.
std::shared_ptr<torch::jit::Graph> moduleGraph(const std::string &path, int32_t way, const std::vector<int64_t> &shape);

}  // namespace portico
