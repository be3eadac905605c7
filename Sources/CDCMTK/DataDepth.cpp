#include "DataDepth.hpp"

#include "Guard.hpp"
#include "include/CDCMTKData.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcistrmf.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace pdx {

namespace {

constexpr uint32_t undefinedLength = 0xFFFFFFFFu;
constexpr uint64_t noEnd = UINT64_MAX;
// A deflated file of a few megabytes can claim terabytes.
constexpr uint64_t maximumInflated = uint64_t{4} << 30;

constexpr uint32_t itemTag = 0xFFFEE000u;
constexpr uint32_t itemEnd = 0xFFFEE00Du;
constexpr uint32_t sequenceEnd = 0xFFFEE0DDu;
constexpr uint32_t pixelData = 0x7FE00010u;

/// A forward reader over a file, inflated where the transfer syntax says so.
class Source {
public:
    explicit Source(const char *path) : stream_(path, 0) {
        if (!stream_.good()) throw Failure{PDX_IO, "the file cannot be opened"};
    }

    bool read(void *bytes, size_t count) {
        auto *at = static_cast<uint8_t *>(bytes);
        while (count > 0) {
            const offile_off_t got = stream_.read(at, static_cast<offile_off_t>(count));
            if (got <= 0) return false;
            at += got;
            count -= static_cast<size_t>(got);
            position_ += static_cast<uint64_t>(got);
        }
        return true;
    }

    bool skip(uint64_t count) {
        while (count > 0) {
            const offile_off_t got = stream_.skip(static_cast<offile_off_t>(count));
            if (got <= 0) return false;
            count -= static_cast<uint64_t>(got);
            position_ += static_cast<uint64_t>(got);
            if (inflated_ && position_ > maximumInflated) {
                throw Failure{PDX_UNSUPPORTED, "the deflated data set is larger than 4 GiB"};
            }
        }
        return true;
    }

    void inflate() {
        if (stream_.installCompressionFilter(ESC_zlib).bad()) {
            throw Failure{PDX_UNSUPPORTED, "this DCMTK cannot inflate"};
        }
        inflated_ = true;
    }

    uint64_t position() const { return position_; }

private:
    DcmInputFileStream stream_;
    uint64_t position_ = 0;
    bool inflated_ = false;
};

uint16_t read16(const uint8_t *bytes, bool big) {
    return static_cast<uint16_t>(big ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0]);
}

uint32_t read32(const uint8_t *bytes, bool big) {
    const uint32_t first = read16(bytes, big), second = read16(bytes + 2, big);
    return big ? first << 16 | second : second << 16 | first;
}

struct Header {
    uint32_t tag = 0;
    uint32_t length = 0;
    char vr[2] = {0, 0};

    bool is(const char *name) const { return vr[0] == name[0] && vr[1] == name[1]; }
};

bool hasLongLength(const char *vr) {
    static const char *const shortOnes[] = {"AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO",
                                            "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"};
    for (const char *one : shortOnes) {
        if (vr[0] == one[0] && vr[1] == one[1]) return false;
    }
    // DCMTK takes two unknown capitals for a VR of the future, which has a long length, and all else for a short one.
    return vr[0] >= 'A' && vr[0] <= 'Z' && vr[1] >= 'A' && vr[1] <= 'Z';
}

bool readHeader(Source &source, bool isExplicit, bool big, Header &header) {
    uint8_t bytes[8];
    if (!source.read(bytes, 8)) return false;
    header = Header();
    header.tag = uint32_t{read16(bytes, big)} << 16 | read16(bytes + 2, big);
    if (!isExplicit || header.tag >> 16 == 0xFFFE) {
        header.length = read32(bytes + 4, big);
        return true;
    }
    header.vr[0] = static_cast<char>(bytes[4]);
    header.vr[1] = static_cast<char>(bytes[5]);
    if (!hasLongLength(header.vr)) {
        header.length = read16(bytes + 6, big);
        return true;
    }
    uint8_t more[4];
    if (!source.read(more, 4)) return false;
    header.length = read32(more, big);
    return true;
}

/// A sequence or an item that the walk is inside of.
struct Level {
    uint64_t end;
    bool isExplicit;
    bool holdsFragments;
};

class Walk {
public:
    Walk(Source &source, bool isExplicit, bool big) : source_(source), big_(big) {
        levels_.push_back({noEnd, isExplicit, false});
    }

    void run() {
        Header header;
        for (;;) {
            while (levels_.size() > 1 && levels_.back().end <= source_.position()) levels_.pop_back();
            if (!readHeader(source_, levels_.back().isExplicit, big_, header)) return;
            if (!step(header)) return;
        }
    }

private:
    bool step(const Header &header) {
        const Level top = levels_.back();
        if (header.tag == itemEnd || header.tag == sequenceEnd) {
            if (levels_.size() > 1) levels_.pop_back();
            return true;
        }
        if (header.tag == itemTag) {
            if (top.holdsFragments) return source_.skip(header.length);
            push(header.length, top.isExplicit, false);
            return true;
        }
        if (header.length == undefinedLength) {
            const bool fragments = header.tag == pixelData || header.is("OB") || header.is("OW");
            // PS3.5 §6.2.2: the value of an UN element of undefined length is implicit little endian.
            push(header.length, top.isExplicit && !header.is("UN"), fragments);
            return true;
        }
        if (header.is("SQ")) {
            push(header.length, top.isExplicit, false);
            return true;
        }
        // Without a VR, what begins with an item's tag counts as a sequence: DCMTK descends into some of those.
        if (!top.isExplicit && header.length >= 8 && header.tag != pixelData) return lookInside(header, top);
        return source_.skip(header.length);
    }

    bool lookInside(const Header &header, const Level &top) {
        const uint64_t end = source_.position() + header.length;
        Header inner;
        if (!readHeader(source_, false, big_, inner)) return false;
        if (inner.tag != itemTag) return source_.skip(end - source_.position());
        levels_.push_back({std::min(end, top.end), top.isExplicit, false});
        push(inner.length, top.isExplicit, false);
        return true;
    }

    void push(uint32_t length, bool isExplicit, bool fragments) {
        const uint64_t outer = levels_.back().end;
        const uint64_t end = length == undefinedLength ? outer : std::min(outer, source_.position() + length);
        levels_.push_back({end, isExplicit, fragments});
        // A sequence and its item are two levels of the walk and one of the data set.
        if (levels_.size() > 2 * PDX_MAX_DEPTH + 1) {
            throw Failure{
                PDX_UNSUPPORTED, "sequences nest deeper than " + std::to_string(PDX_MAX_DEPTH) + " levels"};
        }
    }

    Source &source_;
    bool big_;
    std::vector<Level> levels_;
};

/// Reads the transfer syntax from the meta information and says where the data set begins.
std::string readMeta(const char *path, uint64_t &start) {
    Source source(path);
    char preamble[132];
    if (!source.read(preamble, sizeof preamble) || std::memcmp(preamble + 128, "DICM", 4) != 0) {
        throw Failure{PDX_MALFORMED, "no DICOM file: DICM is missing after the preamble (PS3.10 §7.1)"};
    }
    std::string syntax;
    Header header;
    for (;;) {
        start = source.position();
        if (!readHeader(source, true, false, header) || header.tag >> 16 != 0x0002) break;
        if (header.length == undefinedLength || header.length > 1u << 20) {
            throw Failure{PDX_MALFORMED, "an element of the file meta information is longer than 1 MiB"};
        }
        if (header.tag != 0x00020010u) {
            if (!source.skip(header.length)) break;
            continue;
        }
        syntax.resize(header.length);
        if (!source.read(&syntax[0], header.length)) break;
        while (!syntax.empty() && (syntax.back() == '\0' || syntax.back() == ' ')) syntax.pop_back();
    }
    if (syntax.empty()) throw Failure{PDX_MALFORMED, "the file meta information has no transfer syntax (0002,0010)"};
    return syntax;
}

}  // namespace

std::string checkDepth(const char *path) {
    uint64_t start = 0;
    const std::string syntax = readMeta(path, start);
    Source source(path);
    if (!source.skip(start)) return syntax;
    if (syntax == "1.2.840.10008.1.2.1.99" || syntax == "1.2.840.10008.1.2.4.95") source.inflate();
    Walk(source, syntax != "1.2.840.10008.1.2", syntax == "1.2.840.10008.1.2.2").run();
    return syntax;
}

}  // namespace pdx
