import Foundation
import Glibc
import Synchronization

/// Stands between a sender and a receiver and stops passing on after so many bytes: the middle of a transfer, held still.
public final class Relay: Sendable {
    /// The port that the sender connects to.
    public let port: Int
    /// The listening socket until it has been closed: its number may belong to another socket afterwards.
    private let listener: Mutex<Int32?>
    private let receiver: Int
    private let budget: Int
    private let isHolding = Monitor(false)
    private let sockets = Mutex<[RawSocket]>([])

    /// Starts a relay for one connection; the scratch folder's end ends it.
    ///
    /// - Parameters:
    ///   - receiver: the port that is connected to.
    ///   - budget: so many bytes of the sender are passed on, not one more.
    public init(to receiver: Int, passing budget: Int, in scratch: Scratch) throws {
        let (socket, port) = try RawSocket.listener()
        listener = Mutex(socket)
        self.port = port
        self.receiver = receiver
        self.budget = budget
        Thread { self.serve(socket) }.start()
        scratch.atEnd { self.cut() }
    }

    /// Waits until the budget is used up and the rest is held back.
    public func holding(within limit: Duration = .seconds(120)) async throws {
        try await isHolding.wait(for: "the relay's budget to be used up", within: limit) { $0 ? () : nil }
    }

    /// Ends both connections.
    public func cut() {
        listener.withLock { socket in
            if let socket { shutdown(socket, Int32(SHUT_RDWR)) }
        }
        sockets.withLock { $0 }.forEach { $0.shutDown() }
    }

    private func serve(_ socket: Int32) {
        let accepted = accept(socket, nil, nil)
        listener.withLock { open in
            close(socket)
            open = nil
        }
        guard accepted >= 0 else { return }
        let sender = RawSocket(owning: accepted)
        guard let receiver = try? RawSocket(port: receiver, patience: .seconds(600)) else { return }
        sockets.withLock { $0 = [sender, receiver] }
        Thread {
            while let bytes = try? receiver.receive(), !bytes.isEmpty, (try? sender.send(bytes)) != nil {}
            sender.endSending()
        }.start()
        var left = budget
        while left > 0, let bytes = try? sender.receive(atMost: min(left, 64 << 10)), !bytes.isEmpty {
            guard (try? receiver.send(bytes)) != nil else { return }
            left -= bytes.count
        }
        isHolding.update { $0 = left == 0 }
    }
}
