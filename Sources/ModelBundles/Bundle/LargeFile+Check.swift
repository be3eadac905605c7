internal import Crypto

extension ModelBundle {
    /// How a file of the bundle compares with its entry in `large_files.yml`.
    public enum LargeFileState: Sendable, Hashable {
        /// It is not there.
        case missing
        /// It is there, and the entry gives no digest to compare with.
        case unchecked
        /// Its digest is the entry's.
        case equal
        /// Its digest is another one.
        case different(found: String)
    }

    /// Hashes a file and compares it with its entry.
    public func state(of file: LargeFile) throws(BundleError) -> LargeFileState {
        guard files.contains(file.path) else { return .missing }
        guard let expected = file.digest else { return .unchecked }
        let found: String
        switch file.digestType {
        case "md5": found = try hash(file.path, Insecure.MD5())
        case "sha1": found = try hash(file.path, Insecure.SHA1())
        case "sha512": found = try hash(file.path, SHA512())
        default: found = try hash(file.path, SHA256())
        }
        return found == expected ? .equal : .different(found: found)
    }

    private func hash(_ path: String, _ function: some HashFunction) throws(BundleError) -> String {
        var function = function
        try files.forEachPiece(of: path) { (bytes: [UInt8]) throws(BundleError) in function.update(data: bytes) }
        return BundleFiles.hex(Array(function.finalize()))
    }
}
