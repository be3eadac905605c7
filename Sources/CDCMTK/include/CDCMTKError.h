#ifndef CDCMTK_ERROR_H
#define CDCMTK_ERROR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What went wrong inside the shim. The caller owns the struct and may reuse it; a function that succeeds leaves it
/// untouched. `message` is UTF-8, ends with a NUL and holds no patient data.
typedef struct pdx_error {
    int32_t code;
    char message[508];
} pdx_error;

/// Codes of `pdx_error`; a function of the shim returns `PDX_OK` or the code that it also put into its error.
enum {
    PDX_OK = 0,
    /// A C++ exception that no other code names.
    PDX_FAILED = 1,
    PDX_OUT_OF_MEMORY = 2,
    PDX_INVALID_ARGUMENT = 3,
    /// A file or folder could not be opened, read, written or made durable.
    PDX_IO = 4,
    /// The bytes are not what the standard asks for.
    PDX_MALFORMED = 5,
    /// Valid, but nothing this build can do.
    PDX_UNSUPPORTED = 6,
    PDX_NOT_FOUND = 7,
    /// DCMTK's data dictionary is not there.
    PDX_NO_DICTIONARY = 8,
    /// The peer could not be reached or the connection broke.
    PDX_NETWORK = 9,
    PDX_TIMED_OUT = 10,
    /// The peer answered with A-ASSOCIATE-RJ.
    PDX_REJECTED = 11,
    /// The peer sent A-ABORT, or broke the protocol and was aborted.
    PDX_ABORTED = 12,
    /// No accepted presentation context fits the object.
    PDX_NO_CONTEXT = 13
};

#ifdef __cplusplus
}
#endif

#endif
