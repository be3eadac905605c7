/// Why a network could not be loaded or run.
public struct InferenceError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure, by what someone would do about them.
    public enum Code: String, Sendable, Equatable {
        /// No back end was found, or it could not be loaded: run `deploy/setup`.
        case backEndMissing
        /// The library is none of Portico's back ends, or one of another version: build it anew.
        case backEndIncompatible
        /// The device isn't there, or the back end was built without it: configure another.
        case deviceUnavailable
        /// The file is missing, damaged, or not of the back end's format: replace it.
        case modelUnreadable
        /// The network doesn't accept such an input: bundle and image don't fit.
        case inputRefused
        /// The network failed while it ran.
        case networkFailed
        /// Memory ran out: smaller batches, or another device.
        case outOfMemory
        /// The output is of an unexpected shape or not finite: no result can be made of it.
        case outputRefused
        /// The configuration asks for something that Portico doesn't do.
        case unsupported
        /// An argument of the configuration is wrong.
        case badArgument
    }

    /// The kind of failure.
    public let code: Code

    /// What happened, where, and the way out.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
