#ifndef PDX_DATA_DEPTH_HPP
#define PDX_DATA_DEPTH_HPP

#include <string>

namespace pdx {

/// Walks a DICOM file without recursion and throws `Failure` where it is none or where items nest too deep.
///
/// Returns its transfer syntax as the file names it.
std::string checkDepth(const char *path);

}  // namespace pdx

#endif
