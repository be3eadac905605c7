import Foundation
import Logging
import ServiceLifecycle
import Store

/// Takes requests of commands on a socket in the data directory, one after the other: `serve` stays the only writer of
/// the index.
final class ControlService: Service {
    private let url: URL
    private let listener: Int32
    private let bell: PollBell
    private let stopping = Latch()
    private let logger: Logger
    private let perform: @Sendable (ControlRequest) -> ControlAnswer

    /// Binds the socket; requests wait until the service runs.
    /// - Parameter perform: Does what is asked; called on the service's thread.
    init(
        directory: DataDirectory, logger: Logger, perform: @escaping @Sendable (ControlRequest) -> ControlAnswer
    ) throws {
        url = directory.controlSocket
        listener = try ControlSocket.listen(at: url)
        bell = try PollBell()
        self.logger = logger
        self.perform = perform
    }

    deinit {
        close(listener)
        unlink(url.path)
    }

    /// Runs until graceful shutdown.
    func run() async throws {
        try await runThreaded(
            name: "control",
            stop: {
                self.stopping.set()
                self.bell.ring()
            }, work: { self.serve() })
    }

    private func serve() {
        while !stopping.isSet {
            var watched = [
                pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
                pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&watched, nfds_t(watched.count), -1) > 0 else { continue }
            guard watched[0].revents != 0 else { continue }
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { continue }
            defer { close(connection) }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            answer(connection)
        }
    }

    private func answer(_ connection: Int32) {
        ControlSocket.limitWaiting(on: connection)
        guard let line = ControlSocket.readLine(from: connection) else { return }
        let answer: ControlAnswer
        if let request = try? JSONDecoder().decode(ControlRequest.self, from: line) {
            answer = perform(request)
        } else {
            logger.warning("a line on the control socket is no request", metadata: ["bytes": "\(line.count)"])
            answer = ControlAnswer(
                isDone: false, message: "serve does not know this request; use the command of serve's own version")
        }
        try? ControlSocket.write(answer, to: connection)
    }
}
