#include "CompiledFile.hpp"

#include "Checksum.hpp"

#include <CInferenceSupport/Guard.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <sstream>

namespace portico {
namespace {

/// The head is one page, so that OpenVINO's bytes begin at one.
constexpr size_t headSize = 4096;
const std::string magic = "portico compiled network 1\n";

Failure unusable(const std::string &path, const std::string &reason) {
    return {PORTICO_INFERENCE_BAD_MODEL, path + " is not used: " + reason};
}

Failure unwritable(const std::string &path, const std::string &reason) {
    return {PORTICO_INFERENCE_FAILED, path + " can't be written: " + reason};
}

/// An open file that is closed.
struct Descriptor {
    explicit Descriptor(int number) : number(number) {}
    ~Descriptor() {
        if (number >= 0) close(number);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int number;
};

/// A whole file in memory, for reading.
struct Mapping {
    Mapping(const std::string &path, int file, size_t size) : size(size) {
        bytes = static_cast<char *>(mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0));
        if (bytes == MAP_FAILED) throw unusable(path, std::strerror(errno));
    }
    ~Mapping() { munmap(bytes, size); }
    Mapping(const Mapping &) = delete;
    Mapping &operator=(const Mapping &) = delete;
    char *bytes;
    size_t size;
};

std::string checksum(const char *bytes, size_t count) {
    Checksum sum;
    sum.update(bytes, count);
    return sum.text();
}

/// A name beside the file that no other thread or process takes.
std::string temporaryName(const std::string &path) {
    static std::atomic<unsigned> count{0};
    return path + "." + std::to_string(getpid()) + "-" + std::to_string(count++) + ".part";
}

}  // namespace

void StoredNetwork::dropPages() const {
    const auto *file = static_cast<const Mapping *>(mapping.get());
    madvise(file->bytes, file->size, MADV_DONTNEED);
}

CompiledFile::CompiledFile(std::string path, std::string identity)
    : path_(std::move(path)), identity_(std::move(identity)) {}

std::string CompiledFile::head(ov::element::Type elementType, size_t length, const std::string &checksum) const {
    return magic + identity_ + "\ntype " + elementType.get_type_name() + "\nlength " + std::to_string(length) +
           "\nchecksum " + checksum + "\n";
}

std::optional<StoredNetwork> CompiledFile::read() const {
    const Descriptor file(open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number < 0) {
        if (errno == ENOENT) return std::nullopt;
        throw unusable(path_, std::strerror(errno));
    }
    struct stat status;
    if (fstat(file.number, &status) != 0) throw unusable(path_, std::strerror(errno));
    const size_t size = static_cast<size_t>(status.st_size);
    if (size <= headSize) throw unusable(path_, "it is cut");
    auto mapping = std::make_shared<Mapping>(path_, file.number, size);

    const std::string known = magic + identity_ + "\ntype ";
    if (known.size() >= headSize || known.compare(0, known.size(), mapping->bytes, known.size()) != 0) {
        throw unusable(path_, "it was made of another network, or for other options, OpenVINO or processor");
    }
    std::istringstream rest(std::string(mapping->bytes + known.size(), headSize - known.size()));
    std::string type;
    rest >> type;
    const char *const blob = mapping->bytes + headSize;
    StoredNetwork stored{{}, ov::element::Type(type), mapping};
    const std::string expected = head(stored.elementType, size - headSize, checksum(blob, size - headSize));
    if (expected.size() >= headSize || expected.compare(0, expected.size(), mapping->bytes, expected.size()) != 0) {
        throw unusable(path_, "it is damaged");
    }
    stored.blob = ov::Tensor(ov::element::u8, ov::Shape{size - headSize}, blob);
    return stored;
}

void CompiledFile::write(ov::CompiledModel &compiled, ov::element::Type elementType) const {
    const std::string name = temporaryName(path_);
    try {
        std::ofstream stream(name, std::ios::binary | std::ios::trunc);
        stream << std::string(headSize, '\0');
        if (stream) compiled.export_model(stream);
        stream.close();
        if (!stream) throw unwritable(path_, "the disk is full, or the folder is not there or not to be written to");

        const Descriptor file(open(name.c_str(), O_RDWR | O_CLOEXEC));
        struct stat status;
        if (file.number < 0 || fstat(file.number, &status) != 0) throw unwritable(path_, std::strerror(errno));
        const size_t size = static_cast<size_t>(status.st_size);
        const Mapping mapping(path_, file.number, size);
        const std::string head =
            this->head(elementType, size - headSize, checksum(mapping.bytes + headSize, size - headSize));
        if (head.size() >= headSize) throw unwritable(path_, "its head is too long");
        if (pwrite(file.number, head.data(), head.size(), 0) != static_cast<ssize_t>(head.size()) ||
            fsync(file.number) != 0 || rename(name.c_str(), path_.c_str()) != 0) {
            throw unwritable(path_, std::strerror(errno));
        }
    } catch (...) {
        unlink(name.c_str());
        throw;
    }
}

}  // namespace portico
