#include <CConversion.h>

#include "GraphDecoder.hpp"
#include "ModuleGraph.hpp"

#include <CInferenceSupport/OpenVINOFailure.hpp>
#include <CInferenceSupport/Torch.hpp>

#include <openvino/core/graph_util.hpp>
#include <openvino/core/version.hpp>
#include <openvino/frontend/manager.hpp>
#include <torch/version.h>

#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace portico {
namespace {

/// Whichever of the two libraries threw.
Failure failure(const std::exception &exception, int32_t status) {
    if (dynamic_cast<const ov::Exception *>(&exception) != nullptr) return openVINOFailure(exception, status);
    return torchFailure(exception, status);
}

/// Translates a graph to OpenVINO's operations, with an input of the shape.
std::shared_ptr<ov::Model> translated(const std::shared_ptr<torch::jit::Graph> &graph, const ov::PartialShape &shape) {
    static ov::frontend::FrontEndManager &manager = *new ov::frontend::FrontEndManager;
    const auto frontEnd = manager.load_by_framework("pytorch");
    if (!frontEnd) throw Failure{PORTICO_INFERENCE_UNSUPPORTED, "this OpenVINO has no reader of PyTorch's graphs"};
    const std::shared_ptr<ov::frontend::IDecoder> decoder = GraphDecoder::make(graph);
    const auto input = frontEnd->load(decoder);
    const auto inputs = input->get_inputs();
    if (inputs.size() != 1) {
        throw Failure{PORTICO_INFERENCE_UNSUPPORTED,
                      "the network takes " + std::to_string(inputs.size()) + " inputs; one is supported"};
    }
    input->set_element_type(inputs[0], ov::element::f32);
    auto model = frontEnd->convert(input);
    model->reshape(shape);
    return model;
}

void rename(const std::string &from, const std::string &to) {
    if (std::rename(from.c_str(), to.c_str()) == 0) return;
    throw Failure{PORTICO_INFERENCE_FAILED, to + " can't be written: " + std::strerror(errno)};
}

/// Writes an IR: the weights get their name first, so a network that is there is whole.
void save(const std::shared_ptr<ov::Model> &model, const std::string &stem) {
    static std::atomic<unsigned> count{0};
    const std::string part = stem + "." + std::to_string(getpid()) + "-" + std::to_string(count++) + ".part";
    try {
        ov::save_model(model, part + ".xml", /*compress_to_fp16=*/false);
        rename(part + ".bin", stem + ".bin");
        rename(part + ".xml", stem + ".xml");
    } catch (...) {
        unlink((part + ".xml").c_str());
        unlink((part + ".bin").c_str());
        throw;
    }
}

int32_t convert(const char *modelPath, int32_t way, const int64_t *shape, int32_t rank, const char *outputPath,
                portico_inference_error *error) noexcept {
    return guarded(error, PORTICO_INFERENCE_UNSUPPORTED, failure, [&] {
        const std::string output = outputPath;
        const std::string suffix = ".xml";
        if (output.size() <= suffix.size() || output.compare(output.size() - suffix.size(), suffix.size(), suffix) != 0) {
            throw Failure{PORTICO_INFERENCE_BAD_INPUT, output + " does not end with .xml"};
        }
        // OpenVINO would make the folder.
        const size_t slash = output.rfind('/');
        const std::string folder = slash == std::string::npos ? "." : output.substr(0, slash + 1);
        if (access(folder.c_str(), W_OK) != 0) {
            throw Failure{PORTICO_INFERENCE_FAILED, folder + " can't be written to: " + std::strerror(errno)};
        }
        if (rank < 1 || rank > PORTICO_MAX_RANK) {
            throw Failure{PORTICO_INFERENCE_BAD_INPUT, "a batch has 1 to 8 axes, not " + std::to_string(rank)};
        }
        const std::vector<int64_t> lengths(shape, shape + rank);
        const auto graph = moduleGraph(modelPath, way, lengths);
        const auto model =
            translated(graph, ov::PartialShape(std::vector<ov::Dimension>(lengths.begin(), lengths.end())));
        save(model, output.substr(0, output.size() - suffix.size()));
    });
}

const std::string &versions() {
    static const std::string &text = *new std::string([] {
        const std::string build = ov::get_openvino_version().buildNumber;
        return "torch " TORCH_VERSION ", openvino " + build.substr(0, build.find('-'));
    }());
    return text;
}

}  // namespace
}  // namespace portico

extern "C" const portico_converter_table *portico_converter(void) {
    static const portico_converter_table table = {
        PORTICO_INFERENCE_ABI_VERSION, "openvino", portico::versions().c_str(), portico::convert,
    };
    return &table;
}
