internal import Dispatch
internal import Foundation
internal import Synchronization
internal import Voxels

/// Batches on their way through a network: while it works on some, the caller's thread cuts out the next one and takes
/// what came out before.
///
/// The network runs on threads of its own, as many as it has streams; outputs come back in the order of the batches.
final class BatchLine: Sendable {
    private struct Job {
        var number: Int
        var batch: Tensor
    }

    private struct State {
        /// What waits for the network, first to last.
        var jobs: [Job] = []
        var outputs: [Int: Result<NetworkOutput, any Error>] = [:]
        /// Batches whose memory serves the next one.
        var spare: [Tensor] = []
        var isClosed = false
    }

    private let network: any Network
    private let state = Mutex(State())
    /// Counts `jobs`, and one for each thread once it is closed.
    private let waiting = DispatchSemaphore(value: 0)
    /// Counts what came into `outputs`.
    private let done = DispatchSemaphore(value: 0)
    /// Counts how many outputs more may be in memory.
    private let room: DispatchSemaphore
    private let ended = DispatchGroup()

    /// Bytes of stack; TorchScript's interpreter recurses.
    private static let stackSize = 64 << 20

    private init(_ network: any Network) {
        self.network = network
        // Dispatch ends the process where a semaphore goes with less than it was made with.
        room = DispatchSemaphore(value: 0)
        // One that is taken, and one from each stream.
        for _ in 0...network.streams { room.signal() }
    }

    /// Takes batches through a network.
    ///
    /// - Parameters:
    ///   - count: the number of batches.
    ///   - fill: makes a batch by number; it is given one to reuse where there is one.
    ///   - take: is given the outputs, first to last.
    /// - Throws: what the network throws, or `take`; no further batch runs then.
    static func run(
        _ count: Int, through network: any Network, fill: (Int, Tensor?) -> Tensor,
        take: (Int, NetworkOutput) throws -> Void
    ) throws {
        guard count > 1 else {
            if count == 1 { try take(0, network.output(of: fill(0, nil))) }
            return
        }
        let line = BatchLine(network)
        line.start()
        defer { line.end() }
        var next = 0
        func prepare() {
            guard next < count else { return }
            line.add(Job(number: next, batch: fill(next, line.state.withLock { $0.spare.popLast() })))
            next += 1
        }
        for _ in 0...network.streams { prepare() }
        for number in 0..<count {
            let output = try line.output(number)
            // First, so that the network never waits for what follows.
            prepare()
            try take(number, output)
            line.room.signal()
        }
    }

    private func start() {
        for stream in 0..<network.streams {
            ended.enter()
            let thread = Thread { [self] in
                work()
                ended.leave()
            }
            thread.name = "network \(stream)"
            thread.stackSize = Self.stackSize
            thread.start()
        }
    }

    private func add(_ job: Job) {
        state.withLock { $0.jobs.append(job) }
        waiting.signal()
    }

    private func output(_ number: Int) throws -> NetworkOutput {
        // Streams overtake one another: what comes may be another's.
        while true {
            if let output = state.withLock({ $0.outputs.removeValue(forKey: number) }) { return try output.get() }
            done.wait()
        }
    }

    private func work() {
        while true {
            room.wait()
            waiting.wait()
            guard let job = state.withLock({ $0.isClosed ? nil : $0.jobs.removeFirst() }) else { return }
            let output = Result { try network.output(of: job.batch) }
            state.withLock { state in
                state.spare.append(job.batch)
                state.outputs[job.number] = output
            }
            done.signal()
        }
    }

    /// Waits until no thread is in the network any more.
    private func end() {
        state.withLock { $0.isClosed = true }
        for _ in 0..<network.streams {
            waiting.signal()
            room.signal()
        }
        ended.wait()
    }
}
