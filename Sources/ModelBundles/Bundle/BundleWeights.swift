internal import Crypto
internal import Synchronization

/// The large files of a bundle: found, hashed once, and handed to an engine as a file.
final class BundleWeights: Sendable {
    let layout: BundleLayout
    private let cache: DigestCache?
    private let measured = Mutex<HashMeasurement?>(nil)

    init(layout: BundleLayout, cache: DigestCache?) {
        self.layout = layout
        self.cache = cache
    }

    /// What hashing took, where anything was hashed.
    var measurement: HashMeasurement? { measured.withLock { $0 } }

    /// Whether the file is there.
    func contains(_ path: String) -> Bool {
        layout.isTorchScript && path == BundleLayout.weightsPath || layout.contains(path)
    }

    /// The file that holds the bytes of a path: itself, or the archive that it is a member of.
    private func holder(of path: String) -> String {
        if case .folder(let root) = layout.container { root + "/" + path } else { layout.root }
    }

    /// The SHA-256 of a file of any size, from the cache where the file is still the one that was hashed.
    func digest(of path: String) throws(BundleError) -> [UInt8] {
        let file = holder(of: path)
        let member = layout.member(path)
        let before = try FileIdentity(file, member: member?.member.name)
        if let cache, let known = cache.digest(of: before) {
            measured.withLock { $0 = HashMeasurement(bytes: known.size, seconds: 0, isCached: true) }
            return known.digest
        }
        let clock = ContinuousClock()
        let start = clock.now
        var hash = SHA256()
        var size = 0
        try forEachPiece(of: path) { (bytes: [UInt8]) throws(BundleError) in
            hash.update(data: bytes)
            size += bytes.count
        }
        let digest = Array(hash.finalize())
        let seconds = (clock.now - start) / .seconds(1)
        measured.withLock { $0 = HashMeasurement(bytes: size, seconds: seconds, isCached: false) }
        guard try FileIdentity(file, member: member?.member.name) == before else {
            throw BundleError(.notFound, "the file changed while it was read; try again", file: path)
        }
        cache?.keep(digest, size: size, of: before)
        return digest
    }

    /// Hands the bytes of a file on piece by piece.
    func forEachPiece(
        of path: String, _ body: ([UInt8]) throws(BundleError) -> Void
    ) throws(BundleError) {
        if let (archive, member) = layout.member(path) { return try archive.read(member, body) }
        let file = try RegularFile(holder(of: path), named: path)
        while true {
            let bytes = try file.read(upTo: 1 << 20, named: path)
            guard !bytes.isEmpty else { return }
            try body(bytes)
        }
    }

    /// Lends a path under which the file can be read for the duration of the call.
    ///
    /// A member of a zip is unpacked into a file without a name, which is gone when the call ends or the process dies.
    func withFile<Result>(_ path: String, _ body: (String) throws -> Result) throws -> Result {
        guard layout.member(path) != nil else { return try body(holder(of: path)) }
        let file = try UnnamedFile(for: path)
        try forEachPiece(of: path) { (bytes: [UInt8]) throws(BundleError) in try file.append(bytes) }
        return try body(file.path)
    }
}

/// What hashing the weights took.
public struct HashMeasurement: Sendable, Hashable {
    /// The number of bytes that the digest stands for.
    public let bytes: Int
    /// Seconds by a monotonic clock.
    public let seconds: Double
    /// Whether the digest was remembered, and nothing was read.
    public let isCached: Bool
}
