#include "Probe.hpp"

#include <CInferenceSupport/Pace.hpp>

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <torch/cuda.h>
#include <torch/torch.h>

namespace portico {

double convolutionSpeed(c10::Device device, int32_t threads, double seconds) {
    if (threads > 0) at::set_num_threads(threads);
    c10::InferenceMode inference;
    const auto options = at::TensorOptions().dtype(at::kFloat).device(device);
    const at::Tensor image = at::rand({1, probeChannels, probeEdge, probeEdge, probeEdge}, options);
    const at::Tensor filters =
        at::rand({probeChannels, probeChannels, probeFilter, probeFilter, probeFilter}, options);
    return probeOperations * pace(seconds, [&] {
               const at::Tensor result = at::conv3d(image, filters, {}, 1, 1);
               if (device.is_cuda()) torch::cuda::synchronize(device.index());
           });
}

}  // namespace portico
