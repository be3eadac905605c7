#include "Association.hpp"
#include "Guard.hpp"

#include "dcmtk/dcmdata/dcuid.h"
#include "dcmtk/dcmnet/dul.h"
#include "dcmtk/dcmnet/lst.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

namespace pdx {

namespace {

/// 128 presentation contexts with dozens of transfer syntaxes each stay below this.
constexpr uint32_t most_request_bytes = 1024 * 1024;

constexpr pdx_admission limit_exceeded = {2, 3, 2};
constexpr pdx_admission unknown_application_context = {1, 1, 2};

/// Transfer syntaxes that are preferred to a peer's own order, the best first: what every reader can read, then what
/// takes a codec and loses nothing. A peer that offers an uncompressed syntax beside JPEG then sends its own pixels.
constexpr const char *preferred_syntaxes[] = {
    UID_LittleEndianExplicitTransferSyntax,
    UID_LittleEndianImplicitTransferSyntax,
    UID_BigEndianExplicitTransferSyntax,
    UID_DeflatedExplicitVRLittleEndianTransferSyntax,
    UID_RLELosslessTransferSyntax,
    UID_JPEGProcess14TransferSyntax,
    UID_JPEGProcess14SV1TransferSyntax,
    UID_JPEGLSLosslessTransferSyntax,
};

/// What a peer proposes, with the transfer syntax that is taken of those it names.
struct Proposal {
    uint8_t id;
    std::string abstract_syntax;
    std::string transfer_syntax;
};

/// Reads the proposed contexts from DCMTK's list: its own access by position fails on contexts with more than 50
/// transfer syntaxes, and its functions that accept or refuse move the cursor of the list.
std::vector<Proposal> proposals(LST_HEAD **list) {
    std::vector<Proposal> found;
    if (*list == nullptr) return found;
    auto *item = static_cast<DUL_PRESENTATIONCONTEXT *>(LST_Head(list));
    LST_Position(list, item);
    for (; item != nullptr; item = static_cast<DUL_PRESENTATIONCONTEXT *>(LST_Next(list))) {
        LST_HEAD **syntaxes = &item->proposedTransferSyntax;
        std::vector<std::string> proposed;
        auto *syntax = *syntaxes == nullptr ? nullptr : static_cast<DUL_TRANSFERSYNTAX *>(LST_Head(syntaxes));
        if (syntax != nullptr) LST_Position(syntaxes, syntax);
        for (; syntax != nullptr; syntax = static_cast<DUL_TRANSFERSYNTAX *>(LST_Next(syntaxes))) {
            proposed.push_back(trimmed(syntax->transferSyntax));
        }
        found.push_back({item->presentationContextID, trimmed(item->abstractSyntax), preferred_syntax(proposed)});
    }
    return found;
}

bool is_one_of(const std::string &uid, const char *const list[], int count) {
    // Built once, on first use: the list has 186 entries and a request 128 contexts.
    static const std::unordered_set<std::string> known(list, list + count);
    return known.count(uid) != 0;
}

bool has_form_of_uid(const std::string &text) {
    return !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

std::string preferred_syntax(const std::vector<std::string> &proposed) {
    for (const char *syntax : preferred_syntaxes) {
        if (std::find(proposed.begin(), proposed.end(), syntax) != proposed.end()) return syntax;
    }
    const auto first = std::find_if(proposed.begin(), proposed.end(), has_form_of_uid);
    return first == proposed.end() ? "" : *first;
}

std::string trimmed(const char *text) {
    size_t count = std::strlen(text);
    while (count > 0 && text[count - 1] == ' ') --count;
    return std::string(text, count);
}

bool is_storage(const std::string &uid) {
    if (!has_form_of_uid(uid)) return false;
    if (uid.compare(0, 24, "1.2.840.10008.5.1.4.1.1.") == 0) return true;
    if (uid.compare(0, 14, "1.2.840.10008.") != 0) return true;
    return is_one_of(uid, dcmAllStorageSOPClassUIDs, numberOfDcmAllStorageSOPClassUIDs);
}

Association::Association(Connection &connection)
    : connection_(connection), listener_(connection.listener), channel_(connection.channel),
      handing_(external_socket_mutex(), std::defer_lock), transport_(channel_, handing_) {
    channel_.set_deadline(now_ms() + listener_.options.negotiation_ms);
    channel_.set_silence(listener_.options.transfer_ms);
    channel_.set_interruptible(true);
}

Association::~Association() {
    ASC_destroyAssociation(&association_);
    ASC_dropNetwork(&network_);
}

bool Association::negotiate() {
    if (!read_first_head() || !receive_request()) return false;
    describe();
    const pdx_admission admission = admit();
    if (admission.result != 0) {
        refuse(admission);
        return false;
    }
    if (!listener_.take_place(connection_)) {
        refuse(limit_exceeded);
        return false;
    }
    accept_contexts();
    T_ASC_Parameters *parameters = association_->params;
    copy_text(parameters->ourImplementationClassUID, listener_.implementation_class);
    copy_text(parameters->ourImplementationVersionName, listener_.implementation_version);
    if (ASC_acknowledgeAssociation(association_).bad()) {
        notify(channel_.timed_out() ? PDX_EVENT_TIMED_OUT : PDX_EVENT_ABORTED, "while answering the request");
        return false;
    }
    channel_.set_deadline(0);
    was_open_ = true;
    notify(PDX_EVENT_OPENED);
    return true;
}

/// Looks at the head of the first PDU before DCMTK does: DCMTK allocates whatever length it claims.
bool Association::read_first_head() {
    uint8_t head[6];
    size_t have = 0;
    while (have < sizeof head) {
        const ssize_t got = channel_.read(head + have, sizeof head - have);
        if (got <= 0) {
            const bool stopped = channel_.interrupted() || channel_.was_cut();
            notify(
                channel_.timed_out() ? PDX_EVENT_TIMED_OUT : stopped ? PDX_EVENT_STOPPED : PDX_EVENT_ABORTED,
                "before a request for an association");
            return false;
        }
        have += static_cast<size_t>(got);
    }
    const uint32_t length = static_cast<uint32_t>(head[2]) << 24 | static_cast<uint32_t>(head[3]) << 16
        | static_cast<uint32_t>(head[4]) << 8 | head[5];
    if (head[0] != DUL_TYPEASSOCIATERQ || length > most_request_bytes) {
        channel_.send_abort(2, head[0] >= 1 && head[0] <= 7 ? 2 : 1);
        channel_.linger(500);
        notify(PDX_EVENT_PROTOCOL_ERROR, "the first PDU is no A-ASSOCIATE-RQ of a sane length");
        return false;
    }
    channel_.put_back(head, sizeof head);
    return true;
}

bool Association::receive_request() {
    handing_.lock();
    OFCondition condition;
    try {
        set_external_socket(channel_.socket());
        const int seconds = listener_.options.negotiation_ms / 1000 + 1;
        condition = ASC_initializeNetwork(NET_ACCEPTOR, 0, seconds, &network_);
        if (condition.good()) condition = ASC_setTransportLayer(network_, &transport_, 0);
        if (condition.good()) {
            condition = ASC_receiveAssociation(network_, &association_, listener_.options.most_pdu);
        }
    } catch (...) {
        condition = EC_MemoryExhausted;
    }
    if (handing_.owns_lock()) {
        set_external_socket(-1);
        handing_.unlock();
    }
    if (condition.good()) return true;
    if (channel_.timed_out()) {
        notify(PDX_EVENT_TIMED_OUT, "in the middle of its request");
    } else if (channel_.interrupted() || channel_.was_cut()) {
        notify(PDX_EVENT_STOPPED);
    } else {
        channel_.send_abort(2, 6);
        channel_.linger(500);
        notify(PDX_EVENT_PROTOCOL_ERROR, "its A-ASSOCIATE-RQ cannot be read");
    }
    return false;
}

void Association::describe() {
    const T_ASC_Parameters *parameters = association_->params;
    pdx_association &info = connection_.association;
    copy_text(info.calling_title, trimmed(parameters->DULparams.callingAPTitle));
    copy_text(info.called_title, trimmed(parameters->DULparams.calledAPTitle));
    copy_text(info.implementation_class, trimmed(parameters->theirImplementationClassUID));
    copy_text(info.implementation_version, trimmed(parameters->theirImplementationVersionName));
}

pdx_admission Association::admit() {
    if (trimmed(association_->params->DULparams.applicationContextName) != UID_StandardApplicationContext) {
        return unknown_application_context;
    }
    pdx_admission admission = {};
    listener_.handler.admit(listener_.handler.context, &connection_.association, &admission);
    return admission;
}

void Association::accept_contexts() {
    T_ASC_Parameters *parameters = association_->params;
    ASC_setAPTitles(parameters, nullptr, nullptr, connection_.association.called_title);
    for (const Proposal &proposal : proposals(&parameters->DULparams.requestedPresentationContext)) {
        const bool is_served = proposal.abstract_syntax == UID_VerificationSOPClass
            || is_storage(proposal.abstract_syntax);
        if (contexts_.count(proposal.id) != 0) continue;
        if (!is_served) {
            ASC_refusePresentationContext(parameters, proposal.id, ASC_P_ABSTRACTSYNTAXNOTSUPPORTED);
        } else if (proposal.transfer_syntax.empty()) {
            ASC_refusePresentationContext(parameters, proposal.id, ASC_P_TRANSFERSYNTAXESNOTSUPPORTED);
        } else if (
            ASC_acceptPresentationContext(parameters, proposal.id, proposal.transfer_syntax.c_str()).good()) {
            contexts_[proposal.id] = {proposal.abstract_syntax, proposal.transfer_syntax};
        }
    }
}

void Association::refuse(const pdx_admission &admission) {
    T_ASC_RejectParameters parameters = {};
    parameters.result = static_cast<T_ASC_RejectParametersResult>(admission.result);
    parameters.source = static_cast<T_ASC_RejectParametersSource>(admission.source);
    parameters.reason = static_cast<T_ASC_RejectParametersReason>(admission.source << 8 | admission.reason);
    ASC_rejectAssociation(association_, &parameters);
    channel_.linger(2000);
    notify(PDX_EVENT_REFUSED, "", admission);
}

}  // namespace pdx
