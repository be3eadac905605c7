#include "Encapsulated.hpp"

#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"

namespace pdx {

namespace {

/// Bounds the fragments of one frame together.
constexpr uint64_t maximumBytes = uint64_t{1} << 30;

uint32_t number(DcmDataset &dataset, const DcmTagKey &key) {
    Uint16 value = 0;
    const uint32_t tag = uint32_t{key.getGroup()} << 16 | key.getElement();
    require(dataset.findAndGetUint16(key, value), PDX_MALFORMED, name(tag));
    return value;
}

DcmPixelItem &fragment(DcmPixelSequence &sequence, unsigned long index) {
    DcmPixelItem *item = nullptr;
    require(sequence.getItem(item, index), PDX_MALFORMED, "a fragment of the pixel data");
    if (item == nullptr) throw Failure{PDX_MALFORMED, "the pixel data lack a fragment"};
    return *item;
}

/// The offsets of all frames, or nothing where the table does not have one for each.
std::vector<uint64_t> offsets(DcmPixelSequence &sequence, uint32_t frames) {
    DcmPixelItem &table = fragment(sequence, 0);
    if (table.getLength() != uint64_t{frames} * 4) return {};
    Uint8 *bytes = nullptr;
    require(table.getUint8Array(bytes), PDX_MALFORMED, "the table of offsets");
    if (bytes == nullptr) return {};
    std::vector<uint64_t> result(frames);
    for (uint32_t frame = 0; frame < frames; ++frame) {
        const Uint8 *at = bytes + size_t{frame} * 4;
        result[frame] = uint64_t{at[0]} | uint64_t{at[1]} << 8 | uint64_t{at[2]} << 16 | uint64_t{at[3]} << 24;
    }
    return result;
}

struct Span {
    unsigned long first;
    unsigned long end;
};

/// The fragments of a frame; the table of offsets is item 0.
Span span(DcmPixelSequence &sequence, uint32_t frame, uint32_t frames) {
    const unsigned long items = sequence.card();
    if (items < 2 || frame >= frames) throw Failure{PDX_NOT_FOUND, "the pixel data have no such frame"};
    if (frames == 1) return {1, items};
    if (items - 1 == frames) return {frame + 1ul, frame + 2ul};
    if (items - 1 < frames) throw Failure{PDX_MALFORMED, "the pixel data have fewer fragments than frames"};
    const std::vector<uint64_t> table = offsets(sequence, frames);
    if (table.empty()) {
        throw Failure{PDX_UNSUPPORTED, "the pixel data have more fragments than frames and no table of offsets"};
    }
    const uint64_t start = table[frame], stop = frame + 1 < frames ? table[frame + 1] : UINT64_MAX;
    Span found{0, items};
    uint64_t place = 0;
    for (unsigned long index = 1; index < items; ++index) {
        if (place == start) found.first = index;
        if (place == stop) found.end = index;
        place += uint64_t{fragment(sequence, index).getLength()} + 8;
    }
    if (found.first == 0 || found.end <= found.first || (stop != UINT64_MAX && found.end == items)) {
        throw Failure{PDX_MALFORMED, "the table of offsets does not fit the fragments of the pixel data"};
    }
    return found;
}

}  // namespace

FrameHeader frameHeader(DcmDataset &dataset) {
    FrameHeader header{};
    header.columns = number(dataset, DCM_Columns);
    header.rows = number(dataset, DCM_Rows);
    Uint16 samples = 0;
    header.samplesPerPixel = dataset.findAndGetUint16(DCM_SamplesPerPixel, samples).good() ? samples : 1;
    header.bitsAllocated = number(dataset, DCM_BitsAllocated);
    header.bitsStored = number(dataset, DCM_BitsStored);
    Uint16 high = 0;
    header.highBit = dataset.findAndGetUint16(DCM_HighBit, high).good() ? high : header.bitsStored - 1;
    header.isSigned = number(dataset, DCM_PixelRepresentation) == 1;
    return header;
}

DcmPixelSequence *fragments(DcmDataset &dataset) {
    DcmElement *element = nullptr;
    if (dataset.findAndGetElement(DCM_PixelData, element).bad()) return nullptr;
    auto *pixels = dynamic_cast<DcmPixelData *>(element);
    if (pixels == nullptr) return nullptr;
    E_TransferSyntax syntax = EXS_Unknown;
    const DcmRepresentationParameter *parameter = nullptr;
    pixels->getOriginalRepresentationKey(syntax, parameter);
    DcmPixelSequence *sequence = nullptr;
    if (!DcmXfer(syntax).isEncapsulated() ||
        pixels->getEncapsulatedRepresentation(syntax, parameter, sequence).bad()) {
        return nullptr;
    }
    return sequence;
}

Frame readFrame(DcmDataset &dataset, DcmPixelSequence &sequence, uint32_t frame) {
    Sint32 announced = 1;
    if (dataset.findAndGetSint32(DCM_NumberOfFrames, announced).bad() || announced < 1) announced = 1;
    const Span found = span(sequence, frame, static_cast<uint32_t>(announced));
    uint64_t total = 0;
    for (unsigned long index = found.first; index < found.end; ++index) total += fragment(sequence, index).getLength();
    if (total > maximumBytes) throw Failure{PDX_UNSUPPORTED, "the fragments of a frame are larger than 1 GiB"};
    Frame result{{}, static_cast<uint32_t>(found.first), static_cast<uint32_t>(found.end - found.first)};
    for (unsigned long index = found.first; index < found.end; ++index) {
        DcmPixelItem &item = fragment(sequence, index);
        if (item.getLength() == 0) continue;
        Uint8 *bytes = nullptr;
        require(item.getUint8Array(bytes), PDX_MALFORMED, "a fragment of the pixel data");
        if (bytes == nullptr) throw Failure{PDX_MALFORMED, "a fragment of the pixel data cannot be read"};
        result.bytes.insert(result.bytes.end(), bytes, bytes + item.getLength());
        // The fragment goes back to the file; what needs it again reads it again.
        item.compact();
    }
    return result;
}

}  // namespace pdx
