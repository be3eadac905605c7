#include "JPEG2000Stream.hpp"

#include "Guard.hpp"

#include <string>

namespace pdx {

namespace {

constexpr uint32_t startOfStream = 0xFF4F;
constexpr uint32_t sizeMarker = 0xFF51;
constexpr uint32_t startOfTile = 0xFF90;
constexpr uint32_t endOfStream = 0xFFD9;
/// A bit of Rsiz that says that a stream uses ISO 15444-15.
constexpr uint32_t highThroughput = 0x4000;

Failure broken(const std::string &why) { return Failure{PDX_MALFORMED, "the JPEG 2000 code stream " + why}; }

Failure unsupported(const std::string &why) { return Failure{PDX_UNSUPPORTED, "the JPEG 2000 code stream " + why}; }

/// Big-endian numbers at places that are checked.
class Reader {
public:
    explicit Reader(const std::vector<uint8_t> &bytes) : bytes_(bytes) {}

    uint32_t number(uint64_t at, unsigned count) const {
        if (at > bytes_.size() || bytes_.size() - at < count) throw broken("ends early");
        uint32_t value = 0;
        for (unsigned index = 0; index < count; ++index) value = value << 8 | bytes_[static_cast<size_t>(at) + index];
        return value;
    }

    uint64_t size() const { return bytes_.size(); }

    /// Whether the last bytes but for padding are the marker that ends a stream.
    bool endsWell() const {
        size_t end = bytes_.size();
        while (end > 0 && bytes_[end - 1] == 0) --end;
        // A fragment of odd length may be padded with FF, too.
        for (size_t cut = 0; cut < 2 && end >= 2 + cut; ++cut) {
            if (bytes_[end - cut - 2] == 0xFF && bytes_[end - cut - 1] == 0xD9) return true;
        }
        return false;
    }

private:
    const std::vector<uint8_t> &bytes_;
};

std::string by(uint64_t columns, uint64_t rows) { return std::to_string(columns) + " × " + std::to_string(rows); }

/// Compares SIZ with the header; gives the number of tiles.
uint32_t checkSize(const Reader &reader, uint64_t at, const FrameHeader &header) {
    if (reader.number(at + 4, 2) & highThroughput) throw unsupported("is of the high-throughput kind (HTJ2K)");
    const uint64_t right = reader.number(at + 6, 4), bottom = reader.number(at + 10, 4);
    const uint64_t left = reader.number(at + 14, 4), top = reader.number(at + 18, 4);
    const uint64_t width = reader.number(at + 22, 4), height = reader.number(at + 26, 4);
    const uint64_t tileLeft = reader.number(at + 30, 4), tileTop = reader.number(at + 34, 4);
    if (right < left || bottom < top || right - left != header.columns || bottom - top != header.rows) {
        throw broken("has " + by(right - left, bottom - top) + " pixels where the header has " +
                     by(header.columns, header.rows));
    }
    if (width == 0 || height == 0 || tileLeft > left || tileTop > top) throw broken("has impossible tiles");
    const uint64_t tiles = ((right - tileLeft + width - 1) / width) * ((bottom - tileTop + height - 1) / height);
    const uint64_t pixels = uint64_t{header.columns} * header.rows;
    if (tiles > 64 && tiles > pixels / 256) throw unsupported("has " + std::to_string(tiles) + " tiles");
    if (tiles > 65535) throw broken("has impossible tiles");
    return static_cast<uint32_t>(tiles);
}

Precision checkComponents(const Reader &reader, uint64_t at, const FrameHeader &header) {
    const uint32_t components = reader.number(at + 38, 2);
    if (components != header.samplesPerPixel) {
        throw broken("has " + std::to_string(components) + " components where Samples per Pixel (0028,0002) is " +
                     std::to_string(header.samplesPerPixel));
    }
    if (reader.number(at + 2, 2) != 38 + 3 * components) throw broken("has a wrong size marker");
    const uint32_t first = reader.number(at + 40, 1);
    for (uint32_t component = 0; component < components; ++component) {
        const uint64_t place = at + 40 + 3 * component;
        if (reader.number(place, 1) != first) throw unsupported("has components of different precision");
        if (reader.number(place + 1, 2) != 0x0101) throw unsupported("has subsampled components");
    }
    return {(first & 0x7Fu) + 1, (first & 0x80u) != 0};
}

/// The tile-parts, from the first on.
void checkTiles(const Reader &reader, uint64_t at, uint32_t tiles) {
    std::vector<uint16_t> parts(tiles, 0), announced(tiles, 0);
    bool isOpen = false;
    while (!isOpen && at < reader.size() && reader.size() - at >= 2 && reader.number(at, 2) == startOfTile) {
        const uint32_t tile = reader.number(at + 4, 2), length = reader.number(at + 6, 4);
        if (tile >= tiles) throw broken("names a tile that cannot be");
        if (const uint32_t total = reader.number(at + 11, 1)) announced[tile] = static_cast<uint16_t>(total);
        if (++parts[tile] > 255) throw broken("has too many parts of a tile");
        // A length of 0 says that the last part goes on to the end of the stream.
        isOpen = length == 0;
        if (isOpen) break;
        if (length < 14 || length > reader.size() - at) throw broken("is cut short");
        at += length;
    }
    if (isOpen && !reader.endsWell()) throw broken("is cut short");
    for (uint32_t tile = 0; tile < tiles; ++tile) {
        if (parts[tile] == 0 || (announced[tile] != 0 && parts[tile] != announced[tile])) {
            throw broken("lacks part of tile " + std::to_string(tile + 1) + " of " + std::to_string(tiles));
        }
    }
}

}  // namespace

Precision checkStream(const std::vector<uint8_t> &stream, const FrameHeader &header) {
    const Reader reader(stream);
    if (reader.number(0, 2) != startOfStream || reader.number(2, 2) != sizeMarker) {
        throw broken("does not begin as one (PS3.5 §8.2.4); a JP2 file is none");
    }
    const uint32_t tiles = checkSize(reader, 2, header);
    const Precision precision = checkComponents(reader, 2, header);
    uint64_t at = 4 + reader.number(4, 2);
    while (reader.number(at, 2) != startOfTile) {
        const uint32_t marker = reader.number(at, 2), length = reader.number(at + 2, 2);
        if (marker < 0xFF00 || marker == endOfStream || length < 2) throw broken("has no tiles");
        at += 2 + length;
    }
    checkTiles(reader, at, tiles);
    return precision;
}

}  // namespace pdx
