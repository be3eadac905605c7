#ifndef CDCMTK_NETWORK_H
#define CDCMTK_NETWORK_H

#include "CDCMTKError.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Every string that the shim hands out is UTF-8 or ASCII, ends with a NUL and is valid only during the call that
// hands it out. Every string that it takes is copied.

enum {
    PDX_UID_SIZE = 65,
    PDX_TITLE_SIZE = 17,
    PDX_VERSION_SIZE = 17,
    PDX_ADDRESS_SIZE = 64,
    PDX_COMMENT_SIZE = 65,
    PDX_PATH_SIZE = 4096
};

/// Prepares DCMTK for the whole process: checks the data dictionary, turns its logging off and its reverse DNS
/// look-ups too. May be called again, from any thread; a dictionary that was missing is looked for again.
int32_t pdx_start(pdx_error *_Nullable error);

// MARK: - Listener

typedef struct pdx_listener pdx_listener;

/// An association as its A-ASSOCIATE-RQ describes it.
typedef struct pdx_association {
    /// Counts the connections of one listener from 1.
    uint64_t number;
    char calling_title[PDX_TITLE_SIZE];
    char called_title[PDX_TITLE_SIZE];
    /// The peer's numeric address, an IPv4 address never in its IPv6 form.
    char address[PDX_ADDRESS_SIZE];
    uint16_t port;
    char implementation_class[PDX_UID_SIZE];
    char implementation_version[PDX_VERSION_SIZE];
} pdx_association;

/// An answer to an A-ASSOCIATE-RQ; `result`, `source` and `reason` as in PS3.8 table 9-21, all 0 to accept.
typedef struct pdx_admission {
    uint8_t result;
    uint8_t source;
    uint8_t reason;
} pdx_admission;

/// A C-STORE-RQ. The UIDs are as the peer sent them, without their padding, cut to 64 characters, and not validated.
typedef struct pdx_store_request {
    const pdx_association *_Nonnull association;
    char sop_class[PDX_UID_SIZE];
    char sop_instance[PDX_UID_SIZE];
    /// The transfer syntax of the presentation context.
    char transfer_syntax[PDX_UID_SIZE];
    uint16_t message_id;
} pdx_store_request;

/// Where to put an object: a path that does not exist yet and the most bytes it may grow to, or, with a status other
/// than 0, a refusal. The data set of a refused object is read and thrown away, since DIMSE has no other way.
typedef struct pdx_store_decision {
    uint16_t status;
    char comment[PDX_COMMENT_SIZE];
    char path[PDX_PATH_SIZE];
    uint64_t most_bytes;
} pdx_store_decision;

/// An object that was received whole, bit-preserving, with a meta header in front. The shim owns `descriptor`, which
/// is open for reading and writing, and closes it after the call; from the call on the file belongs to the callee.
typedef struct pdx_received {
    const pdx_store_request *_Nonnull request;
    const char *_Nonnull path;
    int32_t descriptor;
    uint64_t data_offset;
    uint64_t size;
} pdx_received;

/// A status for a C-STORE-RSP and its error comment (0000,0902), which may be empty.
typedef struct pdx_response {
    uint16_t status;
    char comment[PDX_COMMENT_SIZE];
} pdx_response;

/// What happened on a connection.
enum {
    /// The association was negotiated.
    PDX_EVENT_OPENED = 1,
    /// It was answered with A-ASSOCIATE-RJ; `admission` says how.
    PDX_EVENT_REFUSED = 2,
    /// The peer released it.
    PDX_EVENT_RELEASED = 3,
    /// The peer aborted it or closed the connection.
    PDX_EVENT_ABORTED = 4,
    /// The peer fell silent and was dropped.
    PDX_EVENT_TIMED_OUT = 5,
    /// The peer broke the protocol and was aborted.
    PDX_EVENT_PROTOCOL_ERROR = 6,
    /// The listener stopped, or needed the place of a connection that had not asked for an association yet.
    PDX_EVENT_STOPPED = 7,
    /// An object could not be taken for a reason on this side, before or without the handler's decision.
    PDX_EVENT_OBJECT_FAILED = 8,
    /// Half of an object arrived; its file is gone again.
    PDX_EVENT_OBJECT_DISCARDED = 9,
    /// No connection could be accepted at that moment (descriptors, memory or threads ran out); `detail` says why and
    /// `association` is empty. The listener pauses for a moment, a second at most, and goes on. Told again only when
    /// the reason changes or it lasts for ten seconds more.
    PDX_EVENT_NOT_ACCEPTING = 10
};

typedef struct pdx_event {
    int32_t kind;
    const pdx_association *_Nonnull association;
    pdx_admission admission;
    /// Whether an association had been negotiated.
    uint8_t was_open;
    /// Objects answered with 0000H or a warning, and with a failure.
    uint64_t stored;
    uint64_t failed;
    /// More in words, without patient data; may be empty.
    const char *_Nonnull detail;
} pdx_event;

/// The functions a listener calls, each on the association's own thread, several associations at a time;
/// `PDX_EVENT_NOT_ACCEPTING` comes on the accepting thread, which `event` must not hold up.
typedef struct pdx_handler {
    void *_Nullable context;
    void (*_Nonnull admit)(
        void *_Nullable context, const pdx_association *_Nonnull association, pdx_admission *_Nonnull admission);
    void (*_Nonnull will_store)(
        void *_Nullable context, const pdx_store_request *_Nonnull request, pdx_store_decision *_Nonnull decision);
    void (*_Nonnull did_receive)(
        void *_Nullable context, const pdx_received *_Nonnull object, pdx_response *_Nonnull response);
    void (*_Nonnull event)(void *_Nullable context, const pdx_event *_Nonnull event);
} pdx_handler;

typedef struct pdx_listener_options {
    /// A numeric address or a name of this machine.
    const char *_Nonnull host;
    /// 0 for any that is free.
    uint16_t port;
    /// Associations at a time; a surplus one gets A-ASSOCIATE-RJ (transient, presentation, local limit exceeded).
    int32_t most_associations;
    /// Connections at a time that have no association yet; a surplus one takes the place of the oldest.
    int32_t most_pending;
    /// The longest P-DATA-TF PDU to receive, 4096 ... 131072.
    int32_t most_pdu;
    /// Milliseconds from the connection to the end of the negotiation.
    int32_t negotiation_ms;
    /// Milliseconds of silence between messages.
    int32_t idle_ms;
    /// Milliseconds of silence inside a message.
    int32_t transfer_ms;
    const char *_Nonnull implementation_class;
    const char *_Nonnull implementation_version;
} pdx_listener_options;

/// Binds, listens and starts the accepting thread. +1: give the listener to `pdx_listener_stop`.
int32_t pdx_listener_open(
    const pdx_listener_options *_Nonnull options, const pdx_handler *_Nonnull handler,
    pdx_listener *_Nullable *_Nonnull listener, pdx_error *_Nullable error);

/// The port that the listener is bound to.
uint16_t pdx_listener_port(const pdx_listener *_Nonnull listener);

/// The number of associations that are negotiated and not yet at an end.
int32_t pdx_listener_open_associations(pdx_listener *_Nonnull listener);

/// Stops accepting, lets every association end its current message within the grace time, aborts what is left, joins
/// every thread and frees the listener. Blocks; must not be called from a handler's function.
void pdx_listener_stop(pdx_listener *_Nonnull listener, int32_t grace_ms);

// MARK: - Sender

typedef struct pdx_sender pdx_sender;

typedef struct pdx_context {
    const char *_Nonnull sop_class;
    const char *_Nonnull transfer_syntax;
} pdx_context;

typedef struct pdx_sender_options {
    const char *_Nonnull host;
    uint16_t port;
    const char *_Nonnull calling_title;
    const char *_Nonnull called_title;
    int32_t most_pdu;
    /// Milliseconds for the connection, for the negotiation and for a response.
    int32_t connect_ms;
    int32_t negotiation_ms;
    int32_t response_ms;
    const char *_Nonnull implementation_class;
    const char *_Nonnull implementation_version;
} pdx_sender_options;

/// Opens an association that proposes the contexts, 1 ... 128 of them. +1: give the sender to `pdx_sender_close`.
int32_t pdx_sender_open(
    const pdx_sender_options *_Nonnull options, const pdx_context *_Nonnull contexts, int32_t count,
    pdx_sender *_Nullable *_Nonnull sender, pdx_error *_Nullable error);

/// Whether the peer accepted a context for this SOP class with this transfer syntax.
int32_t pdx_sender_accepts(pdx_sender *_Nonnull sender, const pdx_context *_Nonnull context);

/// Sends C-ECHO and waits for its response.
int32_t pdx_sender_echo(pdx_sender *_Nonnull sender, uint16_t *_Nonnull status, pdx_error *_Nullable error);

/// Sends one object, the bytes of `path` from `data_offset` on, as they are. A status of failure is no error.
/// `PDX_NO_CONTEXT` and `PDX_IO` before the first byte leave the association usable, every other error ends it.
int32_t pdx_sender_store(
    pdx_sender *_Nonnull sender, const pdx_context *_Nonnull context, const char *_Nonnull sop_instance,
    const char *_Nonnull path, uint64_t data_offset, pdx_response *_Nonnull response, pdx_error *_Nullable error);

/// Whether the association still stands.
int32_t pdx_sender_is_open(const pdx_sender *_Nonnull sender);

/// Releases the association, or aborts it where it is broken, and frees the sender.
void pdx_sender_close(pdx_sender *_Nonnull sender);

// MARK: - Files

/// Renames a file unless the new name is taken, in one step: two associations may bring the same object at a time.
/// 0, or an errno, EEXIST where it is taken.
int32_t pdx_rename_new(const char *_Nonnull path, const char *_Nonnull target);

/// Whether a file system is one of those whose `fsync` of a file makes its name durable too, after a rename: ext2 to
/// ext4 (one number for all), XFS and Btrfs.
int32_t pdx_keeps_renames(const char *_Nonnull path);

/// Inflates (RFC 1951) the bytes of `path` from `offset` on. The first `capacity` bytes go to `buffer`, the rest is
/// only counted. `PDX_MALFORMED` where the stream is broken, `PDX_UNSUPPORTED` beyond `most_bytes`.
int32_t pdx_inflate(
    const char *_Nonnull path, uint64_t offset, uint8_t *_Nonnull buffer, uint64_t capacity, uint64_t most_bytes,
    uint64_t *_Nonnull total, pdx_error *_Nullable error);

#ifdef __cplusplus
}
#endif

#endif
