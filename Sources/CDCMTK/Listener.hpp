#ifndef PDX_LISTENER_HPP
#define PDX_LISTENER_HPP

#include "NetworkChannel.hpp"
#include "include/CDCMTKNetwork.h"

#include <atomic>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <string>

namespace pdx {

class Listener;

/// A connection that was accepted, its thread and its state.
struct Connection {
    Connection(Listener &owner, int socket, int wake) : listener(owner), channel(socket, wake) {}

    Listener &listener;
    Channel channel;
    pdx_association association = {};
    pthread_t thread = {};
    // Guarded by the listener's mutex.
    bool is_pending = true;
    bool has_ended = false;
};

/// A descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int value = -1) noexcept : value_(value) {}
    ~Descriptor() { reset(); }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int get() const noexcept { return value_; }
    void reset(int value = -1) noexcept;

private:
    int value_;
};

/// The accept loop. Its thread accepts and nothing else, so that no peer can hold up another.
class Listener {
public:
    Listener(const pdx_listener_options &options, const pdx_handler &handler);
    ~Listener();

    /// Begins to accept.
    void start();
    /// Ends everything; see `pdx_listener_stop`.
    void stop(int32_t grace_ms) noexcept;

    uint16_t port() const noexcept { return port_; }
    int32_t open_associations() noexcept;
    bool is_stopping() const noexcept { return stopping_.load(); }

    /// Turns a pending connection into an association, or says that there are too many.
    bool take_place(Connection &connection) noexcept;

    const pdx_handler handler;
    pdx_listener_options options;
    const std::string implementation_class;
    const std::string implementation_version;

private:
    static constexpr int32_t shortest_pause_ms = 10;
    static constexpr int32_t longest_pause_ms = 1000;
    static constexpr int64_t tell_again_ms = 10000;

    void bind_and_listen(const char *host, uint16_t port);
    void accept_loop() noexcept;
    void accept_one() noexcept;
    void pause(const char *what, int problem) noexcept;
    void make_room() noexcept;
    void reap() noexcept;
    void ended(Connection &connection) noexcept;
    static void *accept_main(void *listener) noexcept;
    static void *connection_main(void *connection) noexcept;

    Descriptor socket_;
    /// Readable for ever once the listener stops.
    Descriptor stop_event_;
    /// Readable while threads wait to be joined.
    Descriptor reap_event_;
    uint16_t port_ = 0;
    uint64_t count_ = 0;
    /// Of the accepting thread: the pause after the next failure, and what was told last and when.
    int32_t pause_ms_ = shortest_pause_ms;
    char told_[160] = "";
    int64_t told_at_ms_ = 0;
    pthread_t thread_ = {};
    bool is_running_ = false;
    std::atomic<bool> stopping_{false};

    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<std::unique_ptr<Connection>> connections_;
    int32_t open_ = 0;
    int32_t pending_ = 0;
};

/// Serves a connection from its first byte to its last.
void serve(Connection &connection);

}  // namespace pdx

struct pdx_listener {
    pdx::Listener listener;
};

#endif
