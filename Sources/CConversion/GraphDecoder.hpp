/// A TorchScript graph as OpenVINO's PyTorch front end reads it.
#pragma once

#include <openvino/frontend/pytorch/decoder.hpp>
#include <torch/csrc/jit/ir/alias_analysis.h>
#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <string>
#include <vector>

namespace portico {

/// One graph, block or node. Values are told apart by torch's own `Value::unique()`.
class GraphDecoder : public ov::frontend::pytorch::TorchDecoder {
  public:
    /// A decoder of a whole graph whose parameters are constants.
    static std::shared_ptr<GraphDecoder> make(const std::shared_ptr<torch::jit::Graph> &graph);

    const std::vector<size_t> &inputs() const override { return inputIDs_; }
    const std::string &get_input_debug_name(size_t index) const override { return inputNames_.at(index); }
    const std::string &get_input_signature_name(size_t index) const override { return inputNames_.at(index); }
    ov::PartialShape get_input_shape(size_t index) const override;
    const std::vector<size_t> &get_input_strides(size_t) const override { return noStrides_; }
    ov::Any get_input_type(size_t index) const override;
    const std::string &get_output_debug_name(size_t index) const override { return outputNames_.at(index); }
    ov::PartialShape get_output_shape(size_t index) const override;
    ov::Any get_output_type(size_t index) const override;
    bool input_is_none(size_t index) const override;
    ov::OutputVector as_constant() const override;
    const std::string &as_string() const override { return text_; }
    const std::string &get_op_type() const override { return kind_; }
    const std::string &get_schema() const override { return schema_; }
    size_t num_of_outputs() const override { return outputs_.size(); }
    size_t output_list_size() const override;
    const std::vector<size_t> &outputs() const override { return outputIDs_; }
    size_t output(size_t index) const override { return outputIDs_.at(index); }
    std::shared_ptr<ov::Node> mark_node(std::shared_ptr<ov::Node> node) const override;
    size_t get_subgraph_size() const override;
    void visit_subgraph(std::function<void(std::shared_ptr<TorchDecoder>)> visitor) const override;
    std::shared_ptr<TorchDecoder> get_subgraph_decoder(size_t index) const override;
    bool may_produce_alias(size_t input, size_t output) const override;
    const std::string &decoder_type_name() const override { return decoderType_; }

    // What other kinds of decoders have, and a graph of constants has not.
    ov::Any const_input(size_t index) const override;
    ov::OutputVector try_decode_get_attr() const override { return {}; }
    bool is_input_inlined(size_t) const override { return false; }
    std::shared_ptr<TorchDecoder> get_inlined_input_decoder(size_t) const override { return nullptr; }
    ov::Any get_attribute(const std::string &) const override { return {}; }
    size_t get_named_input(const std::string &name) const override;
    ov::frontend::pytorch::DecoderRTInfo get_rt_info() const override { return {}; }
    bool has_converter() const override { return false; }
    ov::OutputVector convert(const ov::frontend::NodeContext *) const override { return {}; }

  private:
    /// What the decoders of one graph share.
    struct Source {
        explicit Source(const std::shared_ptr<torch::jit::Graph> &graph) : graph(graph), aliases(graph) {}
        std::shared_ptr<torch::jit::Graph> graph;
        torch::jit::AliasDb aliases;
    };

    GraphDecoder(std::shared_ptr<const Source> source, const torch::jit::Block *block);
    GraphDecoder(std::shared_ptr<const Source> source, const torch::jit::Node *node);

    void fill(at::ArrayRef<const torch::jit::Value *> inputs, at::ArrayRef<const torch::jit::Value *> outputs);

    std::shared_ptr<const Source> source_;
    /// One of the two is there.
    const torch::jit::Block *block_ = nullptr;
    const torch::jit::Node *node_ = nullptr;
    std::vector<const torch::jit::Value *> inputs_, outputs_;
    std::vector<size_t> inputIDs_, outputIDs_;
    std::vector<std::string> inputNames_, outputNames_;
    std::string kind_, schema_, text_;
    const std::vector<size_t> noStrides_;
    const std::string decoderType_ = "ts";
};

}  // namespace portico
