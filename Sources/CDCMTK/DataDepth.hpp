#ifndef PDX_DATA_DEPTH_HPP
#define PDX_DATA_DEPTH_HPP

namespace pdx {

/// Walks a DICOM file without recursion and throws `Failure` where it is none or where items nest too deep.
void checkDepth(const char *path);

}  // namespace pdx

#endif
