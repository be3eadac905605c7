/// The file of a compiled network.
#pragma once

#include <openvino/runtime/compiled_model.hpp>
#include <openvino/runtime/tensor.hpp>

#include <memory>
#include <optional>
#include <string>

namespace portico {

/// What was read from such a file.
struct StoredNetwork {
    /// OpenVINO's own bytes, in the mapped file.
    ov::Tensor blob;
    ov::element::Type elementType;
    /// Keeps the file mapped.
    std::shared_ptr<const void> mapping;
    /// Gives the memory of the mapped pages back; they are read again if they are needed.
    void dropPages() const;
};

/// A file with a head of one page, which says what the network was compiled of and for, and OpenVINO's bytes after it.
class CompiledFile {
  public:
    /// - Parameter identity: what the network was compiled of, for and by, in lines.
    CompiledFile(std::string path, std::string identity);

    /// Reads the file; nothing where there is none.
    ///
    /// - Throws: `Failure` where it is damaged or of another identity; its message is for a report.
    std::optional<StoredNetwork> read() const;

    /// Writes the file under a temporary name, syncs it and renames it.
    ///
    /// - Throws: `Failure`, and what OpenVINO throws.
    void write(ov::CompiledModel &compiled, ov::element::Type elementType) const;

  private:
    std::string head(ov::element::Type elementType, size_t length, const std::string &checksum) const;

    std::string path_;
    std::string identity_;
};

}  // namespace portico
