#include "Probe.hpp"

#include "OpenVINONetwork.hpp"

#include <CInferenceSupport/Guard.hpp>
#include <CInferenceSupport/Pace.hpp>

#include <openvino/op/constant.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/result.hpp>

namespace portico {

double convolutionSpeed(const std::string &device, int32_t threads, double seconds) {
    if (device != "cpu") {
        throw Failure{PORTICO_INFERENCE_NO_DEVICE, "device " + device + " is not available: OpenVINO runs on cpu here"};
    }
    const size_t channels = probeChannels, edge = probeEdge, side = probeFilter;
    const auto image =
        std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::Shape{1, channels, edge, edge, edge});
    const ov::Shape shape{channels, channels, side, side, side};
    const auto filters = ov::op::v0::Constant::create(
        ov::element::f32, shape, std::vector<float>(ov::shape_size(shape), 0.01f));
    const auto convolution = std::make_shared<ov::op::v1::Convolution>(
        image, filters, ov::Strides{1, 1, 1}, ov::CoordinateDiff{1, 1, 1}, ov::CoordinateDiff{1, 1, 1},
        ov::Strides{1, 1, 1});
    const auto model = std::make_shared<ov::Model>(
        ov::ResultVector{std::make_shared<ov::op::v0::Result>(convolution)}, ov::ParameterVector{image});
    ov::AnyMap properties{ov::hint::inference_precision(ov::element::f32), ov::num_streams(1)};
    if (threads > 0) properties.insert(ov::inference_num_threads(threads));
    auto request = engine().compile_model(model, "CPU", properties).create_infer_request();
    return probeOperations * pace(seconds, [&] { request.infer(); });
}

}  // namespace portico
