/// The version of DCMTK that the program was built with.
#ifndef PORTICO_CDCMTK_VERSION_H
#define PORTICO_CDCMTK_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

/// The version such as `3.6.7`; borrowed for ever.
const char *_Nonnull pdx_library_version(void);

#ifdef __cplusplus
}
#endif

#endif
