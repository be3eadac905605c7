/// Arrays for what networks give, used again and again.
#pragma once

#include <openvino/runtime/tensor.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace portico {

/// Arrays that wait for their next run: the memory of a fresh one costs more than many layers do.
class OutputPool {
  public:
    /// - Parameter limit: the most arrays that are kept.
    explicit OutputPool(size_t limit) : limit_(limit) {}

    /// An array of the shape, with any values.
    ov::Tensor take(const ov::Shape &shape);

    /// Takes an array back; any thread.
    void giveBack(ov::Tensor tensor) noexcept;

  private:
    std::mutex lock_;
    std::vector<ov::Tensor> free_;
    size_t limit_;
};

/// An output that goes back to its pool, which it outlives if it must.
class PooledOutput {
  public:
    PooledOutput(std::shared_ptr<OutputPool> pool, const ov::Shape &shape)
        : pool_(std::move(pool)), tensor_(pool_->take(shape)) {}
    ~PooledOutput() { pool_->giveBack(std::move(tensor_)); }
    PooledOutput(const PooledOutput &) = delete;
    PooledOutput &operator=(const PooledOutput &) = delete;

    ov::Tensor &tensor() { return tensor_; }

  private:
    std::shared_ptr<OutputPool> pool_;
    ov::Tensor tensor_;
};

}  // namespace portico
