/// Why an image file could not be read or written.
public struct ImageFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable, Equatable {
        /// The file isn't there or can't be opened.
        case unreadable
        /// The file is of another format.
        case notThisFormat
        /// The file is damaged, cut short, or contradicts itself.
        case malformed
        /// The file is in order, but Portico can't represent what it holds.
        case unsupported
        /// The file would need more memory than is allowed.
        case tooLarge
        /// The file can't be created or written to.
        case unwritable
        /// The caller's data can't be written in the form that was asked for.
        case badArgument
    }

    /// The kind of failure.
    public let code: Code

    /// What happened to which file.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

/// How much a reader may take in.
public struct ReadLimits: Sendable, Equatable {
    /// The most bytes of decompressed voxels, and of float32 values made of them.
    public var maximumBytes: Int

    /// Makes limits.
    public init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// 16 GiB, far above any volume of a clinic.
    public static let standard = ReadLimits(maximumBytes: 16 << 30)
}
