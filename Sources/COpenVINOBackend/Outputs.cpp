#include "Outputs.hpp"

namespace portico {

ov::Tensor OutputPool::take(const ov::Shape &shape) {
    ov::Tensor tensor;
    {
        const std::lock_guard<std::mutex> guard(lock_);
        if (!free_.empty()) {
            tensor = std::move(free_.back());
            free_.pop_back();
        }
    }
    if (!tensor) return ov::Tensor(ov::element::f32, shape);
    if (tensor.get_shape() != shape) tensor.set_shape(shape);
    return tensor;
}

void OutputPool::giveBack(ov::Tensor tensor) noexcept {
    const std::lock_guard<std::mutex> guard(lock_);
    try {
        if (free_.size() < limit_) free_.push_back(std::move(tensor));
    } catch (...) {
        // There is no memory to keep it; it is freed.
    }
}

}  // namespace portico
