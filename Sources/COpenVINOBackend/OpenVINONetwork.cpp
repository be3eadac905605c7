#include "OpenVINONetwork.hpp"

#include "CompiledFile.hpp"
#include "Model.hpp"

#include <CInferenceSupport/Description.hpp>
#include <CInferenceSupport/Guard.hpp>
#include <CInferenceSupport/OpenVINOFailure.hpp>

#include <algorithm>

namespace portico {
namespace {

/// What a compiled network depends on besides the file: one of another OpenVINO or processor is compiled anew.
std::string identity(const std::string &path, const portico_load_options &options) {
    std::string text = std::string("openvino ") + ov::get_openvino_version().buildNumber + "\n" + processorName();
    for (const auto &set : instructionSets()) text += " " + set;
    text += "\nprecision " + std::to_string(options.precision) + " batch";
    for (int32_t axis = 0; axis < options.batch_rank; ++axis) text += " " + std::to_string(options.batch_shape[axis]);
    return text + "\nnetwork " + fingerprint(path);
}

}  // namespace

ov::Core &engine() {
    static ov::Core &core = *new ov::Core;
    return core;
}

bool multipliesBFloat16() {
    const auto capabilities = engine().get_property("CPU", ov::device::capabilities);
    return std::find(capabilities.begin(), capabilities.end(), "BF16") != capabilities.end();
}

ov::AnyMap OpenVINONetwork::properties(const portico_load_options &options) const {
    const int32_t streams = std::max(options.streams, 1);
    ov::AnyMap properties = {
        ov::hint::inference_precision(options.precision == PORTICO_PRECISION_BFLOAT16 ? ov::element::bf16
                                                                                      : ov::element::f32),
        ov::num_streams(ov::streams::Num(streams)),
        // Several workers share a machine; threads that are tied to cores would meet on the first ones.
        ov::hint::enable_cpu_pinning(false),
    };
    if (options.threads > 0) properties.insert(ov::inference_num_threads(options.threads * streams));
    return properties;
}

OpenVINONetwork::OpenVINONetwork(const std::string &path, const portico_load_options &options,
                                 portico_load_report &report) {
    if (options.precision == PORTICO_PRECISION_BFLOAT16 && !multipliesBFloat16()) {
        throw Failure{PORTICO_INFERENCE_UNSUPPORTED,
                      "this processor has no instructions for bfloat16; ask for float32"};
    }
    const ov::AnyMap properties = this->properties(options);
    std::unique_ptr<CompiledFile> file;
    if (options.cache_path != nullptr) {
        file = std::make_unique<CompiledFile>(options.cache_path, identity(path, options));
        try {
            if (const auto stored = file->read()) {
                compiled_ = engine().import_model(stored->blob, "CPU", properties);
                elementType_ = numpyName(stored->elementType);
                stored->dropPages();
                mapping_ = stored->mapping;
                report.cache = PORTICO_CACHE_READ;
            }
        } catch (const Failure &failure) {
            write(report.message, failure.message);
        } catch (const std::exception &failure) {
            write(report.message, openVINOFailure(failure, 0).message);
        }
    }
    if (!compiled_) {
        const Model model = readModel(path, options);
        compiled_ = engine().compile_model(model.model, "CPU", properties);
        elementType_ = numpyName(model.elementType);
        if (file) {
            try {
                file->write(compiled_, model.elementType);
                report.cache = PORTICO_CACHE_WRITTEN;
            } catch (const Failure &failure) {
                report.cache = PORTICO_CACHE_FAILED;
                write(report.message, failure.message);
            } catch (const std::exception &failure) {
                report.cache = PORTICO_CACHE_FAILED;
                write(report.message, openVINOFailure(failure, 0).message);
            }
        }
    }
    const ov::PartialShape input = compiled_.input().get_partial_shape();
    const ov::PartialShape output = compiled_.output().get_partial_shape();
    isOpen_ = input.is_dynamic() || output.is_dynamic();
    if (!isOpen_) {
        batch_ = input.to_shape();
        output_ = output.to_shape();
    }
    const size_t streams = static_cast<size_t>(std::max(options.streams, 1));
    // One more than the runs: what was given last is still being read while the next is made.
    pool_ = std::make_shared<OutputPool>(streams + 1);
    requests_ = std::make_unique<Requests>();
    for (size_t stream = 0; stream < streams; ++stream) requests_->free.push_back(compiled_.create_infer_request());
}

/// One run's hold on a request.
class OpenVINONetwork::Turn {
  public:
    explicit Turn(Requests &requests) : requests_(requests) {
        std::unique_lock<std::mutex> guard(requests_.lock);
        requests_.returned.wait(guard, [&] { return !requests_.free.empty(); });
        request = std::move(requests_.free.back());
        requests_.free.pop_back();
    }
    ~Turn() {
        {
            const std::lock_guard<std::mutex> guard(requests_.lock);
            // There is room: the vector held it before.
            requests_.free.push_back(std::move(request));
        }
        requests_.returned.notify_one();
    }
    Turn(const Turn &) = delete;
    Turn &operator=(const Turn &) = delete;

    ov::InferRequest request;

  private:
    Requests &requests_;
};

void OpenVINONetwork::infer(float *elements, const ov::Shape &shape, ov::Tensor &output) {
    Turn turn(*requests_);
    turn.request.set_input_tensor(ov::Tensor(ov::element::f32, shape, elements));
    turn.request.set_output_tensor(output);
    turn.request.infer();
}

std::unique_ptr<PooledOutput> OpenVINONetwork::run(float *elements, const ov::Shape &shape) {
    if (isOpen_) {
        auto output = std::make_unique<PooledOutput>(pool_, ov::Shape{0});
        infer(elements, shape, output->tensor());
        return output;
    }
    const bool fits = shape.size() == batch_.size() && shape[0] > 0 &&
                      std::equal(shape.begin() + 1, shape.end(), batch_.begin() + 1);
    if (!fits) {
        throw Failure{PORTICO_INFERENCE_BAD_INPUT,
                      "it was compiled for batches of shape " + ov::PartialShape(batch_).to_string()};
    }
    if (shape[0] == batch_[0]) {
        auto output = std::make_unique<PooledOutput>(pool_, output_);
        infer(elements, shape, output->tensor());
        return output;
    }
    if (output_.empty() || output_[0] != batch_[0]) {
        throw Failure{PORTICO_INFERENCE_BAD_OUTPUT, "the network gives an output of shape " +
                                                        ov::PartialShape(output_).to_string() + " for a batch of " +
                                                        std::to_string(batch_[0])};
    }
    ov::Shape whole = output_;
    whole[0] = shape[0];
    auto output = std::make_unique<PooledOutput>(pool_, whole);
    inferParts(elements, shape, output->tensor());
    return output;
}

void OpenVINONetwork::inferParts(float *elements, const ov::Shape &shape, ov::Tensor &output) {
    const size_t item = ov::shape_size(batch_) / batch_[0];
    const size_t outputItem = ov::shape_size(output_) / output_[0];
    for (size_t first = 0; first < shape[0]; first += batch_[0]) {
        float *const input = elements + first * item;
        float *const target = output.data<float>() + first * outputItem;
        const size_t items = std::min(batch_[0], shape[0] - first);
        if (items == batch_[0]) {
            ov::Tensor part(ov::element::f32, output_, target);
            infer(input, batch_, part);
        } else {
            std::vector<float> filled(batch_[0] * item);
            std::copy_n(input, items * item, filled.begin());
            PooledOutput part(pool_, output_);
            infer(filled.data(), batch_, part.tensor());
            std::copy_n(part.tensor().data<float>(), items * outputItem, target);
        }
    }
}

}  // namespace portico
