/// The converter from TorchScript to OpenVINO. It is a shared library of its own, `libPorticoConversion.so`, which links
/// both engines and is loaded by path where a network is converted; its one exported symbol is declared here.
#ifndef PORTICO_CONVERSION_H
#define PORTICO_CONVERSION_H

#include <InferenceABI.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Gives the table of functions; it lives as long as the library.
__attribute__((visibility("default"))) const portico_converter_table *_Nonnull portico_converter(void);

#ifdef __cplusplus
}
#endif

#endif
