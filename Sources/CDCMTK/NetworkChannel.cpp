#include "NetworkChannel.hpp"

#include "dcmtk/dcmnet/dul.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pdx {

int64_t now_ms() noexcept {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

void tune(int socket) noexcept {
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

Channel::Channel(int socket, int wake) noexcept : socket_(socket), wake_(wake) { tune(socket); }

Channel::~Channel() { close(); }

void Channel::expect_message(int32_t idle) noexcept {
    silence_ = idle;
    interruptible_ = true;
}

Channel::Ready Channel::wait(short events, int32_t longest) noexcept {
    const int64_t begin = now_ms();
    for (;;) {
        int64_t left = begin + longest - now_ms();
        if (deadline_ != 0) left = std::min(left, deadline_ - now_ms());
        if (left <= 0) return Ready::time_out;
        pollfd items[2] = {{socket_, events, 0}, {wake_, POLLIN, 0}};
        const nfds_t count = interruptible_ && wake_ >= 0 ? 2 : 1;
        const int found = poll(items, count, static_cast<int>(std::min<int64_t>(left, INT32_MAX)));
        if (found < 0) {
            if (errno == EINTR) continue;
            return Ready::failed;
        }
        // What has arrived is read even when the listener is about to stop.
        if (items[0].revents != 0) return Ready::yes;
        if (count == 2 && items[1].revents != 0) return Ready::interrupted;
    }
}

ssize_t Channel::read(void *buffer, size_t count) noexcept {
    if (pushed_count_ > 0) {
        const size_t taken = std::min(count, pushed_count_);
        std::memcpy(buffer, pushed_, taken);
        std::memmove(pushed_, pushed_ + taken, pushed_count_ - taken);
        pushed_count_ -= taken;
        return static_cast<ssize_t>(taken);
    }
    for (;;) {
        const ssize_t got = recv(socket_, buffer, count, MSG_DONTWAIT);
        if (got >= 0) {
            if (deadline_ == 0) {
                silence_ = within_;
                interruptible_ = false;
            }
            return got;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return -1;
        // About to wait: send the acknowledgement that an untuned sender waits for before its next segment. The
        // kernel leaves this mode by itself, so it is set each time.
        const int on = 1;
        setsockopt(socket_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
        switch (wait(POLLIN, silence_)) {
        case Ready::yes: continue;
        case Ready::time_out: timed_out_ = true; break;
        case Ready::interrupted: interrupted_ = true; break;
        case Ready::failed: return -1;
        }
        send_abort(2, 0);
        errno = ETIMEDOUT;
        return -1;
    }
}

ssize_t Channel::write(const void *buffer, size_t count) noexcept {
    const auto *bytes = static_cast<const uint8_t *>(buffer);
    size_t done = 0;
    while (done < count) {
        const ssize_t sent = send(socket_, bytes + done, count - done, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0) {
            done += static_cast<size_t>(sent);
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return -1;
        const Ready ready = wait(POLLOUT, within_);
        if (ready == Ready::yes) continue;
        timed_out_ = ready == Ready::time_out;
        interrupted_ = ready == Ready::interrupted;
        errno = ETIMEDOUT;
        return -1;
    }
    return static_cast<ssize_t>(count);
}

bool Channel::readable(int32_t milliseconds) noexcept {
    if (pushed_count_ > 0) return true;
    if (socket_ < 0) return false;
    return wait(POLLIN, std::max(milliseconds, 1)) == Ready::yes;
}

void Channel::put_back(const void *bytes, size_t count) noexcept {
    count = std::min(count, sizeof pushed_);
    std::memcpy(pushed_, bytes, count);
    pushed_count_ = count;
}

void Channel::send_abort(uint8_t source, uint8_t reason) noexcept {
    const uint8_t pdu[10] = {7, 0, 0, 0, 0, 4, 0, 0, source, reason};
    (void)send(socket_, pdu, sizeof pdu, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void Channel::linger(int32_t milliseconds) noexcept {
    if (socket_ < 0) return;
    shutdown(socket_, SHUT_WR);
    deadline_ = now_ms() + milliseconds;
    interruptible_ = true;
    uint8_t waste[4096];
    while (wait(POLLIN, milliseconds) == Ready::yes) {
        if (recv(socket_, waste, sizeof waste, MSG_DONTWAIT) <= 0) break;
    }
}

void Channel::cut() noexcept {
    const std::lock_guard<std::mutex> lock(closing_);
    was_cut_ = true;
    if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
}

void Channel::adopt(int socket) noexcept {
    close();
    const std::lock_guard<std::mutex> lock(closing_);
    socket_ = socket;
    tune(socket);
}

void Channel::close() noexcept {
    const std::lock_guard<std::mutex> lock(closing_);
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

ChannelConnection::ChannelConnection(Channel &channel) : DcmTCPConnection(channel.socket()), channel_(channel) {}

ChannelConnection::~ChannelConnection() { ChannelConnection::closeTransportConnection(); }

ssize_t ChannelConnection::read(void *buffer, size_t count) { return channel_.read(buffer, count); }

ssize_t ChannelConnection::write(void *buffer, size_t count) { return channel_.write(buffer, count); }

void ChannelConnection::close() { closeTransportConnection(); }

void ChannelConnection::closeTransportConnection() {
    channel_.close();
    setSocket(-1);
}

OFBool ChannelConnection::networkDataAvailable(int seconds) {
    return channel_.readable(static_cast<int32_t>(std::min(seconds, 2'000'000)) * 1000) ? OFTrue : OFFalse;
}

// `DcmTransportConnection::selectReadableAssociation` polls transparent connections itself and would miss the bytes
// that a channel was given back.
OFBool ChannelConnection::isTransparentConnection() { return OFFalse; }

DcmTransportConnection *AcceptedTransport::createConnection(DcmNativeSocketType, OFBool) {
    if (handing_.owns_lock()) {
        set_external_socket(-1);
        handing_.unlock();
    }
    return new ChannelConnection(channel_);
}

std::mutex &external_socket_mutex() noexcept {
    static std::mutex mutex;
    return mutex;
}

void set_external_socket(int socket) { dcmExternalSocketHandle.set(socket); }

}  // namespace pdx
