/// Resolves ids of a configuration, each once and only when it is asked for.
///
/// MONAI 1.6.1 bundle/reference_resolver.py:107-179. Two things are more lenient than there, and never change a value:
/// what Portico does not support is an error only where its value is needed (not in a branch that is not taken, nor
/// inside a disabled component), and import statements of unknown modules are ignored until used.
final class ConfigResolver {
    let root: ConfigNode
    let files: BundleFiles?
    let context: EvaluationContext
    let names: NameTable
    let allowance = Allowance()
    private let budget = NodeBudget()
    private var resolved: [ExactString: Value] = [:]
    private var exported: [ExactString: ConfigValue] = [:]
    /// The ids that are being resolved, outermost first.
    private var path: [ExactString] = []
    private var recursion = 0

    /// Takes a configuration whose macros are expanded and whose ids are absolute.
    init(root: ConfigNode, files: BundleFiles?, context: EvaluationContext) throws(BundleError) {
        self.root = root
        self.files = files
        self.context = context
        names = NameTable(imports: try ImportStatement.bindings(in: root, allowance))
    }

    /// The value of an id as the outside sees it.
    func value(of id: String) throws(BundleError) -> ConfigValue {
        let id = ConfigNode.stripped(ReferencePattern.normalized(id))
        if let value = exported[ExactString(id)] { return value }
        do {
            let value = try ValueExport.configValue(try resolve(id), id: id, allowance)
            exported[ExactString(id)] = value
            return value
        } catch {
            path = []
            recursion = 0
            throw error
        }
    }

    /// Whether the configuration has the id.
    func contains(_ id: String) -> Bool { (try? item(ConfigNode.stripped(ReferencePattern.normalized(id)))) != nil }

    // MARK: Items

    /// The node that MONAI registers under an id: keys joined by `::`, indices in plain digits.
    func item(_ id: String) throws(BundleError) -> ConfigNode? {
        guard !id.isEmpty else { return root }
        // No node lies deeper, so nothing is lost by not looking.
        guard id.utf8.count <= Limits.idLength else { return nil }
        return try item(Array(id.utf8)[...], in: root)
    }

    private func item(_ id: ArraySlice<UInt8>, in node: ConfigNode) throws(BundleError) -> ConfigNode? {
        try lookUp(1)
        var end = Self.separator(in: id, from: id.startIndex)
        switch node.content {
        case .list(let nodes):
            let first = String(decoding: id[..<end], as: UTF8.self)
            guard let index = Int(first), nodes.indices.contains(index), String(index) == first else { return nil }
            return end == id.endIndex ? nodes[index] : try item(id[(end + 2)...], in: nodes[index])
        case .mapping(let mapping):
            // A key may hold the separator itself, and `a:::b` is `a` above `:b` or `a:` above `b`.
            while true {
                try lookUp(1 + (end - id.startIndex) / 64)
                if let child = mapping[String(decoding: id[..<end], as: UTF8.self)] {
                    if end == id.endIndex { return child }
                    if let found = try item(id[(end + 2)...], in: child) { return found }
                }
                if end == id.endIndex { return nil }
                end = Self.separator(in: id, from: end + 1)
            }
        default: return nil
        }
    }

    private func lookUp(_ steps: Int) throws(BundleError) {
        guard allowance.takeSteps(steps) else { throw BundleError(.limit, "ids take too many steps to be found") }
    }

    /// Where the next separator of an id begins, or the id's end.
    private static func separator(in id: ArraySlice<UInt8>, from start: Int) -> Int {
        let colon = UInt8(ascii: ":")
        var index = start
        while index + 1 < id.endIndex, id[index] != colon || id[index + 1] != colon { index += 1 }
        return index + 1 < id.endIndex ? index : id.endIndex
    }

    private func resolve(_ id: String) throws(BundleError) -> Value {
        if let value = resolved[ExactString(id)] { return value }
        guard let node = try item(id) else {
            throw BundleError(.unknownID, "the configuration has no such id", id: id)
        }
        return try resolve(node, id: id)
    }

    private func resolve(_ node: ConfigNode, id: String) throws(BundleError) -> Value {
        let key = ExactString(id)
        if let value = resolved[key] { return value }
        if let start = path.firstIndex(of: key) {
            let cycle = (path[start...] + [key]).map { $0.text.isEmpty ? "the whole configuration" : $0.text }
            throw BundleError(.circular, "the references go round: \(cycle.joined(separator: " → "))", id: id)
        }
        guard path.count < Limits.references else {
            throw BundleError(.limit, "a chain of more than \(Limits.references) references", id: id)
        }
        path.append(key)
        defer { if path.last == key { path.removeLast() } }
        let value: Value
        if node.isExpression, let text = node.text {
            value = try evaluate(text, id: id)
        } else if let mapping = node.mapping, node.isComponent {
            value = try component(mapping, id: id)
        } else {
            value = try plain(node, id: id)
        }
        // Ids that are nearly as long as they may be, each of them kept, would take hundreds of megabytes.
        guard allowance.takeValues(id.utf8.count / 64) else {
            throw BundleError(.limit, "ids of too many bytes together", id: id)
        }
        resolved[key] = value
        return value
    }

    // MARK: Plain values

    /// The value of a node inside an item: nested components and expressions are items of their own.
    private func member(_ node: ConfigNode, id: String) throws(BundleError) -> Value {
        node.isComponent || node.isExpression ? try resolve(node, id: id) : try plain(node, id: id)
    }

    private func plain(_ node: ConfigNode, id: String) throws(BundleError) -> Value {
        recursion += 1
        defer { recursion -= 1 }
        guard recursion <= Limits.recursion else {
            throw BundleError(.limit, "references that lead through too many levels", id: id)
        }
        switch node.content {
        case .null: return .none
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .double(let value): return .double(value)
        case .string(let text):
            guard !node.isVerbatim else { return .string(text) }
            guard allowance.takeSteps(text.utf8.count / 64) else {
                throw BundleError(.limit, "texts of too many bytes together", id: id)
            }
            // What a macro copied was not rewritten where it came from.
            let text = ReferencePattern.normalized(text)
            guard let reference = ReferencePattern.reference(text) else { return .string(text) }
            return try referred(reference, from: id)
        case .list(let nodes):
            var members: [Value] = []
            for (index, child) in nodes.enumerated() {
                let value = try member(child, id: ReferencePattern.child(String(index), of: id))
                if !Self.isRemoved(child, value) { members.append(value) }
            }
            return try charged(.list(Value.Sequence(members)), id: id)
        case .mapping(let mapping):
            var entries: [(HashKey, Value, Value)] = []
            for (key, child) in mapping.entries {
                let value = try member(child, id: ReferencePattern.child(key, of: id))
                if !Self.isRemoved(child, value) { entries.append((.string(ExactString(key)), .string(key), value)) }
            }
            return try charged(.dictionary(Value.Dictionary(entries)), id: id)
        }
    }

    private func charged(_ value: Value, id: String) throws(BundleError) -> Value {
        guard allowance.takeValues(value.footprint), allowance.takeSteps(value.footprint) else {
            throw BundleError(.limit, "the configuration makes more than \(Limits.allocation) values", id: id)
        }
        guard value.depth <= Limits.valueDepth else {
            throw BundleError(.limit, "a value that nests deeper than \(Limits.valueDepth) levels", id: id)
        }
        return value
    }

    /// A disabled component leaves no trace in the list or mapping that it stands in; a reference to one is `None`.
    private static func isRemoved(_ node: ConfigNode, _ value: Value) -> Bool {
        guard node.isComponent, case .none = value else { return false }
        return true
    }

    private func referred(_ reference: String, from id: String) throws(BundleError) -> Value {
        guard let node = try item(reference) else {
            let name = BundleError.quoted("@" + reference)
            throw BundleError(.unknownID, "it refers to \(name), which the configuration does not define", id: id)
        }
        return try resolve(node, id: reference)
    }

    // MARK: Expressions

    private func evaluate(_ text: String, id: String) throws(BundleError) -> Value {
        guard text.utf8.count <= Limits.expressionLength else {
            throw BundleError(.limit, "an expression longer than \(Limits.expressionLength) bytes", id: id)
        }
        guard allowance.takeSteps(text.utf8.count * Limits.stepsPerByte) else {
            throw BundleError(.limit, "expressions of too many bytes or steps together", id: id)
        }
        let scalars = Array(ReferencePattern.normalized(text).unicodeScalars.dropFirst())
        do throws(ExpressionError) {
            if let statement = try ImportStatement(scalars) {
                return NameTable.lookup(statement.path) ?? .module(statement.path)
            }
            let (expression, references) = try ExpressionParser.parse(scalars)
            let evaluator = Evaluator(
                references: try values(of: references, from: id), names: names, context: context, allowance: allowance,
                readJSON: { [self] path throws(BundleError) in try json(at: path, for: id) })
            return try evaluator.evaluate(expression)
        } catch {
            throw error.located(id: id, source: scalars)
        }
    }

    /// The values of the references in an expression, all of them before it is evaluated, as MONAI does it.
    private func values(
        of references: [String], from id: String
    ) throws(ExpressionError) -> [ExactString: Result<Value, BundleError>] {
        var values: [ExactString: Result<Value, BundleError>] = [:]
        for reference in references {
            let depth = path.count
            do {
                values[ExactString(reference)] = .success(try referred(reference, from: id))
            } catch {
                // What MONAI would have a value for may still turn out not to be needed.
                guard error.code == .unsupported else {
                    throw ExpressionError(kind: .invalid, message: error.message, position: 0, underlying: error)
                }
                path.removeLast(path.count - depth)
                values[ExactString(reference)] = .failure(error)
            }
        }
        return values
    }

    private func json(at path: String, for id: String) throws(BundleError) -> Value {
        guard let files else {
            throw BundleError(.unsupported, "it reads a file, and only a bundle's folder has files", id: id)
        }
        do throws(BundleError) {
            let bytes = try files.declaredFile(path)
            guard allowance.takeValues(bytes.count / 16) else {
                throw BundleError(.limit, "expressions read more than \(Limits.fileSize >> 20) MB of files")
            }
            return try Self.literal(try JSONReader.read(bytes, budget: budget))
        } catch {
            throw error.at(id: id)
        }
    }

    /// The value of data: nothing in it is a reference or an expression.
    private static func literal(_ node: ConfigNode) throws(BundleError) -> Value {
        switch node.content {
        case .null: return .none
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .double(let value): return .double(value)
        case .string(let text): return .string(text)
        case .list(let nodes):
            var members: [Value] = []
            for node in nodes { members.append(try literal(node)) }
            return .list(Value.Sequence(members))
        case .mapping(let mapping):
            var entries: [(HashKey, Value, Value)] = []
            for (key, node) in mapping.entries {
                entries.append((.string(ExactString(key)), .string(key), try literal(node)))
            }
            return .dictionary(Value.Dictionary(entries))
        }
    }

    // MARK: Components

    private func component(_ mapping: ConfigMapping, id: String) throws(BundleError) -> Value {
        var fields: [(name: String, value: Value)] = []
        var unsupported: BundleError?
        for (key, child) in mapping.entries {
            let depth = path.count
            do {
                let value = try member(child, id: ReferencePattern.child(key, of: id))
                if !Self.isRemoved(child, value) { fields.append((key, value)) }
            } catch {
                // Whatever a disabled component holds, nothing will come of it.
                guard error.code == .unsupported, key != "_disabled_" else { throw error }
                path.removeLast(path.count - depth)
                unsupported = unsupported ?? error
            }
        }
        if try isDisabled(fields.first { $0.name == "_disabled_" }?.value, id: id) { return .none }
        if let unsupported { throw unsupported }
        let builder = ComponentBuilder(id: id, fields: fields, names: names, context: context, allowance: allowance)
        return try builder.build()
    }

    /// A string disables when it says `true`; any other value when it counts as true.
    private func isDisabled(_ value: Value?, id: String) throws(BundleError) -> Bool {
        switch value {
        case nil: return false
        case .string(let text):
            return text.lowercased().split(whereSeparator: \.isWhitespace) == ["true"]
        case let value?:
            let evaluator = Evaluator(
                references: [:], names: names, context: context, allowance: allowance,
                readJSON: { _ throws(BundleError) in .none })
            do { return try evaluator.truth(of: value, at: 0) } catch {
                throw BundleError(.unsupported, "_disabled_: \(error.message)", id: id)
            }
        }
    }
}
