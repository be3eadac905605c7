/// What is wrong with a pipeline or went wrong while it ran.
///
/// A message names the place in the bundle's configuration and what would be right. It holds no patient data.
public struct PipelineError: Error, CustomStringConvertible, Sendable, Equatable {
    /// The kinds of errors.
    public enum Code: String, Sendable {
        /// A `_target_` that is not in the catalogue.
        case unknownOperator
        /// An argument that the operator does not have.
        case unknownArgument
        /// An argument that is missing, of the wrong type or out of range.
        case invalidArgument
        /// An argument or value that MONAI knows and Portico does not do.
        case unsupported
        /// A sample lacks an image that an operator works on.
        case missingImage
        /// An image does not fit an operator, for instance by its number of axes.
        case unfitImage
        /// Several of the above, each with its own line.
        case several
    }

    /// The kind.
    public var code: Code

    /// What is wrong, where, and what would be right.
    public var message: String

    /// The errors that were joined; the error itself where there is one alone.
    public var parts: [PipelineError] { joined.isEmpty ? [self] : joined }

    private var joined: [PipelineError] = []

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The config path that the message begins with; nil where it begins with none.
    public var id: String? {
        guard let end = message.firstRange(of: ": ")?.lowerBound else { return nil }
        let path = message[..<end]
        return path.contains(" ") || path.isEmpty ? nil : String(path)
    }

    /// The message without the config path.
    public var text: String { id.map { String(message.dropFirst($0.count + 2)) } ?? message }

    /// Joins what was found at several places; one alone stays as it is.
    ///
    /// - Precondition: there is at least one.
    public init(joining problems: [PipelineError]) {
        precondition(!problems.isEmpty, "no problems to join")
        self = problems[0]
        guard problems.count > 1 else { return }
        joined = problems.flatMap(\.parts)
        code = .several
        message = joined.map(\.message).joined(separator: "\n")
    }

    /// The message.
    public var description: String { message }
}
