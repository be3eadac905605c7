/// Keeps C++ exceptions inside a library that Swift loads.
#pragma once

#include <InferenceABI.h>

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
template <size_t size> void write(char (&room)[size], const std::string &message) noexcept {
    size_t length = message.size();
    if (length > size - 1) {
        length = size - 1;
        while (length > 0 && (static_cast<unsigned char>(message[length]) & 0xC0) == 0x80) --length;
    }
    std::memcpy(room, message.data(), length);
    room[length] = '\0';
}

/// Takes spaces and ends of lines from the end of a text.
inline std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return text;
}

/// Whether a library's message says that the host ran out of memory; neither torch nor OpenVINO has a type for that.
inline bool isOutOfMemory(const std::string &message) {
    for (const char *words : {"can't allocate memory", "not enough memory", "std::bad_alloc"}) {
        if (message.find(words) != std::string::npos) return true;
    }
    return false;
}

/// Reads a library's own exception: its kind, and its last cause in words.
using Translation = Failure (*)(const std::exception &failure, int32_t status);

/// Runs `body` and turns whatever it throws into a status and a message.
///
/// - Parameter status: the kind of a failure that says nothing else.
template <typename Body>
int32_t guarded(portico_inference_error *error, int32_t status, Translation translated, const Body &body) noexcept {
    try {
        try {
            body();
            return PORTICO_INFERENCE_OK;
        } catch (const Failure &failure) {
            write(error->message, failure.message);
            return failure.status;
        } catch (const std::bad_alloc &) {
            write(error->message, "out of memory");
            return PORTICO_INFERENCE_NO_MEMORY;
        } catch (const std::exception &exception) {
            const Failure failure = translated(exception, status);
            write(error->message, failure.message);
            return isOutOfMemory(failure.message) ? PORTICO_INFERENCE_NO_MEMORY : failure.status;
        }
    } catch (...) {
        // Something that is no std::exception, or a failure to build the message itself.
        std::strcpy(error->message, "an unknown C++ exception");
        return status;
    }
}

}  // namespace portico
