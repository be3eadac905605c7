#ifndef PDX_ENCAPSULATED_HPP
#define PDX_ENCAPSULATED_HPP

#include "Data.hpp"
#include "JPEG2000.hpp"

#include <vector>

class DcmPixelSequence;

namespace pdx {

/// Reads what the Image Pixel module says of a frame; throws `Failure` where it says too little.
FrameHeader frameHeader(DcmDataset &dataset);

/// The fragments of encapsulated pixel data (PS3.5 §A.4), or null where they are native.
DcmPixelSequence *fragments(DcmDataset &dataset);

/// One frame of encapsulated pixel data.
struct Frame {
    /// Its fragments one after the other.
    std::vector<uint8_t> bytes;
    /// The place of the first of them, as DCMTK counts: the table of offsets is 0.
    uint32_t first;
    /// How many they are.
    uint32_t count;
};

/// Reads a frame; its fragments are found by the table of offsets where there are more fragments than frames. Throws
/// `Failure` where it is not known which they are.
Frame readFrame(DcmDataset &dataset, DcmPixelSequence &sequence, uint32_t frame);

/// Throws `Failure` unless a JPEG stream (ISO 10918-1) has the size, components and precision of the header: DCMTK
/// leaves what a smaller image does not fill as it was, and lets the header decide about colours.
void checkJPEG(const std::vector<uint8_t> &stream, const FrameHeader &header, const OFString &photometric);

/// Throws `Failure` unless an RLE frame (PS3.5 Annex G) has a segment for each byte of a pixel and each fills its part:
/// DCMTK trusts the offsets, and makes up what is missing.
void checkRLE(const std::vector<uint8_t> &stream, const FrameHeader &header);

}  // namespace pdx

#endif
