#include "AssociationFile.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

namespace pdx {

namespace {

/// Puts an element of group 2 in explicit VR little endian. `vr` is UI, SH, AE (16-bit length) or OB (32-bit length).
void put(std::vector<uint8_t> &out, uint8_t element, const char *vr, const std::string &value) {
    const bool is_long = std::strcmp(vr, "OB") == 0;
    const size_t length = value.size() + value.size() % 2;
    out.insert(out.end(), {2, 0, element, 0, static_cast<uint8_t>(vr[0]), static_cast<uint8_t>(vr[1])});
    if (is_long) out.insert(out.end(), {0, 0});
    out.push_back(static_cast<uint8_t>(length));
    out.push_back(static_cast<uint8_t>(length >> 8));
    if (is_long) out.insert(out.end(), {0, 0});
    out.insert(out.end(), value.begin(), value.end());
    if (value.size() % 2 != 0) out.push_back(std::strcmp(vr, "UI") == 0 ? 0 : ' ');
}

}  // namespace

IncomingFile::IncomingFile(const char *path, uint64_t most_bytes)
    : path_(path), most_bytes_(most_bytes),
      descriptor_(open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640)) {
    is_ours_ = descriptor_.get() >= 0;
    if (!is_ours_) fail("cannot be made", errno);
}

void IncomingFile::write_head(
    const pdx_store_request &request, const std::string &implementation_class,
    const std::string &implementation_version) {
    std::vector<uint8_t> elements;
    put(elements, 0x01, "OB", std::string("\0\1", 2));
    put(elements, 0x02, "UI", request.sop_class);
    put(elements, 0x03, "UI", request.sop_instance);
    put(elements, 0x10, "UI", request.transfer_syntax);
    put(elements, 0x12, "UI", implementation_class);
    put(elements, 0x13, "SH", implementation_version);
    if (request.association->calling_title[0] != 0) put(elements, 0x16, "AE", request.association->calling_title);

    std::vector<uint8_t> head(128, 0);
    const auto length = static_cast<uint32_t>(elements.size());
    head.insert(head.end(), {'D', 'I', 'C', 'M', 2, 0, 0, 0, 'U', 'L', 4, 0});
    for (int shift = 0; shift < 32; shift += 8) head.push_back(static_cast<uint8_t>(length >> shift));
    head.insert(head.end(), elements.begin(), elements.end());
    write(head.data(), head.size());
    data_offset_ = head.size();
}

void IncomingFile::write(const uint8_t *bytes, size_t count) noexcept {
    if (!is_good()) return;
    if (count > most_bytes_ - size_) return fail("would grow beyond its limit", 0);
    while (count > 0) {
        const ssize_t done = ::write(descriptor_.get(), bytes, count);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return fail("cannot be written", errno);
        bytes += done;
        count -= static_cast<size_t>(done);
        size_ += static_cast<uint64_t>(done);
    }
}

void IncomingFile::discard() noexcept {
    if (is_ours_) unlink(path_.c_str());
    is_ours_ = false;
    descriptor_.reset();
}

void IncomingFile::fail(const char *what, int number) noexcept {
    char text[128] = "";
    const char *reason = number == 0 ? "" : strerror_r(number, text, sizeof text);
    try {
        problem_ = "the temporary file " + path_ + " " + what + (number == 0 ? "" : ": ") + reason;
    } catch (...) {
        problem_ = "no memory";
    }
}

}  // namespace pdx
