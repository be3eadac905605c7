/// The table of functions that an inference back end exports.
///
/// A back end is a shared library that the worker loads by path with dlopen(3). It exports one symbol,
/// `portico_backend`, of the type `portico_backend_entry`. No exception and no foreign type crosses this border.
#ifndef PORTICO_INFERENCE_ABI_H
#define PORTICO_INFERENCE_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Raised whenever anything below changes; a back end of another version is refused.
#define PORTICO_INFERENCE_ABI_VERSION 2

/// The most axes a tensor can have.
#define PORTICO_MAX_RANK 8

/// What a call returns: what kind of failure it was, by what someone would do about it.
enum {
    PORTICO_INFERENCE_OK = 0,
    /// The network failed while it ran.
    PORTICO_INFERENCE_FAILED = 1,
    /// The file is missing, damaged, or not of the back end's format.
    PORTICO_INFERENCE_BAD_MODEL = 2,
    /// The input is of a kind that the back end can't hand to any network.
    PORTICO_INFERENCE_BAD_INPUT = 3,
    /// The device isn't there, or the back end was built without it.
    PORTICO_INFERENCE_NO_DEVICE = 4,
    /// Memory ran out, on the host or on the device.
    PORTICO_INFERENCE_NO_MEMORY = 5,
    /// The network gave something that isn't a tensor, nor a list or tuple that begins with one.
    PORTICO_INFERENCE_BAD_OUTPUT = 6
};

/// Where a call says what went wrong. The caller owns it; the back end writes a NUL-terminated UTF-8 text.
typedef struct portico_inference_error {
    char message[1024];
} portico_inference_error;

/// A dense row-major float32 array. `elements` is borrowed for the duration of a call unless a function says otherwise.
typedef struct portico_tensor {
    float *_Nullable elements;
    int64_t shape[PORTICO_MAX_RANK];
    int32_t rank;
    /// For outputs: the type that the network itself gave, by NumPy's name (`float32`, `int64`), before it became
    /// float32; a text that lives as long as the library. Null where the back end does not know.
    const char *_Nullable element_type;
    /// For outputs: what `release_output` frees; a caller never looks inside.
    void *_Nullable owner;
} portico_tensor;

/// A loaded network; only its own back end looks inside.
typedef struct portico_network portico_network;

/// What a network is loaded with.
typedef struct portico_load_options {
    /// `cpu`, `cuda` or `cuda:N`.
    const char *_Nonnull device;
    /// Threads for one operation; 0 leaves the library's own choice.
    int32_t threads;
} portico_load_options;

/// The functions of a back end. Those that can fail return `PORTICO_INFERENCE_OK` or another of its values, and then
/// `error` says why.
typedef struct portico_backend_table {
    uint32_t abi_version;
    /// `torch`, `openvino`, …
    const char *_Nonnull name;
    /// The version of the library behind it, such as `2.13.0`.
    const char *_Nonnull library_version;

    /// Loads a network from a file; `+1`: the caller passes it to `unload`.
    int32_t (*_Nonnull load)(const char *_Nonnull path, const portico_load_options *_Nonnull options,
                             portico_network *_Nullable *_Nonnull network, portico_inference_error *_Nonnull error);

    /// Runs the network once; `+1`: the caller passes `output` to `release_output`. `input` is left as it is, also by a
    /// network that works in place. Of several outputs in a list or tuple the first counts; a dictionary is refused.
    /// A network is run by one thread at a time.
    int32_t (*_Nonnull run)(portico_network *_Nonnull network, const portico_tensor *_Nonnull input,
                            portico_tensor *_Nonnull output, portico_inference_error *_Nonnull error);

    void (*_Nonnull release_output)(portico_tensor *_Nonnull output);
    void (*_Nonnull unload)(portico_network *_Nonnull network);
} portico_backend_table;

/// The type of the exported symbol `portico_backend`.
typedef const portico_backend_table *_Nonnull (*portico_backend_entry)(void);

#ifdef __cplusplus
}
#endif

#endif
