/// Networks as OpenVINO reads them.
#pragma once

#include <InferenceABI.h>

#include <openvino/core/model.hpp>

#include <memory>
#include <string>

namespace portico {

/// A network of one float32 input and one float32 output.
struct Model {
    std::shared_ptr<ov::Model> model;
    /// The type that the network itself gives.
    ov::element::Type elementType;
};

/// Reads an IR (`.xml` with its `.bin`) or an ONNX file and gives it the shape of the options' batches.
Model readModel(const std::string &path, const portico_load_options &options);

/// NumPy's name of a type, a text that lives as long as the library; null where it has none.
const char *numpyName(ov::element::Type type);

/// A number over all bytes of a network's files, which tells it from another, though not from one that somebody made to
/// have the same.
std::string fingerprint(const std::string &path);

}  // namespace portico
