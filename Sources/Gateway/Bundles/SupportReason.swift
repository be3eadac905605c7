import Inference
import ModelBundles
import Pipelines

/// One thing that keeps a bundle from running here.
struct SupportReason: Encodable, Equatable {
    /// What kind of thing it is.
    enum Kind: String, Encodable, CaseIterable {
        /// The configuration has no value for an id that is needed.
        case missing
        /// An expression, a reference or a component that Portico does not resolve.
        case language
        /// A transform that is not in the catalogue of operators.
        case `operator`
        /// An argument that an operator or inferer does not have, or a value that Portico does not do.
        case argument
        /// An inferer that Portico does not have.
        case inferer
        /// The network's inputs and outputs, as the metadata describe them.
        case network
        /// What the bundle takes is more than Portico has to give.
        case source
        /// Nothing could be said of the result's segments, or of who made it.
        case result
        /// A file that could not be read.
        case file
    }

    /// The id in the configuration, or the path of the field in the metadata.
    var id: String
    var kind: Kind
    /// What is wrong and what would help.
    var message: String
    /// Whether trying again may help, because it lies in the file system rather than in the bundle.
    var mayPass = false

    private enum CodingKeys: String, CodingKey {
        case id, kind, message
    }

    /// The place and what is wrong there.
    var description: String { "\(id): \(message)" }
}

extension SupportReason {
    /// What an error of the bundle itself says of the value at a place.
    init(_ error: BundleError, at place: String) {
        let isFile = error.code == .notFound
        self.init(
            id: error.id ?? place, kind: isFile ? .file : error.code == .metadata ? .network : .language,
            message: error.file.map { "\($0): \(error.message)" } ?? error.message, mayPass: isFile)
    }

    /// What an error of a pipeline says.
    static func all(_ error: PipelineError, at place: String) -> [SupportReason] {
        error.parts.map { part in
            let id = part.id ?? place
            let isOfMetadata = id.hasPrefix("network_data_format")
            let kind: Kind = part.code == .unknownOperator ? .operator : isOfMetadata ? .network : .argument
            return SupportReason(id: id, kind: kind, message: part.text)
        }
    }
}
