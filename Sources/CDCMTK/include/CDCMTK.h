#ifndef CDCMTK_H
#define CDCMTK_H

#include "CDCMTKData.h"
#include "CDCMTKError.h"
#include "CDCMTKVersion.h"
#include "CDCMTKNetwork.h"

#endif
