#ifndef PDX_NETWORK_MESSAGE_HPP
#define PDX_NETWORK_MESSAGE_HPP

#include "NetworkChannel.hpp"

#include "dcmtk/dcmnet/assoc.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pdx {

// DIMSE is read and written here, above DCMTK's upper layer, because DCMTK's own DIMSE layer parses a command set
// with its recursive data set parser, knows no transfer syntax newer than itself, and rewrites the objects it sends.

/// Command fields (PS3.7 §E.1).
enum CommandField : uint16_t {
    C_STORE_RQ = 0x0001,
    C_ECHO_RQ = 0x0030,
    C_CANCEL_RQ = 0x0FFF,
    RESPONSE = 0x8000
};

/// Statuses that the shim gives by itself (PS3.7 annex C, PS3.4 §B.2.3).
enum Status : uint16_t {
    SUCCESS = 0x0000,
    INVALID_SOP_INSTANCE = 0x0117,
    SOP_CLASS_NOT_SUPPORTED = 0x0122,
    UNRECOGNIZED_OPERATION = 0x0211,
    OUT_OF_RESOURCES = 0xA700,
    CANNOT_UNDERSTAND = 0xC000
};

constexpr uint16_t NO_DATA_SET = 0x0101;

/// A command set: what of it a storage or verification provider or user needs.
struct Command {
    uint16_t field = 0;
    uint16_t message_id = 0;
    uint16_t responded_id = 0;
    uint16_t data_set_type = NO_DATA_SET;
    uint16_t status = 0;
    uint16_t priority = 0;
    std::string sop_class;
    std::string sop_instance;
    std::string comment;
};

/// What a read ended with.
enum class Arrival { message, released, aborted, timed_out, interrupted, protocol_error };

/// The DIMSE side of one association.
class Messages {
public:
    Messages(T_ASC_Association *association, Channel &channel) noexcept
        : association_(association), channel_(channel) {}

    /// Reads the next command set; at most `idle` milliseconds until it begins.
    Arrival read_command(int32_t idle, uint8_t &context, Command &command);
    /// Reads the next fragment of a data set; the bytes are valid until the next read.
    Arrival read_data(uint8_t context, const uint8_t *&bytes, size_t &count, bool &last);
    /// Reads a data set and throws it away.
    Arrival skip_data(uint8_t context);
    /// Whether it could be sent.
    bool send_command(uint8_t context, const Command &command);
    bool send_data(uint8_t context, const void *bytes, size_t count, bool last);

private:
    Arrival next(DUL_PDV &pdv);
    bool send(uint8_t context, const void *bytes, size_t count, bool last, bool is_command);

    T_ASC_Association *association_;
    Channel &channel_;
};

/// Parses an implicit VR little endian command set (PS3.7 §6.3.1); false where it is none.
bool parse_command(const std::vector<uint8_t> &bytes, Command &command);

/// Builds a command set with its group length.
std::vector<uint8_t> build_command(const Command &command);

/// The command field, without the bit that makes it a response.
inline uint16_t operation(const Command &command) { return command.field & 0x7FFF; }

inline bool is_response(const Command &command) { return (command.field & RESPONSE) != 0; }

/// Copies text into a fixed array, cut to fit.
template <size_t size>
void copy_text(char (&target)[size], const std::string &text) noexcept {
    const size_t count = text.size() < size - 1 ? text.size() : size - 1;
    for (size_t i = 0; i < count; ++i) target[i] = text[i];
    target[count] = 0;
}

}  // namespace pdx

#endif
