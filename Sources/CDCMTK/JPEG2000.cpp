#include "JPEG2000.hpp"

#include "Guard.hpp"
#include "JPEG2000Stream.hpp"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

namespace pdx {

namespace {

/// A code stream in memory, as OpenJPEG reads it.
struct Source {
    const std::vector<uint8_t> &bytes;
    size_t at;

    static OPJ_SIZE_T read(void *buffer, OPJ_SIZE_T count, void *context) {
        auto &source = *static_cast<Source *>(context);
        const size_t got = std::min<size_t>(count, source.bytes.size() - source.at);
        if (got == 0) return static_cast<OPJ_SIZE_T>(-1);
        std::memcpy(buffer, source.bytes.data() + source.at, got);
        source.at += got;
        return got;
    }

    static OPJ_OFF_T skip(OPJ_OFF_T count, void *context) {
        auto &source = *static_cast<Source *>(context);
        if (count < 0 || static_cast<uint64_t>(count) > source.bytes.size() - source.at) return -1;
        source.at += static_cast<size_t>(count);
        return count;
    }

    static OPJ_BOOL seek(OPJ_OFF_T place, void *context) {
        auto &source = *static_cast<Source *>(context);
        if (place < 0 || static_cast<uint64_t>(place) > source.bytes.size()) return OPJ_FALSE;
        source.at = static_cast<size_t>(place);
        return OPJ_TRUE;
    }
};

/// Keeps the first message.
void keep(const char *message, void *context) noexcept {
    auto &kept = *static_cast<std::string *>(context);
    if (!kept.empty()) return;
    try {
        kept = message;
        while (!kept.empty() && (kept.back() == '\n' || kept.back() == ' ')) kept.pop_back();
    } catch (...) {
    }
}

Failure failed(const std::string &why) {
    return Failure{PDX_MALFORMED, "the JPEG 2000 code stream cannot be decoded" + (why.empty() ? why : ": " + why)};
}

using Codec = std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)>;
using Stream = std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)>;
using Image = std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)>;

Stream open(Source &source) {
    Stream stream(opj_stream_create(OPJ_J2K_STREAM_CHUNK_SIZE, OPJ_TRUE), opj_stream_destroy);
    if (!stream) throw std::bad_alloc();
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), source.bytes.size());
    opj_stream_set_read_function(stream.get(), Source::read);
    opj_stream_set_skip_function(stream.get(), Source::skip);
    opj_stream_set_seek_function(stream.get(), Source::seek);
    return stream;
}

bool hasColourTransformation(opj_codec_t *codec) {
    opj_codestream_info_v2_t *info = opj_get_cstr_info(codec);
    if (info == nullptr) throw failed("it has no parameters");
    const bool has = info->m_default_tile_info.mct != 0;
    opj_destroy_cstr_info(&info);
    return has;
}

/// The lowest and the highest value that a sample may have.
struct Range {
    int32_t lowest;
    int32_t highest;
    /// What is taken off a value above `highest`: unsigned components may hold two's complement in all their bits.
    int32_t turn;
};

Range range(const FrameHeader &header, Precision precision) {
    const int32_t half = int32_t{1} << (header.bitsStored - 1);
    if (!header.isSigned && !precision.isSigned) return {0, 2 * half - 1, 0};
    if (header.isSigned && precision.isSigned) return {-half, half - 1, 0};
    if (header.isSigned && precision.bits == header.bitsStored) return {0, 2 * half - 1, 2 * half};
    throw Failure{
        PDX_MALFORMED,
        "the JPEG 2000 code stream and Pixel Representation (0028,0103) differ about the sign of samples"};
}

template <class Sample>
void copy(const opj_image_t &image, const FrameHeader &header, Range range, Sample *target) {
    const size_t pixels = size_t{header.columns} * header.rows, step = header.samplesPerPixel;
    const int32_t middle = range.turn / 2;
    for (size_t component = 0; component < step; ++component) {
        const OPJ_INT32 *values = image.comps[component].data;
        int32_t lowest = INT32_MAX, highest = INT32_MIN;
        for (size_t pixel = 0; pixel < pixels; ++pixel) {
            int32_t value = values[pixel];
            lowest = std::min(lowest, value);
            highest = std::max(highest, value);
            if (middle != 0 && value >= middle) value -= range.turn;
            target[pixel * step + component] = static_cast<Sample>(value);
        }
        if (lowest < range.lowest || highest > range.highest) {
            throw Failure{
                PDX_MALFORMED, "the JPEG 2000 code stream has values that do not fit the " +
                                   std::to_string(header.bitsStored) + " bits stored (0028,0101)"};
        }
    }
}

}  // namespace

bool decodeJPEG2000(const std::vector<uint8_t> &bytes, const FrameHeader &header, void *buffer) {
    if ((header.bitsAllocated != 8 && header.bitsAllocated != 16) || header.bitsStored == 0 ||
        header.bitsStored > header.bitsAllocated || header.highBit + 1 != header.bitsStored) {
        throw Failure{PDX_UNSUPPORTED, "JPEG 2000 samples are read of 8 or 16 bits, stored from the lowest bit on"};
    }
    // OpenJPEG has four bytes for each sample, and as much again while it decodes a tile.
    if (header.bytes() > uint64_t{1} << 30) throw Failure{PDX_UNSUPPORTED, "a JPEG 2000 frame is larger than 1 GiB"};
    const Precision precision = checkStream(bytes, header);
    if (precision.bits > 16) throw Failure{PDX_UNSUPPORTED, "the JPEG 2000 code stream has more than 16 bits"};
    const Range allowed = range(header, precision);

    Source source{bytes, 0};
    std::string message;
    Codec codec(opj_create_decompress(OPJ_CODEC_J2K), opj_destroy_codec);
    if (!codec) throw std::bad_alloc();
    opj_set_error_handler(codec.get(), keep, &message);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    if (!opj_setup_decoder(codec.get(), &parameters)) throw failed(message);
    const Stream stream = open(source);
    opj_image_t *made = nullptr;
    const bool isRead = opj_read_header(stream.get(), codec.get(), &made) != OPJ_FALSE;
    const Image image(made, opj_image_destroy);
    if (!isRead || !image) throw failed(message);
    const bool isTransformed = hasColourTransformation(codec.get());
    if (!opj_decode(codec.get(), stream.get(), image.get())) throw failed(message);

    if (image->numcomps != header.samplesPerPixel) throw failed("it has other components than it says");
    for (uint32_t component = 0; component < image->numcomps; ++component) {
        const opj_image_comp_t &plane = image->comps[component];
        if (plane.w != header.columns || plane.h != header.rows || plane.data == nullptr) {
            throw failed("it has another size than it says");
        }
    }
    if (header.bitsAllocated == 8) {
        copy(*image, header, allowed, static_cast<uint8_t *>(buffer));
    } else {
        copy(*image, header, allowed, static_cast<uint16_t *>(buffer));
    }
    return isTransformed;
}

}  // namespace pdx
