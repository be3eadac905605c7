#include "GraphDecoder.hpp"

#include "Values.hpp"

#include <CInferenceSupport/Guard.hpp>

#include <openvino/core/node.hpp>
#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>

namespace portico {

using torch::jit::Block;
using torch::jit::Node;
using torch::jit::Value;

std::shared_ptr<GraphDecoder> GraphDecoder::make(const std::shared_ptr<torch::jit::Graph> &graph) {
    auto source = std::make_shared<const Source>(graph);
    return std::shared_ptr<GraphDecoder>(new GraphDecoder(std::move(source), graph->block()));
}

GraphDecoder::GraphDecoder(std::shared_ptr<const Source> source, const Block *block)
    : source_(std::move(source)), block_(block), kind_("prim::Graph") {
    fill(block->inputs(), block->outputs());
}

GraphDecoder::GraphDecoder(std::shared_ptr<const Source> source, const Node *node)
    : source_(std::move(source)), node_(node), kind_(node->kind().toQualString()) {
    if (const auto *schema = node->maybeSchema()) schema_ = c10::toString(*schema);
    if (node->kind() == c10::prim::Constant) {
        const auto value = torch::jit::toIValue(node->output());
        if (value && value->isString()) text_ = value->toStringRef();
    }
    fill(node->inputs(), node->outputs());
}

void GraphDecoder::fill(at::ArrayRef<const Value *> inputs, at::ArrayRef<const Value *> outputs) {
    for (const Value *value : inputs) {
        inputs_.push_back(value);
        inputIDs_.push_back(value->unique());
        inputNames_.push_back(value->debugName());
    }
    for (const Value *value : outputs) {
        outputs_.push_back(value);
        outputIDs_.push_back(value->unique());
        outputNames_.push_back(value->debugName());
    }
}

ov::PartialShape GraphDecoder::get_input_shape(size_t index) const { return shape(*inputs_.at(index)); }
ov::PartialShape GraphDecoder::get_output_shape(size_t index) const { return shape(*outputs_.at(index)); }
ov::Any GraphDecoder::get_input_type(size_t index) const { return frontEndType(inputs_.at(index)->type()); }
ov::Any GraphDecoder::get_output_type(size_t index) const { return frontEndType(outputs_.at(index)->type()); }

bool GraphDecoder::input_is_none(size_t index) const {
    return index >= inputs_.size() || inputs_[index]->type()->kind() == c10::TypeKind::NoneType;
}

ov::OutputVector GraphDecoder::as_constant() const {
    return node_ != nullptr && node_->kind() == c10::prim::Constant ? constant(*node_->output()) : ov::OutputVector{};
}

size_t GraphDecoder::output_list_size() const {
    // As far as the list's elements are taken out by constant places.
    int64_t size = 0;
    for (const auto &use : outputs_.at(0)->uses()) {
        if (use.user->kind() != c10::aten::__getitem__) continue;
        const auto place = torch::jit::toIValue(use.user->inputs()[1]);
        if (place && place->isInt()) size = std::max(size, place->toInt() + 1);
    }
    return static_cast<size_t>(size);
}

std::shared_ptr<ov::Node> GraphDecoder::mark_node(std::shared_ptr<ov::Node> node) const {
    node->set_friendly_name(kind_ + "/" + node->get_type_name());
    return node;
}

size_t GraphDecoder::get_subgraph_size() const { return node_ == nullptr ? 1 : node_->blocks().size(); }

void GraphDecoder::visit_subgraph(std::function<void(std::shared_ptr<TorchDecoder>)> visitor) const {
    if (block_ == nullptr) return;
    for (const Node *node : block_->nodes()) {
        visitor(std::shared_ptr<GraphDecoder>(new GraphDecoder(source_, node)));
    }
}

std::shared_ptr<ov::frontend::pytorch::TorchDecoder> GraphDecoder::get_subgraph_decoder(size_t index) const {
    const Block *block = node_ == nullptr ? block_ : node_->blocks().at(index);
    return std::shared_ptr<GraphDecoder>(new GraphDecoder(source_, block));
}

bool GraphDecoder::may_produce_alias(size_t input, size_t output) const {
    // What these give is always new, whatever the analysis fears; answering so keeps the graph free of copies.
    static const char *const fresh[] = {"aten::conv1d",        "aten::conv2d", "aten::conv3d",
                                        "aten::_convolution", "aten::matmul", "aten::clone"};
    if (std::any_of(std::begin(fresh), std::end(fresh), [&](const char *kind) { return kind_ == kind; })) return false;
    auto *from = const_cast<Value *>(inputs_.at(input));
    auto *to = const_cast<Value *>(outputs_.at(output));
    return source_->aliases.mayContainAlias(from, to);
}

ov::Any GraphDecoder::const_input(size_t) const {
    throw Failure{PORTICO_INFERENCE_UNSUPPORTED, kind_ + " asks for an input as a constant"};
}

size_t GraphDecoder::get_named_input(const std::string &name) const {
    throw Failure{PORTICO_INFERENCE_UNSUPPORTED, kind_ + " has no input named " + name};
}

}  // namespace portico
