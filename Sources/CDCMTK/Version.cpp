#include "dcmtk/config/osconfig.h"

#include "include/CDCMTKVersion.h"

const char *pdx_library_version(void) { return PACKAGE_VERSION; }
