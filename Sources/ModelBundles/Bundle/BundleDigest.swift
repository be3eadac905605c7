internal import Crypto

/// What a bundle consists of, as one SHA-256 over its name, version, weights and configuration.
///
/// The construction `portico-bundle-digest-1` hashes a sequence of fields. A field is the number of its bytes as
/// eight bytes, most significant first, and the bytes; an absent one is eight bytes FF. A list is the number of its
/// members in the same eight bytes, and its members. In order:
///
/// 1. `portico-bundle-digest-1`
/// 2. `name` and `version` of the metadata (the folder's name never counts)
/// 3. the SHA-256 of `models/model.ts`, 32 bytes, or absent
/// 4. the list of the configurations' paths in the order in which they were merged
/// 5. the list of all files read for the pipeline, `configs/metadata.json` and macro files among them, sorted by the
///    bytes of their paths: path, then SHA-256
/// 6. the list of the overlay files' SHA-256 in their order
/// 7. the list of the settings in their order: id, then the JSON of the value
///
/// So the same bytes give the same digest in any folder on any host, and one byte changed gives another.
public struct BundleDigest: Sendable, Hashable {
    /// A file that was read.
    public struct File: Sendable, Hashable {
        /// Its path below the bundle's folder.
        public let path: String
        /// Its SHA-256 in hexadecimal digits.
        public let sha256: String
    }

    /// The name of the construction.
    public static let construction = "portico-bundle-digest-1"

    /// The 32 bytes of the SHA-256.
    public let bytes: [UInt8]

    /// The SHA-256 of the weights in hexadecimal digits; nil where the bundle has none.
    public let weights: String?

    /// The configuration and metadata files with their digests, sorted by path.
    public let files: [File]

    /// The digest in hexadecimal digits.
    public var hex: String { BundleFiles.hex(bytes) }

    /// `2.25.` with the decimal value of a UUID, at most 44 characters (PS3.5 B.2).
    ///
    /// The UUID is the first 128 bits of the digest with the version 8 and the variant of RFC 9562 set.
    public var deviceUID: String {
        var value: UInt128 = 0
        for (index, byte) in bytes.prefix(16).enumerated() {
            var byte = byte
            if index == 6 { byte = byte & 0x0F | 0x80 }
            if index == 8 { byte = byte & 0x3F | 0x80 }
            value = value << 8 | UInt128(byte)
        }
        return "2.25.\(value)"
    }

    /// What the digest is made of besides the weights.
    struct Ingredients: Sendable {
        var name: String?
        var version: String
        var configurations: [String]
        var files: [(path: String, sha256: String)]
        var overlays: [String]
        var settings: [(id: String, text: String)]
    }

    init(_ ingredients: Ingredients, weights: [UInt8]?) {
        var hash = FieldHash()
        hash.add(Self.construction.utf8)
        if let name = ingredients.name { hash.add(name.utf8) } else { hash.addAbsent() }
        hash.add(ingredients.version.utf8)
        if let weights { hash.add(weights) } else { hash.addAbsent() }
        hash.add(count: ingredients.configurations.count)
        for path in ingredients.configurations { hash.add(path.utf8) }
        hash.add(count: ingredients.files.count)
        for file in ingredients.files {
            hash.add(file.path.utf8)
            hash.add(Self.bytes(ofHex: file.sha256))
        }
        hash.add(count: ingredients.overlays.count)
        for digest in ingredients.overlays { hash.add(Self.bytes(ofHex: digest)) }
        hash.add(count: ingredients.settings.count)
        for (id, text) in ingredients.settings {
            hash.add(ReferencePattern.normalized(id).utf8)
            hash.add(text.utf8)
        }
        bytes = hash.finalize()
        self.weights = weights.map(BundleFiles.hex)
        files = ingredients.files.map { File(path: $0.path, sha256: $0.sha256) }
    }

    static func bytes(ofHex text: String) -> [UInt8] {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

/// A SHA-256 over fields with their lengths before them, so that no two sequences of fields are the same bytes.
private struct FieldHash {
    private var hash = SHA256()

    mutating func add(_ bytes: some Sequence<UInt8>) {
        let field = Array(bytes)
        add(count: field.count)
        hash.update(data: field)
    }

    mutating func addAbsent() { hash.update(data: [UInt8](repeating: 0xFF, count: 8)) }

    mutating func add(count: Int) {
        hash.update(data: (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) })
    }

    func finalize() -> [UInt8] { Array(hash.finalize()) }
}
