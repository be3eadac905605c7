#include "ModuleGraph.hpp"

#include <CInferenceSupport/Torch.hpp>

#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/freeze_module.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <algorithm>

namespace portico {
namespace {

using torch::jit::Graph;

torch::jit::Module load(const std::string &path) {
    try {
        torch::jit::Module module = torch::jit::load(path, c10::kCPU);
        module.eval();
        if (module.find_method("forward")) return module;
    } catch (const std::exception &failure) {
        throw Failure{PORTICO_INFERENCE_BAD_MODEL, torchFailure(failure, 0).message};
    }
    throw Failure{PORTICO_INFERENCE_BAD_MODEL, "the TorchScript module has no method forward"};
}

std::shared_ptr<Graph> frozen(torch::jit::Module module) {
    torch::jit::freeze_module_inplace(&module);
    auto graph = module.get_method("forward").graph()->copy();
    torch::jit::Inline(*graph);
    // The module itself is the first input, and nothing asks it any more.
    torch::jit::EliminateDeadCode(graph);
    if (graph->inputs()[0]->hasUses()) {
        throw Failure{PORTICO_INFERENCE_UNSUPPORTED, "attributes of the module are left in the frozen graph"};
    }
    graph->eraseInput(0);
    return graph;
}

std::shared_ptr<Graph> traced(torch::jit::Module module, const std::vector<int64_t> &shape) {
    if (std::any_of(shape.begin(), shape.end(), [](int64_t length) { return length < 1; })) {
        throw Failure{PORTICO_INFERENCE_UNSUPPORTED, "a network is traced with one shape; open lengths need freezing"};
    }
    // A tensor that no gradient is asked for is written into the graph as a constant.
    for (at::Tensor parameter : module.parameters()) parameter.requires_grad_(false);
    const at::NoGradGuard withoutGradients;
    // What the optimiser fuses would be recorded as one operation that only torch knows.
    const torch::jit::GraphOptimizerEnabledGuard withoutOptimiser(false);
    const auto run = [&module](torch::jit::Stack inputs) {
        return torch::jit::Stack{firstTensor(module.forward(std::move(inputs)))};
    };
    const auto withoutNames = [](const at::Tensor &) { return std::string(); };
    const auto result = torch::jit::tracer::trace({at::zeros(shape)}, run, withoutNames);
    auto graph = result.first->graph;
    torch::jit::EliminateDeadCode(graph);
    return graph;
}

/// Makes the first tensor of a list or tuple the output, as a run of the module does it.
void keepFirstOutput(Graph &graph) {
    if (graph.outputs().empty()) throw Failure{PORTICO_INFERENCE_BAD_OUTPUT, "the network gives no output"};
    torch::jit::Value *output = graph.outputs()[0];
    while (output->node()->kind() == c10::prim::TupleConstruct || output->node()->kind() == c10::prim::ListConstruct) {
        if (output->node()->inputs().empty()) break;
        output = output->node()->inputs()[0];
    }
    if (!output->type()->isSubtypeOf(*c10::TensorType::get())) {
        throw noTensor(output->type()->str());
    }
    while (!graph.outputs().empty()) graph.eraseOutput(graph.outputs().size() - 1);
    graph.registerOutput(output);
}

}  // namespace

std::shared_ptr<Graph> moduleGraph(const std::string &path, int32_t way, const std::vector<int64_t> &shape) {
    const torch::jit::Module module = load(path);
    std::shared_ptr<Graph> graph;
    switch (way) {
    case PORTICO_CONVERSION_FREEZE: graph = frozen(module); break;
    case PORTICO_CONVERSION_TRACE: graph = traced(module, shape); break;
    default: throw Failure{PORTICO_INFERENCE_BAD_INPUT, "there is no way " + std::to_string(way) + " of conversion"};
    }
    keepFirstOutput(*graph);
    torch::jit::EliminateDeadCode(graph);
    return graph;
}

}  // namespace portico
