#include "Model.hpp"

#include "Checksum.hpp"
#include "OpenVINONetwork.hpp"

#include <CInferenceSupport/Guard.hpp>

#include <openvino/core/preprocess/pre_post_process.hpp>
#include <openvino/op/parameter.hpp>

#include <fstream>
#include <vector>

namespace portico {
namespace {

/// The file of an IR's weights; the path itself for other formats.
std::string weightsPath(const std::string &path) {
    const size_t dot = path.rfind(".xml");
    return dot != std::string::npos && dot + 4 == path.size() ? path.substr(0, dot) + ".bin" : path;
}

void update(Checksum &checksum, const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Failure{PORTICO_INFERENCE_BAD_MODEL, "there is no readable file " + path};
    std::vector<char> buffer(1 << 20);
    do {
        file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        checksum.update(buffer.data(), static_cast<size_t>(file.gcount()));
    } while (file);
}

}  // namespace

std::string fingerprint(const std::string &path) {
    Checksum checksum;
    update(checksum, path);
    const std::string weights = weightsPath(path);
    if (weights != path) update(checksum, weights);
    return checksum.text();
}

Model readModel(const std::string &path, const portico_load_options &options) {
    auto model = engine().read_model(path);
    if (model->inputs().size() != 1) {
        throw Failure{PORTICO_INFERENCE_BAD_MODEL,
                      "the network takes " + std::to_string(model->inputs().size()) + " inputs; one is supported"};
    }
    if (model->outputs().empty()) throw Failure{PORTICO_INFERENCE_BAD_OUTPUT, "the network gives no output"};
    if (model->outputs().size() > 1) {
        // What only the other outputs need is not computed.
        model = std::make_shared<ov::Model>(ov::ResultVector{model->get_results()[0]}, model->get_parameters());
    }
    if (ov::is_type<ov::op::v0::Parameter>(model->get_results()[0]->get_input_node_ptr(0))) {
        // OpenVINO 2026.4 would leave an output that isn't its own as it was, and say nothing.
        throw Failure{PORTICO_INFERENCE_UNSUPPORTED, "the network gives its input back; there is nothing to run"};
    }
    if (options.batch_rank > 0) {
        const ov::PartialShape shape(
            std::vector<ov::Dimension>(options.batch_shape, options.batch_shape + options.batch_rank));
        if (model->input().get_partial_shape() != shape) model->reshape(shape);
    }
    const ov::element::Type type = model->output().get_element_type();
    ov::preprocess::PrePostProcessor processor(model);
    processor.input().tensor().set_element_type(ov::element::f32);
    processor.output().tensor().set_element_type(ov::element::f32);
    return {processor.build(), type};
}

const char *numpyName(ov::element::Type type) {
    switch (type) {
    case ov::element::f32: return "float32";
    case ov::element::f64: return "float64";
    case ov::element::f16: return "float16";
    case ov::element::bf16: return "bfloat16";
    case ov::element::i64: return "int64";
    case ov::element::i32: return "int32";
    case ov::element::i16: return "int16";
    case ov::element::i8: return "int8";
    case ov::element::u8: return "uint8";
    case ov::element::boolean: return "bool";
    default: return nullptr;
    }
}

}  // namespace portico
