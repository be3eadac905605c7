#ifndef PDX_JPEGLS_HPP
#define PDX_JPEGLS_HPP

#include "JPEG2000.hpp"

namespace pdx {

/// Decodes a JPEG-LS stream (ISO 14495-1) into samples in this machine's byte order, by CharLS 2: the older one that
/// DCMTK brings aborts the process where a stream is broken.
///
/// Returns whether the samples lie plane by plane. Throws `Failure` where the stream is broken, cut short, or does not
/// agree with the header.
bool decodeJPEGLS(const std::vector<uint8_t> &stream, const FrameHeader &header, void *buffer);

}  // namespace pdx

#endif
