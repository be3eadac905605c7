#include "Listener.hpp"

#include "Guard.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <malloc.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace pdx {

namespace {

/// The stack of an association's thread; the handler's code runs on it too.
constexpr size_t stack_bytes = 512 * 1024;

void signal_event(int descriptor) noexcept {
    const uint64_t one = 1;
    (void)!write(descriptor, &one, sizeof one);
}

/// Starts a thread that takes no signal: those are for the program's own threads.
bool start_thread(pthread_t &thread, void *(*body)(void *), void *argument) noexcept {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return false;
    pthread_attr_setstacksize(&attributes, stack_bytes);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int result = pthread_create(&thread, &attributes, body, argument);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    pthread_attr_destroy(&attributes);
    return result == 0;
}

void describe_peer(const sockaddr_storage &address, socklen_t length, pdx_association &association) noexcept {
    char host[PDX_ADDRESS_SIZE] = "", service[8] = "";
    getnameinfo(
        reinterpret_cast<const sockaddr *>(&address), length, host, sizeof host, service, sizeof service,
        NI_NUMERICHOST | NI_NUMERICSERV);
    // A socket for both families shows IPv4 peers in a form that no configuration uses.
    const char *prefix = "::ffff:";
    const bool is_mapped = std::strncmp(host, prefix, 7) == 0 && std::strchr(host, '.') != nullptr;
    std::snprintf(association.address, sizeof association.address, "%s", is_mapped ? host + 7 : host);
    association.port = static_cast<uint16_t>(std::atoi(service));
}

}  // namespace

void Descriptor::reset(int value) noexcept {
    if (value_ >= 0) ::close(value_);
    value_ = value;
}

Listener::Listener(const pdx_listener_options &given, const pdx_handler &functions)
    : handler(functions), options(given), implementation_class(given.implementation_class),
      implementation_version(given.implementation_version), stop_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      reap_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    // A heap arena a thread would cost 64 MB of address space each, for buffers that live as long as an association.
    mallopt(M_ARENA_MAX, 2);
    // glibc raises this limit by itself and then keeps the PDU buffers of a crowd of peers for ever.
    mallopt(M_TRIM_THRESHOLD, 128 << 10);
    if (stop_event_.get() < 0 || reap_event_.get() < 0) throw Failure{PDX_IO, "no descriptors are left"};
    bind_and_listen(given.host, given.port);
}

Listener::~Listener() = default;

void Listener::bind_and_listen(const char *host, uint16_t port) {
    addrinfo hints = {}, *found = nullptr;
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    const std::string where = std::string(host) + " port " + std::to_string(port);
    const int status = getaddrinfo(host, std::to_string(port).c_str(), &hints, &found);
    if (status != 0) throw Failure{PDX_INVALID_ARGUMENT, "cannot listen on " + where + ": " + gai_strerror(status)};
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
    int problem = EADDRNOTAVAIL;
    for (const addrinfo *address = found; address != nullptr; address = address->ai_next) {
        socket_.reset(socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        const int on = 1;
        if (socket_.get() >= 0 && setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0
            && bind(socket_.get(), address->ai_addr, address->ai_addrlen) == 0 && listen(socket_.get(), 128) == 0) {
            sockaddr_storage bound = {};
            socklen_t length = sizeof bound;
            getsockname(socket_.get(), reinterpret_cast<sockaddr *>(&bound), &length);
            port_ = ntohs(
                bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6 *>(&bound)->sin6_port
                                            : reinterpret_cast<sockaddr_in *>(&bound)->sin_port);
            return;
        }
        problem = errno;
    }
    throw Failure{PDX_NETWORK, "cannot listen on " + where + ": " + std::strerror(problem)};
}

void Listener::start() {
    if (!start_thread(thread_, accept_main, this)) throw Failure{PDX_OUT_OF_MEMORY, "no thread can be started"};
    is_running_ = true;
}

void *Listener::accept_main(void *listener) noexcept {
    pthread_setname_np(pthread_self(), "dicom-accept");
    static_cast<Listener *>(listener)->accept_loop();
    return nullptr;
}

void *Listener::connection_main(void *argument) noexcept {
    pthread_setname_np(pthread_self(), "dicom-peer");
    auto &connection = *static_cast<Connection *>(argument);
    (void)guarded(nullptr, [&] { serve(connection); });
    connection.channel.close();
    connection.listener.ended(connection);
    return nullptr;
}

void Listener::accept_loop() noexcept {
    while (!is_stopping()) {
        pollfd items[3] = {
            {socket_.get(), POLLIN, 0}, {reap_event_.get(), POLLIN, 0}, {stop_event_.get(), POLLIN, 0}};
        if (poll(items, 3, -1) < 0) {
            if (errno != EINTR) pause("poll", errno);
            continue;
        }
        if (items[1].revents != 0) reap();
        if (items[2].revents != 0) return;
        if (items[0].revents != 0) accept_one();
    }
}

/// Waits after a failure until an association ends, the listener stops or a moment is over, and tells of the failure.
/// Each failure in a row doubles the moment.
void Listener::pause(const char *what, int problem) noexcept {
    char text[96] = "", reason[sizeof told_] = "";
    std::snprintf(
        reason, sizeof reason, "no connection can be accepted: %s%s%s", what, problem == 0 ? "" : ": ",
        problem == 0 ? "" : strerror_r(problem, text, sizeof text));
    if (std::strcmp(reason, told_) != 0 || now_ms() - told_at_ms_ >= tell_again_ms) {
        std::memcpy(told_, reason, sizeof told_);
        told_at_ms_ = now_ms();
        const pdx_association nobody = {};
        pdx_event event = {};
        event.kind = PDX_EVENT_NOT_ACCEPTING;
        event.association = &nobody;
        event.detail = reason;
        handler.event(handler.context, &event);
    }
    pollfd items[2] = {{reap_event_.get(), POLLIN, 0}, {stop_event_.get(), POLLIN, 0}};
    // Where poll itself fails nothing can end the wait, so it is a short one.
    if (poll(items, 2, pause_ms_) < 0 && errno != EINTR) {
        std::this_thread::sleep_for(std::chrono::milliseconds(std::min(pause_ms_, 100)));
    }
    pause_ms_ = std::min(2 * pause_ms_, longest_pause_ms);
}

void Listener::accept_one() noexcept {
    sockaddr_storage address = {};
    socklen_t length = sizeof address;
    int socket = accept4(socket_.get(), reinterpret_cast<sockaddr *>(&address), &length, SOCK_CLOEXEC);
    if (socket < 0) {
        // EAGAIN: the peer has gone again meanwhile.
        if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) pause("accept", errno);
        return;
    }
    if (socket == 0) {
        // DCMTK takes descriptor 0 for «none».
        socket = fcntl(0, F_DUPFD_CLOEXEC, 3);
        const int problem = errno;
        ::close(0);
        if (socket < 0) return pause("dup", problem);
    }
    auto body = [&] {
        auto connection = std::make_unique<Connection>(*this, socket, stop_event_.get());
        socket = -1;
        connection->association.number = ++count_;
        describe_peer(address, length, connection->association);
        make_room();
        const std::lock_guard<std::mutex> lock(mutex_);
        Connection &made = *connection;
        connections_.push_back(std::move(connection));
        if (start_thread(made.thread, connection_main, &made)) {
            ++pending_;
        } else {
            connections_.pop_back();
            throw Failure{PDX_OUT_OF_MEMORY, "no thread can be started"};
        }
    };
    pdx_error error = {};
    const bool begun = guarded(&error, body) == PDX_OK;
    if (socket >= 0) ::close(socket);
    if (!begun) return pause(error.message, 0);
    pause_ms_ = shortest_pause_ms;
}

void Listener::make_room() noexcept {
    std::unique_lock<std::mutex> lock(mutex_);
    while (pending_ >= options.most_pending && !is_stopping()) {
        // The list is in the order of arrival, so the first is the one that has been silent for longest.
        for (auto &connection : connections_) {
            if (!connection->is_pending || connection->has_ended || connection->channel.was_cut()) continue;
            connection->channel.cut();
            break;
        }
        changed_.wait_for(lock, std::chrono::milliseconds(100));
    }
}

bool Listener::take_place(Connection &connection) noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (open_ >= options.most_associations) return false;
    ++open_;
    --pending_;
    connection.is_pending = false;
    changed_.notify_all();
    return true;
}

void Listener::ended(Connection &connection) noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (connection.is_pending) {
        --pending_;
    } else {
        --open_;
    }
    connection.has_ended = true;
    changed_.notify_all();
    signal_event(reap_event_.get());
}

void Listener::reap() noexcept {
    uint64_t count;
    (void)!read(reap_event_.get(), &count, sizeof count);
    std::list<std::unique_ptr<Connection>> finished;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (auto item = connections_.begin(); item != connections_.end();) {
            const auto next = std::next(item);
            if ((*item)->has_ended) finished.splice(finished.end(), connections_, item);
            item = next;
        }
    }
    for (auto &connection : finished) pthread_join(connection->thread, nullptr);
}

int32_t Listener::open_associations() noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    return open_;
}

void Listener::stop(int32_t grace_ms) noexcept {
    stopping_ = true;
    signal_event(stop_event_.get());
    if (is_running_) pthread_join(thread_, nullptr);
    is_running_ = false;
    socket_.reset();
    std::unique_lock<std::mutex> lock(mutex_);
    const auto all_ended = [this] { return open_ == 0 && pending_ == 0; };
    changed_.wait_for(lock, std::chrono::milliseconds(grace_ms), all_ended);
    for (auto &connection : connections_) connection->channel.cut();
    changed_.wait(lock, all_ended);
    lock.unlock();
    reap();
}

}  // namespace pdx

using pdx::guarded;

int32_t pdx_listener_open(
    const pdx_listener_options *options, const pdx_handler *handler, pdx_listener **listener, pdx_error *error) {
    *listener = nullptr;
    if (const int32_t code = pdx_start(error)) return code;
    return guarded(error, [&] {
        std::unique_ptr<pdx_listener> made(new pdx_listener{{*options, *handler}});
        made->listener.start();
        *listener = made.release();
    });
}

uint16_t pdx_listener_port(const pdx_listener *listener) { return listener->listener.port(); }

int32_t pdx_listener_open_associations(pdx_listener *listener) { return listener->listener.open_associations(); }

void pdx_listener_stop(pdx_listener *listener, int32_t grace_ms) {
    listener->listener.stop(grace_ms);
    delete listener;
}
