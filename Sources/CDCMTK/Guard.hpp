#ifndef PDX_GUARD_HPP
#define PDX_GUARD_HPP

#include "include/CDCMTKError.h"

#include <cstdarg>
#include <cstdio>
#include <exception>
#include <new>
#include <string>

namespace pdx {

/// Thrown inside the shim; `guarded` turns it into a `pdx_error`.
struct Failure {
    int32_t code;
    std::string message;
};

/// Fills `error` (which may be null) and returns `code`. The text is cut to fit.
inline int32_t report(pdx_error *error, int32_t code, const char *message) noexcept {
    if (error != nullptr) {
        error->code = code;
        std::snprintf(error->message, sizeof error->message, "%s", message != nullptr ? message : "");
    }
    return code;
}

/// Runs `body`, which returns nothing and throws on failure, and lets no exception out: C and Swift cannot catch one.
template <class Body>
int32_t guarded(pdx_error *error, Body &&body) noexcept {
    try {
        body();
        return PDX_OK;
    } catch (const Failure &failure) {
        return report(error, failure.code, failure.message.c_str());
    } catch (const std::bad_alloc &) {
        return report(error, PDX_OUT_OF_MEMORY, "out of memory");
    } catch (const std::exception &exception) {
        return report(error, PDX_FAILED, exception.what());
    } catch (...) {
        return report(error, PDX_FAILED, "an unknown C++ exception");
    }
}

}  // namespace pdx

#endif
