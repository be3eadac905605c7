#ifndef PDX_ASSOCIATION_FILE_HPP
#define PDX_ASSOCIATION_FILE_HPP

#include "Listener.hpp"

#include <cstdint>
#include <string>

namespace pdx {

/// The file that a C-STORE goes into: preamble, meta header (PS3.10 §7.1) and the data set as it arrives.
///
/// A failed write is remembered and everything after it is ignored. Unless it is released, the file goes with the
/// object, so that an exception leaves no half of it behind.
class IncomingFile {
public:
    /// Makes the file, which must not exist, of at most `most_bytes`.
    IncomingFile(const char *path, uint64_t most_bytes);
    ~IncomingFile() { discard(); }
    IncomingFile(const IncomingFile &) = delete;
    IncomingFile &operator=(const IncomingFile &) = delete;

    void write_head(
        const pdx_store_request &request, const std::string &implementation_class,
        const std::string &implementation_version);
    void write(const uint8_t *bytes, size_t count) noexcept;
    /// Closes the file, and removes it unless it was released.
    void discard() noexcept;
    /// Leaves the file to somebody else; the descriptor still closes with the object.
    void release() noexcept { is_ours_ = false; }

    bool is_good() const noexcept { return problem_.empty(); }
    /// What failed; empty where nothing did.
    const std::string &problem() const noexcept { return problem_; }
    int descriptor() const noexcept { return descriptor_.get(); }
    uint64_t data_offset() const noexcept { return data_offset_; }
    uint64_t size() const noexcept { return size_; }

private:
    void fail(const char *what, int number) noexcept;

    const std::string path_;
    const uint64_t most_bytes_;
    Descriptor descriptor_;
    /// Whether it was made here and is still to be removed.
    bool is_ours_ = false;
    uint64_t data_offset_ = 0;
    uint64_t size_ = 0;
    std::string problem_;
};

}  // namespace pdx

#endif
