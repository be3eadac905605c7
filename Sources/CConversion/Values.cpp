#include "Values.hpp"

#include <CInferenceSupport/Guard.hpp>

#include <openvino/frontend/decoder.hpp>
#include <openvino/op/constant.hpp>
#include <torch/csrc/jit/ir/constants.h>

#include <ATen/ATen.h>

namespace portico {
namespace {

using ov::op::v0::Constant;

ov::element::Type elementType(at::ScalarType type) {
    switch (type) {
    case at::kFloat: return ov::element::f32;
    case at::kDouble: return ov::element::f64;
    case at::kHalf: return ov::element::f16;
    case at::kBFloat16: return ov::element::bf16;
    case at::kLong: return ov::element::i64;
    case at::kInt: return ov::element::i32;
    case at::kShort: return ov::element::i16;
    case at::kChar: return ov::element::i8;
    case at::kByte: return ov::element::u8;
    case at::kBool: return ov::element::boolean;
    default:
        throw Failure{PORTICO_INFERENCE_UNSUPPORTED,
                      std::string("the network has a tensor of type ") + at::toString(type)};
    }
}

ov::Output<ov::Node> tensorConstant(const at::Tensor &tensor) {
    const at::Tensor dense = tensor.detach().cpu().contiguous();
    const auto sizes = dense.sizes();
    return std::make_shared<Constant>(elementType(dense.scalar_type()), ov::Shape(sizes.begin(), sizes.end()),
                                      dense.data_ptr());
}

template <typename Element>
ov::Output<ov::Node> listConstant(ov::element::Type type, const std::vector<Element> &values) {
    return std::make_shared<Constant>(type, ov::Shape{values.size()}, values);
}

}  // namespace

ov::Any frontEndType(const c10::TypePtr &type) {
    namespace kinds = ov::frontend::type;
    switch (type->kind()) {
    case c10::TypeKind::TensorType: {
        const auto scalar = type->expectRef<c10::TensorType>().scalarType();
        return kinds::Tensor(scalar ? elementType(*scalar) : ov::element::dynamic);
    }
    case c10::TypeKind::ListType: return kinds::List(frontEndType(type->expectRef<c10::ListType>().getElementType()));
    case c10::TypeKind::StringType: return kinds::Str();
    case c10::TypeKind::NoneType: return kinds::PyNone();
    case c10::TypeKind::IntType: return kinds::PyScalar(ov::element::i64);
    case c10::TypeKind::FloatType: return kinds::PyScalar(ov::element::f32);
    case c10::TypeKind::BoolType: return kinds::PyScalar(ov::element::boolean);
    default: return ov::element::dynamic;
    }
}

ov::PartialShape shape(const torch::jit::Value &value) {
    const auto tensor = value.type()->cast<c10::TensorType>();
    if (!tensor) return ov::PartialShape{};
    const auto sizes = tensor->sizes();
    if (!sizes.size()) return ov::PartialShape::dynamic();
    std::vector<ov::Dimension> lengths;
    for (size_t axis = 0; axis < *sizes.size(); ++axis) {
        lengths.push_back(sizes[axis] ? ov::Dimension(*sizes[axis]) : ov::Dimension::dynamic());
    }
    return ov::PartialShape(std::move(lengths));
}

ov::OutputVector constant(const torch::jit::Value &value) {
    const auto constant = torch::jit::toIValue(&value);
    if (!constant) return {};
    if (constant->isTensor()) return {tensorConstant(constant->toTensor())};
    if (constant->isInt()) return {std::make_shared<Constant>(ov::element::i64, ov::Shape{}, constant->toInt())};
    if (constant->isBool()) return {std::make_shared<Constant>(ov::element::boolean, ov::Shape{}, constant->toBool())};
    // TorchScript's float is Python's, which meets float32 tensors.
    if (constant->isDouble()) return {std::make_shared<Constant>(ov::element::f32, ov::Shape{}, constant->toDouble())};
    if (constant->isIntList()) return {listConstant(ov::element::i64, constant->toIntVector())};
    if (constant->isDoubleList()) return {listConstant(ov::element::f32, constant->toDoubleVector())};
    if (constant->isBoolList()) {
        const auto list = constant->toBoolList();
        return {listConstant(ov::element::boolean, std::vector<char>(list.begin(), list.end()))};
    }
    return {};
}

}  // namespace portico
