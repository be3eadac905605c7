#include "Encapsulated.hpp"

#include <cstring>
#include <string>

namespace pdx {

namespace {

/// What a JPEG stream says of its colours: by an Adobe or JFIF segment, or by the names of its components.
enum class Colours { unknown, rgb, ybr };

Failure differs(const std::string &what) {
    return Failure{PDX_MALFORMED, "the JPEG stream and the header differ in " + what};
}

bool isFrameStart(uint8_t marker) {
    // SOF0 to SOF15 but for DHT, JPG and DAC.
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

void checkFrame(const uint8_t *segment, size_t length, const FrameHeader &header) {
    if (length < 8) throw Failure{PDX_MALFORMED, "the JPEG stream is broken"};
    const uint32_t bits = segment[2];
    const uint32_t rows = uint32_t{segment[3]} << 8 | segment[4], columns = uint32_t{segment[5]} << 8 | segment[6];
    if (rows != header.rows || columns != header.columns) throw differs("the number of rows and columns");
    if (segment[7] != header.samplesPerPixel) throw differs("the samples per pixel (0028,0002)");
    if (length < 8 + size_t{3} * segment[7]) throw Failure{PDX_MALFORMED, "the JPEG stream is broken"};
    if ((bits > 8 ? 16u : 8u) != header.bitsAllocated) throw differs("the bits of a sample (0028,0100)");
}

Colours coloursOfNames(const uint8_t *segment) {
    const bool isRGB = segment[8] == 'R' && segment[11] == 'G' && segment[14] == 'B';
    return isRGB ? Colours::rgb : Colours::unknown;
}

void checkColours(Colours colours, const OFString &photometric) {
    const bool isYBR = photometric.compare(0, 4, "YBR_") == 0;
    if ((colours == Colours::ybr && photometric == "RGB") || (colours == Colours::rgb && isYBR)) {
        throw differs("the colour space: Photometric Interpretation (0028,0004) is " +
                      std::string(isYBR ? "YBR, and the stream is RGB" : "RGB, and the stream is YCbCr"));
    }
}

}  // namespace

void checkJPEG(const std::vector<uint8_t> &stream, const FrameHeader &header, const OFString &photometric) {
    const Failure broken{PDX_MALFORMED, "the JPEG stream is broken"};
    if (stream.size() < 4 || stream[0] != 0xFF || stream[1] != 0xD8) throw broken;
    Colours colours = Colours::unknown;
    bool isAdobe = false;
    size_t at = 2;
    for (;;) {
        while (at + 1 < stream.size() && stream[at] == 0xFF && stream[at + 1] == 0xFF) ++at;
        if (stream.size() - at < 4 || stream[at] != 0xFF) throw broken;
        const uint8_t marker = stream[at + 1];
        const size_t length = size_t{stream[at + 2]} << 8 | stream[at + 3];
        const uint8_t *segment = stream.data() + at + 2;
        if (length < 2 || length > stream.size() - at - 2 || marker == 0xDA || marker == 0xD9) throw broken;
        if (marker == 0xEE && length >= 14 && std::memcmp(segment + 2, "Adobe", 5) == 0) {
            colours = segment[13] == 0 ? Colours::rgb : segment[13] == 1 ? Colours::ybr : Colours::unknown;
            isAdobe = true;
        } else if (marker == 0xE0 && length >= 7 && !isAdobe && std::memcmp(segment + 2, "JFIF", 5) == 0) {
            colours = Colours::ybr;
        } else if (isFrameStart(marker)) {
            checkFrame(segment, length, header);
            // Lossless streams carry what the header says, whatever else is in them.
            if (header.samplesPerPixel != 3 || marker == 0xC3) return;
            return checkColours(colours == Colours::unknown ? coloursOfNames(segment) : colours, photometric);
        }
        at += 2 + length;
    }
}

void checkRLE(const std::vector<uint8_t> &stream, const FrameHeader &header) {
    const auto number = [&](size_t at) {
        return uint32_t{stream[at]} | uint32_t{stream[at + 1]} << 8 | uint32_t{stream[at + 2]} << 16 |
               uint32_t{stream[at + 3]} << 24;
    };
    if (stream.size() < 64) throw Failure{PDX_MALFORMED, "the RLE frame has no header (PS3.5 §G.5)"};
    const uint64_t segments = number(0);
    if (segments == 0 || segments > 15 || segments != uint64_t{header.samplesPerPixel} * (header.bitsAllocated / 8)) {
        throw Failure{PDX_MALFORMED, "the RLE frame has " + std::to_string(segments) + " segments (PS3.5 §G.2)"};
    }
    const uint64_t pixels = uint64_t{header.columns} * header.rows;
    for (size_t segment = 0; segment < segments; ++segment) {
        uint64_t at = number(4 * (segment + 1));
        const uint64_t end = segment + 1 < segments ? number(4 * (segment + 2)) : stream.size();
        if (at < 64 || end < at || end > stream.size()) {
            throw Failure{PDX_MALFORMED, "the RLE frame has a wrong table of segments (PS3.5 §G.5)"};
        }
        uint64_t count = 0;
        while (at < end && count < pixels) {
            const uint32_t control = stream[static_cast<size_t>(at++)];
            if (control == 128) continue;
            const uint64_t taken = control < 128 ? control + 1 : 1;
            if (end - at < taken) break;
            at += taken;
            count += control < 128 ? control + 1 : 257 - control;
        }
        if (count != pixels) {
            throw Failure{PDX_MALFORMED, "a segment of the RLE frame does not fill its part (PS3.5 §G.3.2)"};
        }
    }
}

}  // namespace pdx
