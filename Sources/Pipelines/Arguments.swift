public import ModelBundles

/// The arguments of an operator, read one by one with their types.
///
/// Each accessor marks its argument as read, and `finish` refuses what no accessor asked for, so an operator that
/// forgets an argument refuses it rather than ignoring it. Every error begins with the config path, such as
/// `preprocessing::transforms::3::pixdim`.
public struct Arguments {
    /// The component that holds the arguments.
    public let component: Component

    /// Whether the configuration names the spelling that works on an image, so there are no `keys`.
    public let isArray: Bool

    /// How the bundle's configuration is understood where releases of MONAI differ.
    public var semantics: MONAISemantics { builder.semantics }

    private let builder: PipelineBuilder
    private var unread: [String: ConfigValue]

    init(_ component: Component, builder: PipelineBuilder, isArray: Bool = false) {
        self.isArray = isArray
        self.component = component
        self.builder = builder
        unread = Dictionary(component.arguments.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// The config id of the operator: what an invertible operator writes into a trace entry.
    public var id: String { component.id }

    /// Takes an argument as it is; nil where it is not given.
    public mutating func take(_ name: String) -> ConfigValue? {
        remove(name, .read)
    }

    private mutating func remove(_ name: String, _ use: ArgumentUse) -> ConfigValue? {
        builder.observe?(component, name, use)
        return unread.removeValue(forKey: name)
    }

    /// Reads past arguments that change nothing that Portico computes.
    public mutating func ignore(_ names: String...) {
        for name in names { _ = remove(name, .ignored) }
    }

    /// Refuses an argument unless its value is one that changes nothing.
    ///
    /// - Parameter only: the harmless values in words, such as `false`.
    public mutating func accept(
        _ name: String, only: String, where harmless: (ConfigValue) -> Bool
    ) throws(PipelineError) {
        guard let value = remove(name, .limited(only)), !harmless(value) else { return }
        throw PipelineError(
            .unsupported, "\(path(name)): Portico's \(component.name) supports only \(only), found \(value.brief)")
    }

    /// Refuses a flag of MONAI's that Portico does not do where it is true.
    public mutating func acceptOnlyFalse(_ names: String...) throws(PipelineError) {
        for name in names {
            try accept(name, only: "false") { value in value.isNull || value.flag == false }
        }
    }

    /// Refuses an argument of MONAI's that Portico does not do where it is anything but null.
    public mutating func acceptOnlyNull(_ names: String...) throws(PipelineError) {
        for name in names {
            try accept(name, only: "null") { value in value.isNull }
        }
    }

    /// Refuses what was not read.
    func finish() throws(PipelineError) {
        guard !unread.isEmpty else { return }
        // In the order of the file, not of the dictionary.
        let names = component.arguments.map(\.name).filter { unread[$0] != nil }
        throw PipelineError(
            joining: names.map {
                PipelineError(.unknownArgument, "\(path($0)): \(component.name) has no argument '\($0)'")
            })
    }

    /// The config path of an argument.
    public func path(_ name: String) -> String { "\(component.id)::\(name)" }

    /// An error about an argument: what was expected, and what was found.
    public func mismatch(_ name: String, expected: String, found value: ConfigValue?) -> PipelineError {
        let found = value.map { "found \($0.kind)" } ?? "it is missing"
        return PipelineError(.invalidArgument, "\(path(name)): expected \(expected), \(found)")
    }

    /// An error about an argument in the operator's own words.
    public func invalid(_ name: String, _ message: String) -> PipelineError {
        PipelineError(.invalidArgument, "\(path(name)): \(message)")
    }

    /// An error about an argument whose value MONAI knows and Portico does not do.
    public func unsupported(_ name: String, _ message: String) -> PipelineError {
        PipelineError(.unsupported, "\(path(name)): \(message)")
    }

    /// The pipeline of an argument that names a `Compose` or an operator, as `Invertd`'s `transform` does.
    ///
    /// A component that the bundle's other pipelines hold too is the same one here.
    public mutating func pipeline(_ name: String) throws(PipelineError) -> Pipeline {
        guard let value = take(name), case .component = value else {
            throw mismatch(name, expected: "a transform such as '@preprocessing'", found: nil)
        }
        return try builder.pipeline(value, at: path(name))
    }
}
