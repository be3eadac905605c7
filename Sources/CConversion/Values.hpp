/// Torch's types and constants as OpenVINO's.
#pragma once

#include <openvino/core/any.hpp>
#include <openvino/core/node_vector.hpp>
#include <openvino/core/partial_shape.hpp>
#include <torch/csrc/jit/ir/ir.h>

namespace portico {

/// The type of a value: of the front end's own kinds, or dynamic where it is not known.
ov::Any frontEndType(const c10::TypePtr &type);

/// The shape of a value: that of a tensor as far as it is known; no axes for what is no tensor.
ov::PartialShape shape(const torch::jit::Value &value);

/// A constant; nothing where the front end has no constant of such a type.
ov::OutputVector constant(const torch::jit::Value &value);

}  // namespace portico
