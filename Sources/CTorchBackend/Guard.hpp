/// Keeps C++ exceptions inside the back end.
#pragma once

#include <InferenceABI.h>

#include <c10/util/Exception.h>

#include <cstring>
#include <exception>
#include <new>
#include <string>

namespace portico {

/// A failure that already knows its kind.
struct Failure {
    int32_t status;
    std::string message;
};

/// Writes a message, cut to the room that the caller has, never in the middle of a UTF-8 sequence.
inline void tell(portico_inference_error *error, const std::string &message) noexcept {
    size_t length = message.size();
    if (length > sizeof error->message - 1) {
        length = sizeof error->message - 1;
        while (length > 0 && (static_cast<unsigned char>(message[length]) & 0xC0) == 0x80) --length;
    }
    std::memcpy(error->message, message.data(), length);
    error->message[length] = '\0';
}

/// The last cause in a message of the TorchScript interpreter, which otherwise begins with a trace of the model's code.
inline std::string cause(const std::string &message) {
    static const std::string mark = "RuntimeError: ";
    const size_t found = message.rfind(mark);
    std::string text = found == std::string::npos ? message : message.substr(found + mark.size());
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return text;
}

/// Whether torch's message says that the host ran out of memory; torch has no type for that.
inline bool isOutOfMemory(const std::string &message) {
    return message.find("can't allocate memory") != std::string::npos ||
           message.find("not enough memory") != std::string::npos;
}

/// Runs `body` and turns whatever it throws into a status and a message.
template <typename Body>
int32_t guarded(portico_inference_error *error, int32_t status, const Body &body) noexcept {
    try {
        try {
            body();
            return PORTICO_INFERENCE_OK;
        } catch (const Failure &failure) {
            tell(error, failure.message);
            return failure.status;
        } catch (const c10::OutOfMemoryError &failure) {
            tell(error, cause(failure.what_without_backtrace()));
            return PORTICO_INFERENCE_NO_MEMORY;
        } catch (const c10::Error &failure) {
            const std::string message = cause(failure.what_without_backtrace());
            tell(error, message);
            return isOutOfMemory(message) ? PORTICO_INFERENCE_NO_MEMORY : status;
        } catch (const std::bad_alloc &) {
            tell(error, "out of memory");
            return PORTICO_INFERENCE_NO_MEMORY;
        } catch (const std::exception &failure) {
            const std::string message = cause(failure.what());
            tell(error, message);
            return isOutOfMemory(message) ? PORTICO_INFERENCE_NO_MEMORY : status;
        }
    } catch (...) {
        // Something that is no std::exception, or a failure to build the message itself.
        std::strcpy(error->message, "an unknown C++ exception");
        return status;
    }
}

}  // namespace portico
