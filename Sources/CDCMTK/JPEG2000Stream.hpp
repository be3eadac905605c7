#ifndef PDX_JPEG2000_STREAM_HPP
#define PDX_JPEG2000_STREAM_HPP

#include "JPEG2000.hpp"

namespace pdx {

/// The precision of a component as SIZ has it.
struct Precision {
    uint32_t bits;
    bool isSigned;
};

/// Walks the markers of a code stream (ISO 15444-1 Annex A) and throws `Failure` unless its image is that of the
/// header, there are no more tiles than an image of this size has use for, and every tile is there to its last byte.
///
/// OpenJPEG makes tables for each tile and component that the stream claims, and leaves tiles black that are missing.
Precision checkStream(const std::vector<uint8_t> &stream, const FrameHeader &header);

}  // namespace pdx

#endif
