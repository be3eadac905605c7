/// The OpenVINO back end. It is a shared library of its own, `libPorticoOpenVINO.so`, which the worker loads by path; its
/// one exported symbol is declared here. It needs no libtorch.
#ifndef PORTICO_OPENVINO_BACKEND_H
#define PORTICO_OPENVINO_BACKEND_H

#include <InferenceABI.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Gives the table of functions; it lives as long as the library.
__attribute__((visibility("default"))) const portico_backend_table *_Nonnull portico_backend(void);

#ifdef __cplusplus
}
#endif

#endif
