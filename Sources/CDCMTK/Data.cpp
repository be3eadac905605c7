#include "Data.hpp"

#include "DataDepth.hpp"
#include "include/CDCMTKNetwork.h"

#include "dcmtk/dcmdata/dccodec.h"
#include "dcmtk/dcmdata/dcostrmb.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"
#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmdata/dcwcache.h"
#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/dcmjpls/djdecode.h"

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <vector>

namespace pdx {

std::string name(pdx_tag tag) {
    char text[16];
    std::snprintf(text, sizeof text, "(%04x,%04x)", tag >> 16, tag & 0xFFFFu);
    return text;
}

void require(const OFCondition &condition, int32_t code, const std::string &what) {
    if (condition.good()) return;
    throw Failure{code, what + ": " + condition.text()};
}

DcmElement *find(pdx_item *item, pdx_tag tag) {
    DcmElement *element = nullptr;
    return native(item)->findAndGetElement(key(tag), element).good() ? element : nullptr;
}

OFString characterSet(DcmItem *item) {
    OFString value;
    for (DcmObject *at = item; at != nullptr; at = at->getParent()) {
        DcmItem *level = dynamic_cast<DcmItem *>(at);
        if (level != nullptr && level->findAndGetOFStringArray(DCM_SpecificCharacterSet, value).good()) break;
    }
    return value;
}

void prepare() {
    pdx_error error;
    if (pdx_start(&error) != PDX_OK) throw Failure{error.code, error.message};
    static std::once_flag once;
    std::call_once(once, [] {
        DcmRLEDecoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
    });
}

}  // namespace pdx

using namespace pdx;

namespace {

/// Why DCMTK would not decode, in words.
std::string decodingHint(E_TransferSyntax syntax) {
    const DcmXfer transfer(syntax);
    if (syntax == EXS_JPEG2000 || syntax == EXS_JPEG2000LosslessOnly || syntax == EXS_JPEG2000Multicomponent ||
        syntax == EXS_JPEG2000MulticomponentLosslessOnly) {
        return "JPEG 2000 pixel data cannot be decoded; send the images uncompressed";
    }
    return std::string("pixel data in ") + transfer.getXferName() + " cannot be decoded; send the images uncompressed";
}

void checkDecodable(DcmDataset &dataset) {
    const E_TransferSyntax syntax = dataset.getOriginalXfer();
    const DcmXfer transfer(syntax);
    if (!transfer.isEncapsulated()) return;
    if (!DcmCodecList::canChangeCoding(syntax, EXS_LittleEndianExplicit)) {
        throw Failure{PDX_UNSUPPORTED, decodingHint(syntax)};
    }
}

DcmPixelData *pixelData(DcmDataset &dataset) {
    DcmElement *element = nullptr;
    if (dataset.findAndGetElement(DCM_PixelData, element).bad()) return nullptr;
    return dynamic_cast<DcmPixelData *>(element);
}

/// Empties DCMTK's output buffer into the sink.
void drain(DcmOutputBufferStream &stream, pdx_sink sink, void *context) {
    void *bytes = nullptr;
    offile_off_t count = 0;
    stream.flushBuffer(bytes, count);
    if (count <= 0) return;
    if (const int32_t code = sink(context, bytes, static_cast<size_t>(count))) {
        throw Failure{PDX_IO, std::string("writing failed: ") + std::strerror(code)};
    }
}

void fillMeta(DcmFileFormat &file, const char *implementationClass, const char *implementationVersion) {
    DcmMetaInfo &meta = *file.getMetaInfo();
    DcmDataset &data = *file.getDataset();
    OFString sopClass, sopInstance;
    require(data.findAndGetOFString(DCM_SOPClassUID, sopClass), PDX_INVALID_ARGUMENT, "no SOP Class UID");
    require(data.findAndGetOFString(DCM_SOPInstanceUID, sopInstance), PDX_INVALID_ARGUMENT, "no SOP Instance UID");
    meta.clear();
    const Uint8 version[2] = {0, 1};
    const char *const what = "file meta information";
    require(meta.putAndInsertUint8Array(DCM_FileMetaInformationVersion, version, 2), PDX_FAILED, what);
    require(meta.putAndInsertOFStringArray(DCM_MediaStorageSOPClassUID, sopClass), PDX_FAILED, what);
    require(meta.putAndInsertOFStringArray(DCM_MediaStorageSOPInstanceUID, sopInstance), PDX_FAILED, what);
    require(meta.putAndInsertString(DCM_TransferSyntaxUID, UID_LittleEndianExplicitTransferSyntax), PDX_FAILED, what);
    require(meta.putAndInsertString(DCM_ImplementationClassUID, implementationClass), PDX_FAILED, what);
    require(meta.putAndInsertString(DCM_ImplementationVersionName, implementationVersion), PDX_FAILED, what);
    // DCMTK computes the length only where it also replaces the implementation by its own.
    Uint32 length = 0;
    for (DcmObject *at = meta.nextInContainer(nullptr); at != nullptr; at = meta.nextInContainer(at)) {
        length += at->calcElementLength(EXS_LittleEndianExplicit, EET_ExplicitLength);
    }
    require(meta.putAndInsertUint32(DCM_FileMetaInformationGroupLength, length), PDX_FAILED, what);
}

}  // namespace

extern "C" {

pdx_dataset *pdx_dataset_load(const char *path, pdx_error *error) {
    pdx_dataset *dataset = nullptr;
    const int32_t code = guarded(error, [&] {
        prepare();
        checkDepth(path);
        dataset = new pdx_dataset();
        require(
            dataset->file.loadFile(path, EXS_Unknown, EGL_noChange, DCM_MaxReadLength, ERM_fileOnly), PDX_MALFORMED,
            "the file cannot be parsed");
    });
    if (code == PDX_OK) return dataset;
    delete dataset;
    return nullptr;
}

pdx_dataset *pdx_dataset_create(pdx_error *error) {
    pdx_dataset *dataset = nullptr;
    guarded(error, [&] {
        prepare();
        dataset = new pdx_dataset();
    });
    return dataset;
}

void pdx_dataset_free(pdx_dataset *dataset) {
    guarded(nullptr, [&] { delete dataset; });
}

pdx_item *pdx_dataset_root(pdx_dataset *dataset) { return opaque(dataset->file.getDataset()); }

pdx_item *pdx_dataset_meta(pdx_dataset *dataset) { return opaque(dataset->file.getMetaInfo()); }

const char *pdx_dataset_transfer_syntax(pdx_dataset *dataset) {
    const char *text = "";
    guarded(nullptr, [&] {
        // The names live in DCMTK's table of transfer syntaxes, which lasts as long as the process.
        const char *found = DcmXfer(dataset->file.getDataset()->getOriginalXfer()).getXferID();
        if (found != nullptr) text = found;
    });
    return text;
}

int32_t pdx_transfer_syntax_decodes(const char *uid) {
    int32_t decodes = 0;
    guarded(nullptr, [&] {
        prepare();
        const DcmXfer transfer(uid);
        if (transfer.getXfer() == EXS_Unknown) return;
        decodes = !transfer.isEncapsulated() ||
                  DcmCodecList::canChangeCoding(transfer.getXfer(), EXS_LittleEndianExplicit);
    });
    return decodes;
}

int32_t pdx_dataset_frame(
    pdx_dataset *dataset, uint32_t frame, void *buffer, size_t capacity, pdx_error *error) {
    return guarded(error, [&] {
        DcmDataset &data = *dataset->file.getDataset();
        checkDecodable(data);
        DcmPixelData *pixels = pixelData(data);
        if (pixels == nullptr) throw Failure{PDX_NOT_FOUND, "no pixel data (7fe0,0010)"};
        Uint32 needed = 0;
        require(pixels->getUncompressedFrameSize(&data, needed), PDX_MALFORMED, "the size of a frame is not known");
        // DCMTK rounds the size of a frame up to an even number.
        if (needed != capacity && needed != capacity + (capacity & 1)) {
            throw Failure{PDX_INVALID_ARGUMENT, "a frame has " + std::to_string(needed) + " bytes"};
        }
        std::vector<char> rounded;
        void *target = buffer;
        if (needed != capacity) {
            rounded.resize(needed);
            target = rounded.data();
        }
        Uint32 fragment = 0;
        OFString colour;
        require(
            pixels->getUncompressedFrame(&data, frame, fragment, target, needed, colour, &dataset->cache),
            PDX_MALFORMED, "the pixel data cannot be decoded");
        if (target != buffer) std::memcpy(buffer, target, capacity);
    });
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
        DcmPixelData *pixels = pixelData(*dataset->file.getDataset());
        if (pixels == nullptr) return;
        E_TransferSyntax syntax = EXS_Unknown;
        const DcmRepresentationParameter *parameter = nullptr;
        pixels->getOriginalRepresentationKey(syntax, parameter);
        DcmPixelSequence *sequence = nullptr;
        if (!DcmXfer(syntax).isEncapsulated() ||
            pixels->getEncapsulatedRepresentation(syntax, parameter, sequence).bad() || sequence == nullptr) {
            return;
        }
        // The first item is the table of offsets.
        for (unsigned long index = 1; index < sequence->card(); ++index) {
            DcmPixelItem *fragment = nullptr;
            if (sequence->getItem(fragment, index).good() && fragment != nullptr) bytes += fragment->getLength();
        }
    });
    return bytes;
}

int32_t pdx_dataset_pixel_bytes(
    pdx_dataset *dataset, size_t offset, void *buffer, size_t count, pdx_error *error) {
    return guarded(error, [&] {
        DcmPixelData *pixels = pixelData(*dataset->file.getDataset());
        if (pixels == nullptr || DcmXfer(dataset->file.getDataset()->getOriginalXfer()).isEncapsulated()) {
            throw Failure{PDX_UNSUPPORTED, "there is no native pixel data (7fe0,0010)"};
        }
        require(
            pixels->getPartialValue(
                buffer, static_cast<Uint32>(offset), static_cast<Uint32>(count), &dataset->cache, gLocalByteOrder),
            PDX_MALFORMED, "the pixel data cannot be read");
    });
}

int32_t pdx_dataset_write(
    pdx_dataset *dataset, const char *implementation_class, const char *implementation_version, pdx_sink sink,
    void *context, pdx_error *error) {
    return guarded(error, [&] {
        fillMeta(dataset->file, implementation_class, implementation_version);
        std::vector<char> buffer(1 << 18);
        DcmOutputBufferStream stream(buffer.data(), static_cast<offile_off_t>(buffer.size()));
        DcmWriteCache cache;
        dataset->file.transferInit();
        OFCondition condition = EC_StreamNotifyClient;
        while (condition == EC_StreamNotifyClient) {
            condition = dataset->file.write(
                stream, EXS_LittleEndianExplicit, EET_ExplicitLength, &cache, EGL_withoutGL, EPD_withoutPadding, 0, 0,
                0, EWM_dontUpdateMeta);
            drain(stream, sink, context);
        }
        dataset->file.transferEnd();
        require(condition, PDX_FAILED, "the data set cannot be encoded");
        drain(stream, sink, context);
    });
}

}  // extern "C"
