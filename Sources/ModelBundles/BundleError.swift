/// Why a bundle, or a part of one, cannot be used.
///
/// The message names the place and what the reader can do about it.
public struct BundleError: Error, CustomStringConvertible, Sendable {
    /// What went wrong, for code that has to tell one reason from another.
    public enum Code: String, Sendable {
        /// A file or folder is not there or cannot be read.
        case notFound
        /// A file is no JSON or YAML, or not of the form that a bundle needs.
        case malformed
        /// A size, a depth, a count or a number is beyond the limits.
        case limit
        /// A path that the bundle names leads out of the bundle.
        case escape
        /// An id, or a reference to one, that the configuration does not define.
        case unknownID
        /// A reference that leads back to itself.
        case circular
        /// Something that MONAI can evaluate and Portico does not.
        case unsupported
        /// An expression or a component that MONAI could not evaluate either.
        case evaluation
        /// The weights are missing.
        case weightsMissing
        /// A field of the metadata is missing or of the wrong kind.
        case metadata
    }

    /// What went wrong.
    public let code: Code

    /// The whole message.
    public let message: String

    /// The id in the configuration or the path of the field in the metadata, where there is one.
    public let id: String?

    /// The file, relative to the bundle's folder where it lies inside.
    public let file: String?

    /// Makes an error; a message that a bundle's texts make longer than anybody reads is cut, and what a terminal would
    /// obey in them is taken out.
    public init(_ code: Code, _ message: String, id: String? = nil, file: String? = nil) {
        self.code = code
        let isLong = message.utf8.count > Self.longestMessage
        let short = isLong ? String(message.unicodeScalars.prefix(Self.longestMessage / 4)) + "…" : message
        self.message = Self.printable(short, besides: "\n")
        self.id = id
        self.file = file
    }

    private static let longestMessage = 8000

    /// The place and the message.
    public var description: String {
        switch (file.map(Self.printable), id.map(Self.printable)) {
        case (let file?, let id?): "\(file): \(id): \(message)"
        case (let file?, nil): "\(file): \(message)"
        case (nil, let id?): "\(id): \(message)"
        case (nil, nil): message
        }
    }

    /// The same error with the id or the file filled in where it has none yet.
    func at(id: String? = nil, file: String? = nil) -> BundleError {
        BundleError(code, message, id: self.id ?? id, file: self.file ?? file)
    }

    /// A text from a bundle, free of control characters.
    private static func printable(_ text: String) -> String { printable(text, besides: nil) }

    private static func printable(_ text: String, besides kept: Unicode.Scalar?) -> String {
        guard text.unicodeScalars.contains(where: { !isPrintable($0) && $0 != kept }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(isPrintable(scalar) || scalar == kept ? scalar : "\u{FFFD}")
        }
        return String(result)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80...0x9F).contains(scalar.value)
    }

    /// A text from a bundle, short enough for a message and free of control characters.
    static func quoted(_ text: some StringProtocol, limit: Int = 60) -> String {
        var result = "'"
        for (count, scalar) in text.unicodeScalars.enumerated() {
            if count == limit { return result + "…'" }
            result.unicodeScalars.append(isPrintable(scalar) ? scalar : "\u{FFFD}")
        }
        return result + "'"
    }
}
