#include "NetworkMessage.hpp"

#include "dcmtk/dcmnet/cond.h"
#include "dcmtk/dcmnet/dul.h"

namespace pdx {

namespace {

/// A command set holds a few UIDs and numbers; more than this is an attack.
constexpr size_t most_command_bytes = 64 * 1024;

uint32_t little(const uint8_t *bytes, size_t count) {
    uint32_t value = 0;
    for (size_t i = 0; i < count; ++i) value |= static_cast<uint32_t>(bytes[i]) << (8 * i);
    return value;
}

void put_little(std::vector<uint8_t> &out, uint32_t value, size_t count) {
    for (size_t i = 0; i < count; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void put_head(std::vector<uint8_t> &out, uint16_t element, uint32_t length) {
    put_little(out, 0, 2);
    put_little(out, element, 2);
    put_little(out, length, 4);
}

void put_number(std::vector<uint8_t> &out, uint16_t element, uint16_t value) {
    put_head(out, element, 2);
    put_little(out, value, 2);
}

void put_text(std::vector<uint8_t> &out, uint16_t element, const std::string &value, uint8_t pad) {
    const size_t odd = value.size() % 2;
    put_head(out, element, static_cast<uint32_t>(value.size() + odd));
    out.insert(out.end(), value.begin(), value.end());
    if (odd != 0) out.push_back(pad);
}

std::string text(const uint8_t *bytes, size_t count) {
    while (count > 0 && (bytes[count - 1] == 0 || bytes[count - 1] == ' ')) --count;
    return std::string(reinterpret_cast<const char *>(bytes), count);
}

}  // namespace

bool parse_command(const std::vector<uint8_t> &bytes, Command &command) {
    bool has_field = false;
    size_t at = 0;
    while (at < bytes.size()) {
        if (bytes.size() - at < 8) return false;
        const uint32_t group = little(&bytes[at], 2), element = little(&bytes[at + 2], 2);
        const uint32_t length = little(&bytes[at + 4], 4);
        at += 8;
        if (group != 0 || length > bytes.size() - at) return false;
        const uint8_t *value = bytes.data() + at;
        const auto number = static_cast<uint16_t>(length == 2 ? little(value, 2) : 0);
        switch (element) {
        case 0x0002:
        case 0x0003: command.sop_class = text(value, length); break;
        case 0x0100:
            command.field = number;
            has_field = length == 2;
            break;
        case 0x0110: command.message_id = number; break;
        case 0x0120: command.responded_id = number; break;
        case 0x0700: command.priority = number; break;
        case 0x0800: command.data_set_type = number; break;
        case 0x0900: command.status = number; break;
        case 0x0902: command.comment = text(value, length); break;
        case 0x1000:
        case 0x1001: command.sop_instance = text(value, length); break;
        default: break;
        }
        at += length;
    }
    return has_field;
}

std::vector<uint8_t> build_command(const Command &command) {
    std::vector<uint8_t> out;
    out.reserve(320);
    put_head(out, 0x0000, 4);
    put_little(out, 0, 4);
    if (!command.sop_class.empty()) put_text(out, 0x0002, command.sop_class, 0);
    put_number(out, 0x0100, command.field);
    if (is_response(command)) {
        put_number(out, 0x0120, command.responded_id);
    } else {
        put_number(out, 0x0110, command.message_id);
        if (command.field == C_STORE_RQ) put_number(out, 0x0700, command.priority);
    }
    put_number(out, 0x0800, command.data_set_type);
    if (is_response(command)) {
        put_number(out, 0x0900, command.status);
        if (!command.comment.empty()) put_text(out, 0x0902, command.comment, ' ');
    }
    if (!command.sop_instance.empty()) put_text(out, 0x1000, command.sop_instance, 0);
    const auto length = static_cast<uint32_t>(out.size() - 12);
    for (size_t i = 0; i < 4; ++i) out[8 + i] = static_cast<uint8_t>(length >> (8 * i));
    return out;
}

Arrival Messages::next(DUL_PDV &pdv) {
    if (DUL_NextPDV(&association_->DULassociation, &pdv).good()) return Arrival::message;
    // DCMTK blocks here; the channel's time-outs end it.
    const OFCondition condition = DUL_ReadPDVs(&association_->DULassociation, nullptr, DUL_BLOCK, 0);
    if (condition == DUL_PDATAPDUARRIVED) {
        return DUL_NextPDV(&association_->DULassociation, &pdv).good() ? Arrival::message : Arrival::protocol_error;
    }
    if (condition == DUL_PEERREQUESTEDRELEASE) return Arrival::released;
    if (channel_.timed_out()) return Arrival::timed_out;
    if (channel_.interrupted() || channel_.was_cut()) return Arrival::interrupted;
    if (condition == DUL_PEERABORTEDASSOCIATION || condition == DUL_NETWORKCLOSED) return Arrival::aborted;
    // Whatever else DCMTK says is about a PDU that breaks PS3.8.
    return Arrival::protocol_error;
}

Arrival Messages::read_command(int32_t idle, uint8_t &context, Command &command) {
    std::vector<uint8_t> bytes;
    channel_.expect_message(idle);
    for (bool first = true;; first = false) {
        DUL_PDV pdv;
        const Arrival arrival = next(pdv);
        // A release in the middle of a message breaks the protocol.
        if (arrival == Arrival::released && !first) return Arrival::protocol_error;
        if (arrival != Arrival::message) return arrival;
        if (first) context = pdv.presentationContextID;
        if (pdv.pdvType != DUL_COMMANDPDV || pdv.presentationContextID != context) return Arrival::protocol_error;
        if (pdv.fragmentLength > most_command_bytes - bytes.size()) return Arrival::protocol_error;
        const auto *data = static_cast<const uint8_t *>(pdv.data);
        bytes.insert(bytes.end(), data, data + pdv.fragmentLength);
        if (pdv.lastPDV) break;
    }
    command = Command();
    return parse_command(bytes, command) ? Arrival::message : Arrival::protocol_error;
}

Arrival Messages::read_data(uint8_t context, const uint8_t *&bytes, size_t &count, bool &last) {
    DUL_PDV pdv;
    const Arrival arrival = next(pdv);
    if (arrival == Arrival::released) return Arrival::protocol_error;
    if (arrival != Arrival::message) return arrival;
    if (pdv.pdvType != DUL_DATASETPDV || pdv.presentationContextID != context) return Arrival::protocol_error;
    bytes = static_cast<const uint8_t *>(pdv.data);
    count = pdv.fragmentLength;
    last = pdv.lastPDV;
    return Arrival::message;
}

Arrival Messages::skip_data(uint8_t context) {
    for (;;) {
        const uint8_t *bytes;
        size_t count;
        bool last;
        const Arrival arrival = read_data(context, bytes, count, last);
        if (arrival != Arrival::message || last) return arrival;
    }
}

bool Messages::send(uint8_t context, const void *bytes, size_t count, bool last, bool is_command) {
    DUL_PDV pdv = {};
    pdv.fragmentLength = count;
    pdv.presentationContextID = context;
    pdv.pdvType = is_command ? DUL_COMMANDPDV : DUL_DATASETPDV;
    pdv.lastPDV = last ? OFTrue : OFFalse;
    pdv.data = const_cast<void *>(bytes);
    DUL_PDVLIST list = {};
    list.count = 1;
    list.pdv = &pdv;
    return DUL_WritePDVs(&association_->DULassociation, &list).good();
}

bool Messages::send_command(uint8_t context, const Command &command) {
    const std::vector<uint8_t> bytes = build_command(command);
    return send(context, bytes.data(), bytes.size(), true, true);
}

bool Messages::send_data(uint8_t context, const void *bytes, size_t count, bool last) {
    return send(context, bytes, count, last, false);
}

}  // namespace pdx
