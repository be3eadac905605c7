#include "Data.hpp"

#include "DataDepth.hpp"
#include "include/CDCMTKNetwork.h"

#include "dcmtk/dcmdata/dcostrmb.h"
#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmdata/dcwcache.h"
#include "dcmtk/dcmjpeg/djdecode.h"

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
    });
}

}  // namespace pdx

using namespace pdx;

namespace {

/// Names a transfer syntax that DCMTK has not heard of.
Failure unknown(const std::string &syntax) {
    // The name is foreign text; a UID has digits and dots only.
    const bool isUID = syntax.size() <= 64 && syntax.find_first_not_of("0123456789.") == std::string::npos;
    const bool isHTJ2K = syntax >= "1.2.840.10008.1.2.4.201" && syntax <= "1.2.840.10008.1.2.4.205";
    if (isHTJ2K) {
        return Failure{
            PDX_UNSUPPORTED, "the file is in HTJ2K (" + syntax + "), which cannot be decoded; send it uncompressed"};
    }
    return Failure{
        PDX_UNSUPPORTED, "the file has the transfer syntax " + (isUID ? syntax : std::string("(0002,0010)")) +
                             ", which is not known; send it uncompressed"};
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
        const std::string syntax = checkDepth(path);
        dataset = new pdx_dataset();
        const OFCondition loaded =
            dataset->file.loadFile(path, EXS_Unknown, EGL_noChange, DCM_MaxReadLength, ERM_fileOnly);
        if (loaded.bad() && DcmXfer(syntax.c_str()).getXfer() == EXS_Unknown) throw unknown(syntax);
        require(loaded, PDX_MALFORMED, "the file cannot be parsed");
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
