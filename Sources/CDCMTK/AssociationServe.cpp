#include "Association.hpp"
#include "AssociationFile.hpp"
#include "Guard.hpp"

#include "dcmtk/dcmdata/dcuid.h"

namespace pdx {

namespace {

/// Whether the text can be a UID (PS3.5 §9.1, without its finer rules): Portico names files by it.
bool is_uid(const std::string &text) {
    return !text.empty() && text.size() <= 64 && text.find_first_not_of("0123456789.") == std::string::npos
        && text[0] != '.';
}

bool is_failure(uint16_t status) { return status != SUCCESS && (status & 0xF000) != 0xB000; }

void set(pdx_response &response, uint16_t status, const char *comment) {
    response.status = status;
    copy_text(response.comment, comment);
}

}  // namespace

void serve(Connection &connection) {
    Association association(connection);
    association.run();
}

void Association::run() {
    try {
        if (negotiate()) serve_messages();
    } catch (...) {
        channel_.send_abort(2, 0);
        notify(PDX_EVENT_PROTOCOL_ERROR, "memory ran out or DCMTK failed");
    }
}

void Association::serve_messages() {
    for (;;) {
        if (listener_.is_stopping()) {
            channel_.send_abort(2, 0);
            channel_.linger(500);
            return end(Arrival::interrupted);
        }
        uint8_t context = 0;
        Command command;
        Messages messages(association_, channel_);
        Arrival arrival = messages.read_command(listener_.options.idle_ms, context, command);
        if (arrival == Arrival::message) arrival = handle(context, command);
        if (arrival != Arrival::message) return end(arrival);
    }
}

void Association::end(Arrival arrival) {
    switch (arrival) {
    case Arrival::message: return;
    case Arrival::released:
        ASC_acknowledgeRelease(association_);
        channel_.linger(2000);
        return notify(PDX_EVENT_RELEASED);
    case Arrival::aborted: return notify(PDX_EVENT_ABORTED);
    case Arrival::timed_out: return notify(PDX_EVENT_TIMED_OUT);
    case Arrival::interrupted: return notify(PDX_EVENT_STOPPED);
    case Arrival::protocol_error:
        channel_.send_abort(2, 6);
        channel_.linger(500);
        return notify(PDX_EVENT_PROTOCOL_ERROR);
    }
}

void Association::notify(int32_t kind, const char *detail, pdx_admission admission) noexcept {
    pdx_event event = {};
    event.kind = kind;
    event.association = &connection_.association;
    event.admission = admission;
    event.was_open = was_open_ ? 1 : 0;
    event.stored = stored_;
    event.failed = failed_;
    event.detail = detail;
    listener_.handler.event(listener_.handler.context, &event);
}

bool Association::respond(uint8_t context, const Command &command, const pdx_response &response) {
    Command answer;
    answer.field = static_cast<uint16_t>(command.field | RESPONSE);
    answer.responded_id = command.message_id;
    answer.status = response.status;
    answer.comment = response.comment;
    answer.sop_class = command.sop_class;
    answer.sop_instance = command.sop_instance;
    return Messages(association_, channel_).send_command(context, answer);
}

Arrival Association::handle(uint8_t context, const Command &command) {
    if (contexts_.count(context) == 0 || is_response(command)) return Arrival::protocol_error;
    // There is never anything left to cancel: every answer is sent before the next command is read.
    if (command.field == C_CANCEL_RQ) return Arrival::message;
    if (command.field == C_STORE_RQ) return handle_store(context, command);
    if (command.data_set_type != NO_DATA_SET) {
        const Arrival arrival = Messages(association_, channel_).skip_data(context);
        if (arrival != Arrival::message) return arrival;
    }
    pdx_response response = {};
    if (command.field != C_ECHO_RQ) {
        set(response, UNRECOGNIZED_OPERATION, "only C-STORE and C-ECHO are served");
    } else if (contexts_[context].abstract_syntax != UID_VerificationSOPClass) {
        set(response, SOP_CLASS_NOT_SUPPORTED, "C-ECHO needs the Verification SOP Class");
    }
    return respond(context, command, response) ? Arrival::message : Arrival::aborted;
}

Arrival Association::handle_store(uint8_t context, const Command &command) {
    pdx_store_request request = {};
    request.association = &connection_.association;
    copy_text(request.sop_class, command.sop_class);
    copy_text(request.sop_instance, command.sop_instance);
    copy_text(request.transfer_syntax, contexts_[context].transfer_syntax);
    request.message_id = command.message_id;

    pdx_response response = {};
    Arrival arrival = Arrival::message;
    if (command.data_set_type == NO_DATA_SET) {
        set(response, CANNOT_UNDERSTAND, "the request has no data set");
    } else if (
        command.sop_class != contexts_[context].abstract_syntax || command.sop_class == UID_VerificationSOPClass) {
        set(response, SOP_CLASS_NOT_SUPPORTED, "SOP class is not that of the presentation context");
        arrival = Messages(association_, channel_).skip_data(context);
    } else if (!is_uid(command.sop_instance)) {
        set(response, INVALID_SOP_INSTANCE, "Affected SOP Instance UID is not valid");
        arrival = Messages(association_, channel_).skip_data(context);
    } else {
        arrival = store(context, request, response);
    }
    if (arrival != Arrival::message) return arrival;
    ++(is_failure(response.status) ? failed_ : stored_);
    return respond(context, command, response) ? Arrival::message : Arrival::aborted;
}

Arrival Association::store(uint8_t context, const pdx_store_request &request, pdx_response &response) {
    pdx_store_decision decision = {};
    listener_.handler.will_store(listener_.handler.context, &request, &decision);
    if (decision.status != SUCCESS) {
        set(response, decision.status, decision.comment);
        return Messages(association_, channel_).skip_data(context);
    }
    return receive_file(context, request, decision, response);
}

Arrival Association::receive_file(
    uint8_t context, const pdx_store_request &request, const pdx_store_decision &decision, pdx_response &response) {
    IncomingFile file(decision.path, decision.most_bytes);
    file.write_head(request, listener_.implementation_class, listener_.implementation_version);
    Messages messages(association_, channel_);
    for (bool last = false; !last;) {
        const uint8_t *bytes = nullptr;
        size_t count = 0;
        const Arrival arrival = messages.read_data(context, bytes, count, last);
        if (arrival != Arrival::message) {
            file.discard();
            notify(PDX_EVENT_OBJECT_DISCARDED, "half of an object arrived");
            return arrival;
        }
        // After a failure the rest of the data set is read all the same; DIMSE has no way to stop it.
        file.write(bytes, count);
    }
    if (!file.is_good()) {
        file.discard();
        set(response, OUT_OF_RESOURCES, "the object cannot be written");
        notify(PDX_EVENT_OBJECT_FAILED, file.problem().c_str());
        return Arrival::message;
    }
    const pdx_received received = {&request, decision.path, file.descriptor(), file.data_offset(), file.size()};
    file.release();
    listener_.handler.did_receive(listener_.handler.context, &received, &response);
    return Arrival::message;
}

}  // namespace pdx
