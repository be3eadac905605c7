#ifndef PDX_NETWORK_CHANNEL_HPP
#define PDX_NETWORK_CHANNEL_HPP

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmnet/dcmlayer.h"
#include "dcmtk/dcmnet/dcmtrans.h"

#include <atomic>
#include <cstdint>
#include <mutex>

namespace pdx {

/// Milliseconds of the steady clock.
int64_t now_ms() noexcept;

/// A TCP socket with time-outs of our own. DCMTK's are whole seconds, global, and end between two bytes of a PDU.
///
/// One thread reads and writes; any thread may call `cut`.
class Channel {
public:
    /// Takes over `socket`. `wake` is a descriptor that becomes readable when waiting makes no sense any more, or -1.
    Channel(int socket, int wake) noexcept;
    ~Channel();
    Channel(const Channel &) = delete;
    Channel &operator=(const Channel &) = delete;

    /// Takes over a socket in place of the present one.
    void adopt(int socket) noexcept;

    /// Every wait ends at this time at the latest; 0 for never.
    void set_deadline(int64_t at_ms) noexcept { deadline_ = at_ms; }
    /// The longest silence inside a message.
    void set_silence(int32_t milliseconds) noexcept { silence_ = within_ = milliseconds; }
    /// A message may begin now or after `idle` milliseconds at most; until it does, `wake` ends the wait.
    void expect_message(int32_t idle) noexcept;
    /// Whether `wake` ends a wait at any time.
    void set_interruptible(bool on) noexcept { interruptible_ = on; }

    ssize_t read(void *buffer, size_t count) noexcept;
    ssize_t write(const void *buffer, size_t count) noexcept;
    bool readable(int32_t milliseconds) noexcept;
    /// Gives bytes back that were read too early. At most 16.
    void put_back(const void *bytes, size_t count) noexcept;
    /// Sends A-ABORT (PS3.8 §9.3.8) without waiting; nothing if it cannot be sent at once.
    void send_abort(uint8_t source, uint8_t reason) noexcept;
    /// Says that nothing more will be sent and waits for the peer to close, so that what was sent last is not lost to
    /// a reset; at most `milliseconds`.
    void linger(int32_t milliseconds) noexcept;
    /// Breaks the connection, so that whoever waits on it returns.
    void cut() noexcept;
    void close() noexcept;

    int socket() const noexcept { return socket_; }
    bool timed_out() const noexcept { return timed_out_; }
    bool interrupted() const noexcept { return interrupted_; }
    bool was_cut() const noexcept { return was_cut_.load(); }

private:
    enum class Ready { yes, time_out, interrupted, failed };
    Ready wait(short events, int32_t longest) noexcept;

    int socket_;
    const int wake_;
    std::mutex closing_;
    std::atomic<bool> was_cut_{false};
    int64_t deadline_ = 0;
    int32_t silence_ = 30000;
    int32_t within_ = 30000;
    bool interruptible_ = false;
    bool timed_out_ = false;
    bool interrupted_ = false;
    uint8_t pushed_[16] = {};
    size_t pushed_count_ = 0;
};

/// DCMTK's view of a channel. Closes the channel's socket with itself and does not own the channel.
class ChannelConnection final : public DcmTCPConnection {
public:
    explicit ChannelConnection(Channel &channel);
    ~ChannelConnection() override;
    ssize_t read(void *buffer, size_t count) override;
    ssize_t write(void *buffer, size_t count) override;
    void close() override;
    void closeTransportConnection() override;
    OFBool networkDataAvailable(int seconds) override;
    OFBool isTransparentConnection() override;

private:
    Channel &channel_;
};

/// Hands DCMTK a socket that is accepted already: `dcmExternalSocketHandle` is one global, so it is set, read by
/// DCMTK and cleared within a lock that `createConnection` opens again, long before the first byte is read.
class AcceptedTransport final : public DcmTransportLayer {
public:
    AcceptedTransport(Channel &channel, std::unique_lock<std::mutex> &handing)
        : channel_(channel), handing_(handing) {}
    DcmTransportConnection *createConnection(DcmNativeSocketType socket, OFBool secure) override;

private:
    Channel &channel_;
    std::unique_lock<std::mutex> &handing_;
};

/// The lock over `dcmExternalSocketHandle`.
std::mutex &external_socket_mutex() noexcept;

/// Sets or clears `dcmExternalSocketHandle`; the caller holds `external_socket_mutex()`.
void set_external_socket(int socket);

/// Nagle off and quick acknowledgements on: DCMTK's peers stall 40 ms an object otherwise.
void tune(int socket) noexcept;

}  // namespace pdx

#endif
