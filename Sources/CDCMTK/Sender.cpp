#include "Guard.hpp"
#include "Listener.hpp"
#include "NetworkMessage.hpp"

#include "dcmtk/dcmdata/dcuid.h"
#include "dcmtk/dcmnet/cond.h"
#include "dcmtk/dcmnet/dul.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace pdx;

namespace {

/// Gives DCMTK's requestor connections with our time-outs.
class RequestedTransport final : public DcmTransportLayer {
public:
    explicit RequestedTransport(Channel &channel) : channel_(channel) {}
    DcmTransportConnection *createConnection(DcmNativeSocketType socket, OFBool) override {
        channel_.adopt(socket);
        return new ChannelConnection(channel_);
    }

private:
    Channel &channel_;
};

std::string words(const T_ASC_RejectParameters &parameters) {
    switch (parameters.reason) {
    case ASC_REASON_SU_APPCONTEXTNAMENOTSUPPORTED: return "application context name not supported";
    case ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED: return "calling AE title not recognized";
    case ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED: return "called AE title not recognized";
    case ASC_REASON_SP_ACSE_PROTOCOLVERSIONNOTSUPPORTED: return "protocol version not supported";
    case ASC_REASON_SP_PRES_TEMPORARYCONGESTION: return "temporary congestion";
    case ASC_REASON_SP_PRES_LOCALLIMITEXCEEDED: return "local limit exceeded";
    default: return "no reason given";
    }
}

}  // namespace

struct pdx_sender {
    explicit pdx_sender(const pdx_sender_options &options);
    ~pdx_sender();

    void open(const pdx_sender_options &options, const pdx_context *contexts, int32_t count);
    uint8_t context(const pdx_context &context) const;
    Command await_response(uint8_t context, const Command &command);
    void send_file(uint8_t context, int file, uint64_t length);
    [[noreturn]] void broken(const char *doing);

    Channel channel;
    RequestedTransport transport;
    T_ASC_Network *network = nullptr;
    T_ASC_Association *association = nullptr;
    std::map<std::pair<std::string, std::string>, uint8_t> accepted;
    const std::string peer;
    const int32_t response_ms;
    uint16_t messages = 0;
    bool is_open = false;

private:
    void propose(T_ASC_Parameters *parameters, const pdx_context *contexts, int32_t count);
    [[noreturn]] void refused(const OFCondition &condition);
};

pdx_sender::pdx_sender(const pdx_sender_options &options)
    : channel(-1, -1), transport(channel),
      peer(std::string(options.called_title) + " at " + options.host + " port " + std::to_string(options.port)),
      response_ms(options.response_ms) {}

pdx_sender::~pdx_sender() {
    if (is_open) {
        channel.set_deadline(now_ms() + 5000);
        ASC_releaseAssociation(association);
    }
    ASC_destroyAssociation(&association);
    ASC_dropNetwork(&network);
}

void pdx_sender::propose(T_ASC_Parameters *parameters, const pdx_context *contexts, int32_t count) {
    for (int32_t i = 0; i < count; ++i) {
        const char *syntaxes[1] = {contexts[i].transfer_syntax};
        const OFCondition condition = ASC_addPresentationContext(
            parameters, static_cast<T_ASC_PresentationContextID>(2 * i + 1), contexts[i].sop_class, syntaxes, 1);
        if (condition.bad()) throw Failure{PDX_INVALID_ARGUMENT, "a presentation context cannot be proposed"};
    }
}

void pdx_sender::open(const pdx_sender_options &options, const pdx_context *contexts, int32_t count) {
    if (count < 1 || count > 128) throw Failure{PDX_INVALID_ARGUMENT, "an association has 1 to 128 contexts"};
    if (ASC_initializeNetwork(NET_REQUESTOR, 0, 30, &network).bad()
        || ASC_setTransportLayer(network, &transport, 0).bad()) {
        throw Failure{PDX_FAILED, "DCMTK cannot prepare a connection"};
    }
    T_ASC_Parameters *parameters = nullptr;
    if (ASC_createAssociationParameters(&parameters, options.most_pdu).bad()) throw std::bad_alloc();
    std::unique_ptr<T_ASC_Parameters, void (*)(T_ASC_Parameters *)> owner(
        parameters, [](T_ASC_Parameters *item) { ASC_destroyAssociationParameters(&item); });
    ASC_setAPTitles(parameters, options.calling_title, options.called_title, nullptr);
    const std::string address = std::string(options.host) + ":" + std::to_string(options.port);
    ASC_setPresentationAddresses(parameters, "localhost", address.c_str());
    copy_text(parameters->ourImplementationClassUID, options.implementation_class);
    copy_text(parameters->ourImplementationVersionName, options.implementation_version);
    propose(parameters, contexts, count);

    // DCMTK has one time-out for the connections of the whole process and reads it right away.
    dcmConnectionTimeout.set((options.connect_ms + 999) / 1000);
    channel.set_silence(options.response_ms);
    channel.set_deadline(now_ms() + options.connect_ms + options.negotiation_ms);
    const OFCondition condition = ASC_requestAssociation(network, parameters, &association);
    if (association != nullptr) (void)owner.release();
    if (condition.bad()) refused(condition);
    channel.set_deadline(0);
    is_open = true;
    for (int32_t i = 0; i < count; ++i) {
        T_ASC_PresentationContext context;
        const auto id = static_cast<T_ASC_PresentationContextID>(2 * i + 1);
        if (ASC_findAcceptedPresentationContext(association->params, id, &context).good()
            && context.resultReason == ASC_P_ACCEPTANCE
            && std::strcmp(context.acceptedTransferSyntax, contexts[i].transfer_syntax) == 0) {
            accepted.insert({{contexts[i].sop_class, contexts[i].transfer_syntax}, id});
        }
    }
}

void pdx_sender::refused(const OFCondition &condition) {
    if (condition == DUL_ASSOCIATIONREJECTED) {
        T_ASC_RejectParameters parameters = {};
        ASC_getRejectParameters(association->params, &parameters);
        const char *kind = parameters.result == ASC_RESULT_REJECTEDTRANSIENT ? "transiently" : "permanently";
        throw Failure{PDX_REJECTED, peer + " refused the association " + kind + ": " + words(parameters)};
    }
    if (channel.timed_out() || condition == DUL_READTIMEOUT) {
        throw Failure{PDX_TIMED_OUT, peer + " does not answer the request for an association"};
    }
    if (condition == DUL_PEERABORTEDASSOCIATION || condition == DUL_NETWORKCLOSED) {
        throw Failure{PDX_ABORTED, peer + " closed the connection instead of answering the request"};
    }
    throw Failure{PDX_NETWORK, "cannot connect to " + peer + ": " + condition.text()};
}

uint8_t pdx_sender::context(const pdx_context &context) const {
    const auto found = accepted.find({context.sop_class, context.transfer_syntax});
    return found == accepted.end() ? 0 : found->second;
}

void pdx_sender::broken(const char *doing) {
    is_open = false;
    const bool silent = channel.timed_out();
    channel.close();
    throw Failure{
        silent ? PDX_TIMED_OUT : PDX_ABORTED, peer + (silent ? " fell silent " : " ended the association ") + doing};
}

Command pdx_sender::await_response(uint8_t context, const Command &command) {
    Command response;
    uint8_t answered = 0;
    const Arrival arrival = Messages(association, channel).read_command(response_ms, answered, response);
    if (arrival != Arrival::message) broken("before it answered");
    if (answered != context || response.field != (command.field | RESPONSE)
        || response.responded_id != command.message_id || response.data_set_type != NO_DATA_SET) {
        channel.send_abort(0, 0);
        broken("since its answer was to something else");
    }
    return response;
}

void pdx_sender::send_file(uint8_t context, int file, uint64_t length) {
    std::vector<uint8_t> buffer(association->sendPDVLength);
    for (uint64_t sent = 0; sent < length;) {
        const uint64_t wanted = std::min<uint64_t>(buffer.size(), length - sent);
        uint64_t have = 0;
        while (have < wanted) {
            const ssize_t got = read(file, buffer.data() + have, wanted - have);
            if (got < 0 && errno == EINTR) continue;
            if (got > 0) {
                have += static_cast<uint64_t>(got);
                continue;
            }
            // Half of a data set is on its way, so there is nothing to say but A-ABORT.
            is_open = false;
            channel.send_abort(0, 0);
            channel.close();
            throw Failure{PDX_IO, "the file ended or failed while it was sent; the association was aborted"};
        }
        sent += wanted;
        size_t count = wanted;
        // A deflated data set may have an odd length and is padded (PS3.5 §A.5); `length` counts no pad.
        if (sent == length && count % 2 != 0) {
            buffer.resize(count + 1);
            buffer[count++] = 0;
        }
        if (!Messages(association, channel).send_data(context, buffer.data(), count, sent == length)) {
            broken("in the middle of an object");
        }
    }
}

int32_t pdx_sender_open(
    const pdx_sender_options *options, const pdx_context *contexts, int32_t count, pdx_sender **sender,
    pdx_error *error) {
    *sender = nullptr;
    if (const int32_t code = pdx_start(error)) return code;
    return guarded(error, [&] {
        auto made = std::make_unique<pdx_sender>(*options);
        made->open(*options, contexts, count);
        *sender = made.release();
    });
}

int32_t pdx_sender_accepts(pdx_sender *sender, const pdx_context *context) {
    uint8_t id = 0;
    (void)guarded(nullptr, [&] { id = sender->context(*context); });
    return id != 0;
}

int32_t pdx_sender_echo(pdx_sender *sender, uint16_t *status, pdx_error *error) {
    return guarded(error, [&] {
        const pdx_context verification = {UID_VerificationSOPClass, UID_LittleEndianImplicitTransferSyntax};
        const uint8_t context = sender->context(verification);
        if (context == 0) throw Failure{PDX_NO_CONTEXT, sender->peer + " does not accept Verification"};
        Command command;
        command.field = C_ECHO_RQ;
        command.message_id = ++sender->messages;
        command.sop_class = UID_VerificationSOPClass;
        if (!Messages(sender->association, sender->channel).send_command(context, command)) {
            sender->broken("before C-ECHO could be sent");
        }
        *status = sender->await_response(context, command).status;
    });
}

int32_t pdx_sender_store(
    pdx_sender *sender, const pdx_context *context, const char *sop_instance, const char *path, uint64_t data_offset,
    pdx_response *response, pdx_error *error) {
    return guarded(error, [&] {
        if (!sender->is_open) throw Failure{PDX_ABORTED, "the association with " + sender->peer + " is at its end"};
        const uint8_t id = sender->context(*context);
        if (id == 0) {
            throw Failure{
                PDX_NO_CONTEXT, sender->peer + " accepts no presentation context for SOP class " + context->sop_class
                                    + " in transfer syntax " + context->transfer_syntax};
        }
        const Descriptor file(open(path, O_RDONLY | O_CLOEXEC));
        struct stat status = {};
        if (file.get() < 0 || fstat(file.get(), &status) != 0) {
            throw Failure{PDX_IO, std::string("cannot read ") + path + ": " + std::strerror(errno)};
        }
        const auto size = static_cast<uint64_t>(status.st_size);
        const bool is_deflated =
            std::strcmp(context->transfer_syntax, UID_DeflatedExplicitVRLittleEndianTransferSyntax) == 0;
        if (size <= data_offset || (!is_deflated && (size - data_offset) % 2 != 0)
            || lseek(file.get(), static_cast<off_t>(data_offset), SEEK_SET) < 0) {
            throw Failure{PDX_IO, std::string(path) + " holds no data set of an even length"};
        }
        Command command;
        command.field = C_STORE_RQ;
        command.message_id = ++sender->messages;
        command.data_set_type = 1;
        command.sop_class = context->sop_class;
        command.sop_instance = sop_instance;
        if (!Messages(sender->association, sender->channel).send_command(id, command)) {
            sender->broken("before an object could be sent");
        }
        sender->send_file(id, file.get(), size - data_offset);
        const Command answer = sender->await_response(id, command);
        response->status = answer.status;
        copy_text(response->comment, answer.comment);
    });
}

int32_t pdx_sender_is_open(const pdx_sender *sender) { return sender->is_open; }

void pdx_sender_close(pdx_sender *sender) { delete sender; }
