#ifndef PDX_JPEG2000_HPP
#define PDX_JPEG2000_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pdx {

/// What the data set says of a frame; a code stream has to agree (PS3.5 §8.2.4).
struct FrameHeader {
    uint32_t columns;
    uint32_t rows;
    uint32_t samplesPerPixel;
    uint32_t bitsAllocated;
    uint32_t bitsStored;
    uint32_t highBit;
    bool isSigned;

    /// The bytes of the decoded frame.
    uint64_t bytes() const { return uint64_t{columns} * rows * samplesPerPixel * (bitsAllocated / 8); }
};

/// Decodes a JPEG 2000 code stream (ISO 15444-1) into samples in this machine's byte order, pixel by pixel.
///
/// Size, components, precision, sign and the completeness of all tiles are checked before OpenJPEG allocates for them,
/// and every decoded sample has to fit Bits Stored.
///
/// Returns whether the code stream has a colour transformation, which is undone: the samples are RGB then. Throws
/// `Failure` where the stream is broken, cut short, or does not agree with the header.
bool decodeJPEG2000(const std::vector<uint8_t> &stream, const FrameHeader &header, void *buffer);

}  // namespace pdx

#endif
