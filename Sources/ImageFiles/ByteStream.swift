internal import CZlib
internal import Glibc

/// A file that is read from front to back, decompressed on the way if it begins like a gzip file.
struct InputStream: ~Copyable {
    /// The most that deflate can shrink: 1032 to 1.
    private static let greatestRatio = 1032

    let path: String
    /// The size of the file on disk.
    let size: Int
    private let file: gzFile

    /// Opens a file.
    ///
    /// - Throws: `ImageFileError` when it can't be opened or is no regular file.
    init(_ path: String) throws(ImageFileError) {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw ImageFileError(.unreadable, "\(path): \(String(cString: strerror(errno)))")
        }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw ImageFileError(.unreadable, "\(path): not a file") }
        guard let file = gzopen(path, "rb") else {
            throw ImageFileError(.unreadable, "\(path): \(String(cString: strerror(errno)))")
        }
        gzbuffer(file, 1 << 18)
        self.file = file
        self.path = path
        size = Int(facts.st_size)
    }

    deinit { gzclose(file) }

    /// Whether the file isn't compressed; known after the first read.
    var isPlain: Bool { gzdirect(file) == 1 }

    /// The most bytes that the file can hold, known without reading it.
    var greatestLength: Int { isPlain ? size : size.multipliedReportingOverflow(by: Self.greatestRatio).partialValue }

    /// Fills a buffer.
    ///
    /// - Throws: `ImageFileError` when the file ends before, or is damaged.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImageFileError) {
        let count = try readUpTo(buffer)
        guard count == buffer.count else {
            throw ImageFileError(.malformed, "\(path): the file ends too early")
        }
    }

    /// Reads bytes.
    func read(_ count: Int) throws(ImageFileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: ImageFileError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(ImageFileError) { try read(into: buffer) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Passes over bytes.
    func skip(_ count: Int) throws(ImageFileError) {
        var rest = count
        while rest > 0 {
            let step = min(rest, 1 << 20)
            _ = try read(step)
            rest -= step
        }
    }

    /// Reads a compressed file to its end, up to a limit, so that its checksum is verified.
    func verifyEnd(within limit: Int) throws(ImageFileError) {
        guard !isPlain else { return }
        var scratch = [UInt8](repeating: 0, count: 1 << 16)
        var rest = limit
        while rest > 0 {
            let count = gzread(file, &scratch, UInt32(scratch.count))
            guard count >= 0 else { throw damaged() }
            if count == 0 {
                // A stream that was cut off after the last value shows here and nowhere else.
                var code: Int32 = 0
                gzerror(file, &code)
                if code != Z_OK && code != Z_STREAM_END { throw damaged() }
                return
            }
            rest -= Int(count)
        }
    }

    private func readUpTo(_ buffer: UnsafeMutableRawBufferPointer) throws(ImageFileError) -> Int {
        var done = 0
        while done < buffer.count {
            let step = min(buffer.count - done, 1 << 30)
            let count = gzread(file, buffer.baseAddress.map { $0 + done }, UInt32(step))
            guard count >= 0 else { throw damaged() }
            if count == 0 { break }
            done += Int(count)
        }
        return done
    }

    private func damaged() -> ImageFileError {
        var code: Int32 = 0
        let reason = gzerror(file, &code).map { String(cString: $0) } ?? ""
        return ImageFileError(.malformed, "\(path): the compressed file is damaged (\(reason))")
    }
}

/// A file that is written from front to back under a temporary name and gets its own when it is whole.
struct OutputStream: ~Copyable {
    let path: String
    private let temporary: String
    private var file: gzFile?

    /// Creates a file.
    ///
    /// - Parameter compression: gzip's level, 1 to 9; nothing writes the bytes as they are.
    init(_ path: String, compression: Int?) throws(ImageFileError) {
        if let compression, !(1...9).contains(compression) {
            throw ImageFileError(.badArgument, "gzip has the levels 1 to 9, not \(compression)")
        }
        let temporary = "\(path).\(getpid()).part"
        guard let file = gzopen(temporary, compression.map { "wb\($0)" } ?? "wbT") else {
            throw ImageFileError(.unwritable, "\(path): \(String(cString: strerror(errno)))")
        }
        gzbuffer(file, 1 << 18)
        self.file = file
        self.temporary = temporary
        self.path = path
    }

    deinit {
        if let file {
            gzclose(file)
            unlink(temporary)
        }
    }

    /// Writes bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(ImageFileError) {
        var done = 0
        while done < bytes.count {
            let step = min(bytes.count - done, 1 << 30)
            guard gzwrite(file, bytes.baseAddress.map { $0 + done }, UInt32(step)) == step else {
                throw ImageFileError(.unwritable, "\(path): \(String(cString: strerror(errno)))")
            }
            done += step
        }
    }

    /// Writes bytes.
    func write(_ bytes: [UInt8]) throws(ImageFileError) {
        var failure: ImageFileError?
        bytes.withUnsafeBytes { buffer in
            do throws(ImageFileError) { try write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Ends the file and gives it its name.
    mutating func close() throws(ImageFileError) {
        guard let file else { return }
        self.file = nil
        guard gzclose(file) == Z_OK, rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw ImageFileError(.unwritable, "\(path): \(reason)")
        }
    }
}
