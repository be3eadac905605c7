public import FoundationEssentials
internal import Crypto

/// What a site lays over an unmodified bundle: configuration files, then single ids.
///
/// Files are merged like further configuration files of MONAI: a key replaces the whole value, `+key` extends it and
/// `a::b` reaches inside. Settings assign (`--a::b 3` of `monai.bundle run`).
public struct BundleOverlays: Sendable {
    /// Files, merged left to right.
    public var files: [URL]

    /// Ids with the text of their values, applied after the files in order.
    ///
    /// The text is read as JSON, else as a Python literal, else it is a string: `3`, `[1, 2]`, `false`, `False`,
    /// `{'a': 1}`, `@device`, `$1 + 1`, `word`. A string that looks like a number is written with quotes: `"3"`.
    public var settings: [(id: String, text: String)]

    /// Makes overlays; without arguments there are none.
    public init(files: [URL] = [], settings: [(id: String, text: String)] = []) {
        self.files = files
        self.settings = settings
    }

    /// The overlays with their files read and the texts of their settings understood.
    struct Contents {
        var files: [(name: String, digest: String, node: ConfigNode)] = []
        /// The values, and their JSON: the same value has the same text however it was spelt.
        var settings: [(id: String, node: ConfigNode, canonicalText: String)] = []

        /// Lays them over merged configuration files.
        func apply(to root: ConfigNode) throws(BundleError) {
            for file in files { try root.merge(file: file.node, named: file.name) }
            for setting in settings {
                do { try root.set(setting.id, to: setting.node) } catch { throw error.at(id: setting.id) }
            }
        }
    }

    func read(budget: NodeBudget) throws(BundleError) -> Contents {
        var contents = Contents()
        for (id, text) in settings {
            let node = try Self.value(of: text, id: id, budget: budget)
            contents.settings.append((id, node, ResolvedForm.text(of: node.value)))
        }
        for file in files {
            let name = file.lastPathComponent
            let bytes = try BundleFiles.read(file.path, named: name)
            let node = try BundleFiles.parse(bytes, named: name, budget: budget)
            contents.files.append((name, BundleFiles.hex(SHA256.hash(data: bytes)), node))
        }
        return contents
    }

    private static func value(of text: String, id: String, budget: NodeBudget) throws(BundleError) -> ConfigNode {
        if let node = try? JSONReader.read(Array(text.utf8), budget: budget) { return node }
        let scalars = Array(text.unicodeScalars)
        if let (expression, references) = try? ExpressionParser.parse(scalars), references.isEmpty {
            if let node = literal(expression) { return node }
            // What JSON has no form of, a tuple or a key that is a number, is kept as an expression.
            if isLiteral(expression) { return ConfigNode(.string("$" + ConfigNode.stripped(text))) }
        }
        if let first = text.unicodeScalars.first(where: { !$0.properties.isWhitespace }),
            "[{(".unicodeScalars.contains(first)
        {
            throw BundleError(.malformed, "\(BundleError.quoted(text)) is neither JSON nor a Python literal", id: id)
        }
        return ConfigNode(.string(text))
    }

    /// Whether an expression is made of literals alone, as Python's `ast.literal_eval` takes it.
    private static func isLiteral(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .constant: true
        case .unary("-", let operand), .unary("+", let operand):
            switch operand.kind {
            case .constant(.int), .constant(.double): true
            default: false
            }
        case .list(let members), .tuple(let members), .set(let members): members.allSatisfy(isLiteral)
        case .dictionary(let pairs): pairs.allSatisfy { key, value in key.map(isLiteral) == true && isLiteral(value) }
        default: false
        }
    }

    /// The node of an expression that is made of literals alone and that JSON has a form of.
    private static func literal(_ expression: Expression) -> ConfigNode? {
        switch expression.kind {
        case .constant(.none): return ConfigNode(.null)
        case .constant(.bool(let value)): return ConfigNode(.bool(value))
        case .constant(.int(let value)): return ConfigNode(.int(value))
        case .constant(.double(let value)): return ConfigNode(.double(value))
        case .constant(.string(let value)): return ConfigNode(.string(value))
        case .unary("-", let operand):
            switch operand.kind {
            case .constant(.int(let value)) where value != .min: return ConfigNode(.int(-value))
            case .constant(.double(let value)): return ConfigNode(.double(-value))
            default: return nil
            }
        case .list(let members):
            let nodes = members.compactMap(literal)
            return nodes.count == members.count ? ConfigNode(.list(nodes)) : nil
        case .dictionary(let pairs):
            var mapping = ConfigMapping()
            for (key, value) in pairs {
                guard case .constant(.string(let name))? = key?.kind, let node = literal(value) else { return nil }
                mapping.set(name, node)
            }
            return ConfigNode(.mapping(mapping))
        default: return nil
        }
    }
}
