#include "JPEGLS.hpp"

#include "Guard.hpp"

#include <charls/charls.h>

#include <memory>
#include <string>

namespace pdx {

namespace {

void require(charls_jpegls_errc code) {
    if (code == charls::jpegls_errc::success) return;
    throw Failure{
        PDX_MALFORMED, std::string("the JPEG-LS stream cannot be decoded: ") + charls_get_error_message(code)};
}

Failure differs(const std::string &what) {
    return Failure{PDX_MALFORMED, "the JPEG-LS stream and the header differ in " + what};
}

void check(const charls_frame_info &info, const FrameHeader &header) {
    if (info.width != header.columns || info.height != header.rows) {
        throw differs("the number of rows and columns");
    }
    if (info.component_count < 0 || static_cast<uint32_t>(info.component_count) != header.samplesPerPixel) {
        throw differs("the samples per pixel (0028,0002)");
    }
    if ((info.bits_per_sample > 8 ? 16u : 8u) != header.bitsAllocated) {
        throw differs("the bits of a sample (0028,0100)");
    }
}

/// Whether the last bytes but for padding are the marker that ends a stream. At the end of one without it CharLS goes on
/// for minutes.
bool endsWell(const std::vector<uint8_t> &stream) {
    size_t end = stream.size();
    while (end > 0 && stream[end - 1] == 0) --end;
    // Some pad a fragment of odd length with FF.
    if (end > 2 && stream[end - 1] == 0xFF) --end;
    return end >= 2 && stream[end - 2] == 0xFF && stream[end - 1] == 0xD9;
}

}  // namespace

bool decodeJPEGLS(const std::vector<uint8_t> &stream, const FrameHeader &header, void *buffer) {
    if (!endsWell(stream)) throw Failure{PDX_MALFORMED, "the JPEG-LS stream is cut short"};
    const std::unique_ptr<charls_jpegls_decoder, decltype(&charls_jpegls_decoder_destroy)> decoder(
        charls_jpegls_decoder_create(), charls_jpegls_decoder_destroy);
    if (!decoder) throw std::bad_alloc();
    require(charls_jpegls_decoder_set_source_buffer(decoder.get(), stream.data(), stream.size()));
    require(charls_jpegls_decoder_read_header(decoder.get()));
    charls_frame_info info{};
    require(charls_jpegls_decoder_get_frame_info(decoder.get(), &info));
    check(info, header);
    charls_interleave_mode mode{};
    require(charls_jpegls_decoder_get_interleave_mode(decoder.get(), &mode));
    size_t size = 0;
    require(charls_jpegls_decoder_get_destination_size(decoder.get(), 0, &size));
    if (size != header.bytes()) throw differs("the size of a frame");
    require(charls_jpegls_decoder_decode_to_buffer(decoder.get(), buffer, size, 0));
    return header.samplesPerPixel > 1 && mode == charls::interleave_mode::none;
}

}  // namespace pdx
