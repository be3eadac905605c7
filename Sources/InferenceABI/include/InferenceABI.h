/// The tables of functions that an inference back end and a converter of networks export.
///
/// Each is a shared library that the worker loads by path with dlopen(3). A back end exports one symbol,
/// `portico_backend`, of the type `portico_backend_entry`; a converter `portico_converter`, of the type
/// `portico_converter_entry`. No exception and no foreign type crosses this border.
#ifndef PORTICO_INFERENCE_ABI_H
#define PORTICO_INFERENCE_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Raised whenever anything below changes; a library of another version is refused.
#define PORTICO_INFERENCE_ABI_VERSION 3

/// The most axes a tensor can have.
#define PORTICO_MAX_RANK 8

/// What a call returns: what kind of failure it was, by what someone would do about it.
enum {
    PORTICO_INFERENCE_OK = 0,
    /// The network failed while it ran.
    PORTICO_INFERENCE_FAILED = 1,
    /// The file is missing, damaged, or not of the back end's format.
    PORTICO_INFERENCE_BAD_MODEL = 2,
    /// The input is of a kind or shape that the back end can't hand to the network.
    PORTICO_INFERENCE_BAD_INPUT = 3,
    /// The device isn't there, or the back end was built without it.
    PORTICO_INFERENCE_NO_DEVICE = 4,
    /// Memory ran out, on the host or on the device.
    PORTICO_INFERENCE_NO_MEMORY = 5,
    /// The network gave something that isn't a tensor, nor a list or tuple that begins with one.
    PORTICO_INFERENCE_BAD_OUTPUT = 6,
    /// The options ask for something that the back end doesn't do, or a conversion met what it can't translate.
    PORTICO_INFERENCE_UNSUPPORTED = 7
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

/// The arithmetic of a network's layers; inputs and outputs are float32 with all of them.
enum {
    PORTICO_PRECISION_FLOAT32 = 0,
    /// Faster where the processor multiplies bfloat16 (`avx512bf16`, `amx-bf16`), with 8 bits of mantissa.
    PORTICO_PRECISION_BFLOAT16 = 1
};

/// What a network is loaded with. All zeros but `device` is a valid choice.
typedef struct portico_load_options {
    /// `cpu`, `cuda` or `cuda:N`.
    const char *_Nonnull device;
    /// Threads for one run; 0 leaves the library's own choice.
    int32_t threads;
    /// `PORTICO_PRECISION_FLOAT32` or another; a back end refuses what it lacks.
    int32_t precision;
    /// How many axes `batch_shape` has; 0 where batches of any shape may come.
    int32_t batch_rank;
    /// How many calls of `run` may be under way at once, from different threads; 0 means 1, and torch allows 1 alone.
    int32_t streams;
    /// Nonzero: MONAI's `amp`, torch's autocast to float16, on CUDA; without effect on a CPU, as in MONAI.
    int32_t amp;
    /// The shape of the batches that will come, the batch axis first: what OpenVINO compiles for.
    int64_t batch_shape[PORTICO_MAX_RANK];
    /// OpenVINO: the file of the compiled network. One that is there and was made of the same network, with the same
    /// options, version and processor, is read instead of compiling; else it is written, under a temporary name first.
    /// Null: nothing is kept. Torch leaves it alone.
    const char *_Nullable cache_path;
} portico_load_options;

/// What became of `cache_path`.
enum {
    /// There was none, or the back end keeps none.
    PORTICO_CACHE_UNUSED = 0,
    /// The network was read from it.
    PORTICO_CACHE_READ = 1,
    /// The network was compiled and written to it.
    PORTICO_CACHE_WRITTEN = 2,
    /// The network was compiled; it could not be written, and `message` says why.
    PORTICO_CACHE_FAILED = 3
};

/// How a network was loaded. The caller owns it.
typedef struct portico_load_report {
    /// `PORTICO_CACHE_UNUSED` or another of its values.
    int32_t cache;
    /// Why a file that was there was not used, or why none could be written; else empty.
    char message[512];
} portico_load_report;

/// The functions of a back end. Those that can fail return `PORTICO_INFERENCE_OK` or another of its values, and then
/// `error` says why.
typedef struct portico_backend_table {
    uint32_t abi_version;
    /// `torch`, `openvino`, …
    const char *_Nonnull name;
    /// The version of the library behind it, such as `2.13.0`.
    const char *_Nonnull library_version;

    /// Describes the library and its devices as JSON: `version` (text), `devices` (a list of `name`, as in the load
    /// options, and `description`), `threads` (the library's own choice), `instructionSets` and `precisions` (lists).
    ///
    /// - Returns: the length of the whole text in bytes. Where it is less than `size`, `buffer` has all of it and a NUL;
    ///   else `buffer` has nothing of use. 0 where the description failed.
    size_t (*_Nonnull describe)(char *_Nullable buffer, size_t size);

    /// Measures how fast the device is: runs one convolution of 32 channels of 48 x 48 x 48 voxels with 32 filters of
    /// 3 x 3 x 3 again and again for so many seconds.
    ///
    /// - Parameters:
    ///   - device: as in the load options.
    ///   - threads: as in the load options.
    ///   - speed: the multiplications and additions of a second, in thousand millions.
    int32_t (*_Nonnull probe)(const char *_Nonnull device, int32_t threads, double seconds, double *_Nonnull speed,
                              portico_inference_error *_Nonnull error);

    /// Loads a network from a file; `+1`: the caller passes it to `unload`.
    int32_t (*_Nonnull load)(const char *_Nonnull path, const portico_load_options *_Nonnull options,
                             portico_network *_Nullable *_Nonnull network, portico_load_report *_Nonnull report,
                             portico_inference_error *_Nonnull error);

    /// Runs the network once; `+1`: the caller passes `output` to `release_output`. `input` is left as it is, also by a
    /// network that works in place. Of several outputs in a list or tuple the first counts; a dictionary is refused.
    /// At most `streams` threads may be in here at once for one network.
    ///
    /// A network that was loaded for a `batch_shape` takes batches that differ from it in the first length only: they
    /// are run in parts of that length, the last one filled up with zeros, and their outputs joined.
    int32_t (*_Nonnull run)(portico_network *_Nonnull network, const portico_tensor *_Nonnull input,
                            portico_tensor *_Nonnull output, portico_inference_error *_Nonnull error);

    /// Frees an output, on any thread, also beside a run and after its network was unloaded.
    void (*_Nonnull release_output)(portico_tensor *_Nonnull output);

    /// Frees a network; no call of `run` may be under way.
    void (*_Nonnull unload)(portico_network *_Nonnull network);
} portico_backend_table;

/// The type of the exported symbol `portico_backend`.
typedef const portico_backend_table *_Nonnull (*portico_backend_entry)(void);

/// The ways from a TorchScript module to a graph.
enum {
    /// Its parameters become constants and its calls are inlined; control flow that depends on neither stays.
    PORTICO_CONVERSION_FREEZE = 0,
    /// It is run once on zeros and what it did is written down: control flow and list arithmetic disappear.
    PORTICO_CONVERSION_TRACE = 1
};

/// The functions of a converter of networks.
typedef struct portico_converter_table {
    uint32_t abi_version;
    /// `openvino`: the name of the back end that it converts for.
    const char *_Nonnull name;
    /// The versions of the libraries behind it, such as `torch 2.13.0, openvino 2026.4.1`.
    const char *_Nonnull library_version;

    /// Converts a TorchScript file to a network of one float32 input and one output. Of several outputs in a list or
    /// tuple the first counts; a dictionary is refused. A result is as good as its comparison with the original.
    ///
    /// - Parameters:
    ///   - way: `PORTICO_CONVERSION_FREEZE` or another.
    ///   - shape: of the input, the batch axis first; -1 leaves a length open, which a trace can't.
    ///   - rank: how many axes `shape` has, from 1.
    ///   - output_path: ends with `.xml`; the weights go beside it, into a `.bin`. Both are written under temporary
    ///     names first.
    int32_t (*_Nonnull convert)(const char *_Nonnull model_path, int32_t way, const int64_t *_Nonnull shape,
                                int32_t rank, const char *_Nonnull output_path,
                                portico_inference_error *_Nonnull error);
} portico_converter_table;

/// The type of the exported symbol `portico_converter`.
typedef const portico_converter_table *_Nonnull (*portico_converter_entry)(void);

#ifdef __cplusplus
}
#endif

#endif
