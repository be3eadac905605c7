import Foundation
import Synchronization

/// What a process writes, line by line, as it comes.
public final class Transcript: Sendable {
    /// The lines so far, and whether more may come.
    public struct Content: Sendable {
        /// Whole lines without their ends; at the end of the stream also a last one without an end.
        public fileprivate(set) var lines: [String] = []
        /// Whether the stream has ended.
        public fileprivate(set) var hasEnded = false
        fileprivate var partial: [UInt8] = []
    }

    private let name: String
    private let content = Monitor(Content())

    init(name: String) {
        self.name = name
    }

    /// The lines so far.
    public var lines: [String] { content.value.lines }

    /// The lines so far as one text.
    public var text: String { lines.joined(separator: "\n") }

    /// The last lines, for error messages.
    public func tail(_ count: Int = 30) -> String { lines.suffix(count).joined(separator: "\n") }

    /// Waits for the first line, from a place on, that fits.
    ///
    /// - Throws: `SupportError` when the stream ends before, or the limit is over.
    @discardableResult
    public func line(
        _ what: String, from start: Int = 0, within limit: Duration = .seconds(120),
        where fits: @Sendable (String) -> Bool
    ) async throws -> String {
        try await content.wait(for: "\(what) from \(name)", within: limit) { content in
            if let line = content.lines.dropFirst(start).first(where: fits) { return line }
            if content.hasEnded {
                throw SupportError("\(name) ended before \(what) came; its last lines:\n\(self.tail())")
            }
            return nil
        }
    }

    /// Waits until so many lines fit.
    ///
    /// - Throws: `SupportError` when the stream ends before, or the limit is over.
    public func lines(
        _ what: String, count: Int, within limit: Duration = .seconds(120), where fits: @Sendable (String) -> Bool
    ) async throws {
        try await content.wait(for: "\(count) times \(what) from \(name)", within: limit) { content -> Void? in
            if content.lines.count(where: fits) >= count { return () }
            if content.hasEnded {
                throw SupportError("\(name) ended before \(what) came \(count) times; its last lines:\n\(self.tail())")
            }
            return nil
        }
    }

    /// Waits until the stream ends.
    func end(within limit: Duration) async throws {
        try await content.wait(for: "the end of \(name)", within: limit) { $0.hasEnded ? () : nil }
    }

    /// Reads a descriptor to its end on the calling thread, then closes it.
    func read(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            let bytes = buffer[..<count]
            content.update { $0.append(bytes) }
        }
        close(descriptor)
        content.update { $0.end() }
    }
}

extension Transcript.Content {
    fileprivate mutating func append(_ bytes: ArraySlice<UInt8>) {
        partial += bytes
        var start = partial.startIndex
        while let end = partial[start...].firstIndex(of: 0x0A) {
            lines.append(String(decoding: partial[start..<end], as: UTF8.self))
            start = end + 1
        }
        partial.removeFirst(start - partial.startIndex)
    }

    fileprivate mutating func end() {
        if !partial.isEmpty { lines.append(String(decoding: partial, as: UTF8.self)) }
        partial = []
        hasEnded = true
    }
}
