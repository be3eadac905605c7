#include "Data.hpp"
#include "Encapsulated.hpp"
#include "JPEG2000.hpp"
#include "JPEGLS.hpp"

#include "dcmtk/dcmdata/dccodec.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"

#include <cstring>
#include <vector>

using namespace pdx;

namespace {

bool isJPEG2000(E_TransferSyntax syntax) { return syntax == EXS_JPEG2000 || syntax == EXS_JPEG2000LosslessOnly; }

bool isJPEGLS(E_TransferSyntax syntax) { return syntax == EXS_JPEGLSLossless || syntax == EXS_JPEGLSLossy; }

bool isJPEG(E_TransferSyntax syntax) { return syntax >= EXS_JPEGProcess1 && syntax <= EXS_JPEGProcess14SV1; }

bool decodes(E_TransferSyntax syntax) {
    return !DcmXfer(syntax).isEncapsulated() || isJPEG2000(syntax) || isJPEGLS(syntax) ||
           DcmCodecList::canChangeCoding(syntax, EXS_LittleEndianExplicit);
}

DcmPixelData *pixelData(DcmDataset &dataset) {
    DcmElement *element = nullptr;
    if (dataset.findAndGetElement(DCM_PixelData, element).bad()) return nullptr;
    return dynamic_cast<DcmPixelData *>(element);
}

OFString photometric(DcmDataset &dataset) {
    OFString value;
    return dataset.findAndGetOFString(DCM_PhotometricInterpretation, value).good() ? value : OFString();
}

void describe(const OFString &colours, uint32_t planar, pdx_frame_form *form) {
    if (form == nullptr) return;
    std::snprintf(form->photometric, sizeof form->photometric, "%s", colours.c_str());
    form->planar = planar;
}

uint32_t planarConfiguration(DcmDataset &dataset) {
    Uint16 planar = 0;
    return dataset.findAndGetUint16(DCM_PlanarConfiguration, planar).good() ? planar : 0;
}

void copyNative(
    pdx_dataset &owner, DcmPixelData &pixels, uint32_t frame, void *buffer, size_t capacity, pdx_frame_form *form) {
    const uint64_t start = uint64_t{frame} * capacity, length = pixels.getLengthField();
    if (start > length || length - start < capacity) {
        throw Failure{PDX_MALFORMED, "the pixel data (7fe0,0010) have no such frame"};
    }
    require(
        pixels.getPartialValue(
            buffer, static_cast<Uint32>(start), static_cast<Uint32>(capacity), &owner.cache, gLocalByteOrder),
        PDX_MALFORMED, "the pixel data cannot be read");
    DcmDataset &data = *owner.file.getDataset();
    describe(photometric(data), planarConfiguration(data), form);
}

/// The colours of a decoded JPEG 2000 frame (PS3.5 §8.2.4).
OFString coloursOfJPEG2000(const OFString &header, bool isTransformed, uint32_t samples) {
    if (samples == 1) return header;
    const bool claimsTransformation = header == "YBR_RCT" || header == "YBR_ICT";
    if (claimsTransformation && isTransformed) return "RGB";
    // The transformation of a stream gives back what was put in, which the header calls RGB.
    if (header == "RGB") return header;
    if (!claimsTransformation && !isTransformed) return header;
    throw Failure{
        PDX_MALFORMED, "the JPEG 2000 code stream and the header differ in the colour space (0028,0004)"};
}

void decodeByDCMTK(
    pdx_dataset &owner, DcmPixelData &pixels, uint32_t frame, uint32_t fragment, void *buffer, size_t capacity,
    pdx_frame_form *form) {
    DcmDataset &data = *owner.file.getDataset();
    // DCMTK writes whole words.
    const Uint32 needed = static_cast<Uint32>(capacity + (capacity & 1));
    std::vector<char> rounded;
    void *target = buffer;
    if (needed != capacity) {
        rounded.resize(needed);
        target = rounded.data();
    }
    OFString colour;
    Uint32 first = fragment;
    require(
        pixels.getUncompressedFrame(&data, frame, first, target, needed, colour, &owner.cache), PDX_MALFORMED,
        "the pixel data cannot be decoded");
    if (target != buffer) std::memcpy(buffer, target, capacity);
    describe(colour.empty() ? photometric(data) : colour, planarConfiguration(data), form);
}

void decode(pdx_dataset &owner, uint32_t frame, void *buffer, size_t capacity, pdx_frame_form *form) {
    DcmDataset &data = *owner.file.getDataset();
    const E_TransferSyntax syntax = data.getOriginalXfer();
    if (!decodes(syntax)) {
        throw Failure{
            PDX_UNSUPPORTED, std::string("pixel data in ") + DcmXfer(syntax).getXferName() +
                                 " cannot be decoded; send the images uncompressed"};
    }
    DcmPixelData *pixels = pixelData(data);
    if (pixels == nullptr) throw Failure{PDX_NOT_FOUND, "no pixel data (7fe0,0010)"};
    const FrameHeader header = frameHeader(data);
    if (header.bytes() != capacity || capacity > UINT32_MAX - 1) {
        throw Failure{PDX_INVALID_ARGUMENT, "a frame has " + std::to_string(header.bytes()) + " bytes"};
    }
    if (!DcmXfer(syntax).isEncapsulated()) return copyNative(owner, *pixels, frame, buffer, capacity, form);
    DcmPixelSequence *sequence = fragments(data);
    if (sequence == nullptr) throw Failure{PDX_MALFORMED, "the pixel data are not encapsulated (PS3.5 §A.4)"};
    const Frame read = readFrame(data, *sequence, frame);
    if (isJPEG2000(syntax)) {
        const bool isTransformed = decodeJPEG2000(read.bytes, header, buffer);
        return describe(coloursOfJPEG2000(photometric(data), isTransformed, header.samplesPerPixel), 0, form);
    }
    if (isJPEGLS(syntax)) return describe(photometric(data), decodeJPEGLS(read.bytes, header, buffer) ? 1 : 0, form);
    if (isJPEG(syntax)) checkJPEG(read.bytes, header, photometric(data));
    if (syntax == EXS_RLELossless) {
        if (read.count != 1) throw Failure{PDX_MALFORMED, "an RLE frame lies in several fragments (PS3.5 §G.2)"};
        checkRLE(read.bytes, header);
    }
    decodeByDCMTK(owner, *pixels, frame, read.first, buffer, capacity, form);
}

}  // namespace

extern "C" {

int32_t pdx_transfer_syntax_decodes(const char *uid) {
    int32_t result = 0;
    guarded(nullptr, [&] {
        prepare();
        const E_TransferSyntax syntax = DcmXfer(uid).getXfer();
        result = syntax != EXS_Unknown && decodes(syntax);
    });
    return result;
}

int32_t pdx_dataset_frame(
    pdx_dataset *dataset, uint32_t frame, void *buffer, size_t capacity, pdx_frame_form *form, pdx_error *error) {
    return guarded(error, [&] { decode(*dataset, frame, buffer, capacity, form); });
}

size_t pdx_dataset_native_pixel_bytes(pdx_dataset *dataset) {
    size_t bytes = 0;
    guarded(nullptr, [&] {
        DcmDataset &data = *dataset->file.getDataset();
        DcmPixelData *pixels = pixelData(data);
        if (pixels != nullptr && !DcmXfer(data.getOriginalXfer()).isEncapsulated()) bytes = pixels->getLengthField();
    });
    return bytes;
}

size_t pdx_dataset_encapsulated_pixel_bytes(pdx_dataset *dataset) {
    size_t bytes = 0;
    guarded(nullptr, [&] {
        DcmPixelSequence *sequence = fragments(*dataset->file.getDataset());
        if (sequence == nullptr) return;
        // The first item is the table of offsets.
        for (unsigned long index = 1; index < sequence->card(); ++index) {
            DcmPixelItem *fragment = nullptr;
            if (sequence->getItem(fragment, index).good() && fragment != nullptr) bytes += fragment->getLength();
        }
    });
    return bytes;
}

size_t pdx_dataset_fragments(pdx_dataset *dataset) {
    size_t count = 0;
    guarded(nullptr, [&] {
        DcmPixelSequence *sequence = fragments(*dataset->file.getDataset());
        if (sequence != nullptr && sequence->card() > 0) count = sequence->card() - 1;
    });
    return count;
}

int32_t pdx_dataset_pixel_bytes(
    pdx_dataset *dataset, size_t offset, void *buffer, size_t count, pdx_error *error) {
    return guarded(error, [&] {
        DcmPixelData *pixels = pixelData(*dataset->file.getDataset());
        if (pixels == nullptr || DcmXfer(dataset->file.getDataset()->getOriginalXfer()).isEncapsulated()) {
            throw Failure{PDX_UNSUPPORTED, "there is no native pixel data (7fe0,0010)"};
        }
        const size_t length = pixels->getLengthField();
        if (offset > length || length - offset < count) {
            throw Failure{PDX_MALFORMED, "the pixel data (7fe0,0010) end early"};
        }
        require(
            pixels->getPartialValue(
                buffer, static_cast<Uint32>(offset), static_cast<Uint32>(count), &dataset->cache, gLocalByteOrder),
            PDX_MALFORMED, "the pixel data cannot be read");
    });
}

}  // extern "C"
