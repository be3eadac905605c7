/// Makes the value of a mapping with `_target_`: a component, or the result where the target is one of Python's own.
///
/// MONAI 1.6.1 bundle/config_item.py:236-296 and utils/module.py:207-261.
struct ComponentBuilder {
    let id: String
    /// The resolved fields in the order of the file, disabled ones gone.
    let fields: [(name: String, value: Value)]
    let names: NameTable
    let context: EvaluationContext
    let allowance: Allowance

    private static let reserved: Set<String> = ["_target_", "_disabled_", "_requires_", "_desc_", "_mode_"]

    private var arguments: [(name: String, value: Value)] { fields.filter { !Self.reserved.contains($0.name) } }

    /// Makes the value.
    func build() throws(BundleError) -> Value {
        let target = try target()
        let mode = try mode()
        if let value = target.value {
            guard case .symbol(let name) = value, let function = TableFunction(rawValue: name) else { return value }
            guard mode == .standard else {
                return arguments.isEmpty ? value : .component(try component(target: name, mode: mode))
            }
            return try call(function)
        }
        if mode == .callable, arguments.isEmpty {
            return .symbol(ComponentTable.fullName(of: target.name) ?? target.name)
        }
        return .component(try component(target: target.name, mode: mode))
    }

    private func component(target: String, mode: Component.Mode) throws(BundleError) -> Component {
        var exported: [(name: String, value: ConfigValue)] = []
        for (name, value) in arguments {
            let place = ReferencePattern.child(name, of: id)
            exported.append((name, try ValueExport.configValue(value, id: place, allowance)))
        }
        let component = Component(id: id, target: target, arguments: exported, mode: mode)
        guard component.depth <= Limits.valueDepth else {
            throw BundleError(.limit, "components that nest deeper than \(Limits.valueDepth) levels", id: id)
        }
        return component
    }

    /// The name of the target, with its value where it is one of the table of names.
    private func target() throws(BundleError) -> (name: String, value: Value?) {
        switch fields.first(where: { $0.name == "_target_" })?.value {
        case .string(let name)?: return try located(name)
        case .symbol(let name)?:
            let isFunction = TableFunction(rawValue: name) != nil
            guard isFunction || name.hasPrefix("monai.") else {
                throw BundleError(.unsupported, "the target \(name) is outside of what Portico calls", id: id)
            }
            return (name, isFunction ? .symbol(name) : nil)
        case .lambda?:
            throw BundleError(
                .unsupported, "a target that is a lambda; name a class or function, or set the id in an overlay", id: id
            )
        case let value?:
            throw BundleError(
                .unsupported,
                "a target that is a \(value.typeName); name a class or function, or set the id in an "
                    + "overlay", id: id)
        // MONAI makes nothing of a component whose target is a disabled component.
        case nil: return ("", Value.none)
        }
    }

    private func located(_ name: String) throws(BundleError) -> (name: String, value: Value?) {
        if ComponentTable.fullName(of: name) != nil { return (name, nil) }
        if let constant = NameTable.constant(name) { return (name, constant) }
        if let value = NameTable.lookup(name.contains(".") ? name : "builtins." + name), !name.hasPrefix("monai.") {
            if case .symbol(let path) = value, TableFunction(rawValue: path) == nil, !path.hasPrefix("torch.") {
                return (name, nil)
            }
            return (name, value)
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let isKnown = !name.hasPrefix("monai.") || Self.isInMONAI(parts)
        // Python would look for a module of the first part; neither a class of MONAI nor `np` is one.
        let isModule = parts[0] != "np" && ComponentTable.fullName(of: String(parts[0])) == nil
        let isPlain = parts.allSatisfy { Self.isIdentifier($0) && !$0.hasPrefix("__") }
        guard parts.count > 1, isPlain, isKnown, isModule else {
            let near = ComponentTable.suggestion(for: name).map { "; MONAI has \($0)" } ?? ""
            throw BundleError(
                .evaluation,
                "the target \(BundleError.quoted(name)) is no class or function of MONAI 1.6.1\(near)", id: id)
        }
        return (name, nil)
    }

    /// Whether a dotted name, or the start of it that names a class, is in MONAI's table.
    private static func isInMONAI(_ parts: [Substring]) -> Bool {
        // No name of MONAI has more parts; a longer one would only take its time.
        (2...max(2, min(parts.count, 16))).contains {
            ComponentTable.located(parts.prefix($0).joined(separator: ".")) != nil
        }
    }

    private static func isIdentifier(_ part: Substring) -> Bool {
        guard let first = part.unicodeScalars.first, first == "_" || first.properties.isXIDStart else { return false }
        return part.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
    }

    private func mode() throws(BundleError) -> Component.Mode {
        guard let field = fields.first(where: { $0.name == "_mode_" }) else { return .standard }
        guard case .string(let text) = field.value else {
            throw BundleError(.evaluation, "_mode_ is default or callable", id: id)
        }
        let name = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if let mode = Component.Mode(rawValue: name) { return mode }
        guard name == "debug" else {
            throw BundleError(.evaluation, "_mode_ is default or callable, not \(BundleError.quoted(text))", id: id)
        }
        throw BundleError(.unsupported, "_mode_ debug, which stops in Python's debugger; remove it", id: id)
    }

    private func call(_ function: TableFunction) throws(BundleError) -> Value {
        let evaluator = Evaluator(
            references: [:], names: names, context: context, allowance: allowance,
            readJSON: { _ throws(BundleError) in .none })
        do {
            return try evaluator.call(function, Evaluator.Arguments(keywords: arguments, position: 0))
        } catch {
            let code: BundleError.Code =
                switch error.kind {
                case .invalid: .evaluation
                case .unsupported: .unsupported
                case .limit: .limit
                }
            throw BundleError(code, "the target \(function.rawValue) fails: \(error.message)", id: id)
        }
    }
}

/// Turns values of the evaluator into those that the rest of Portico sees.
enum ValueExport {
    /// The value, or an error where it has no form outside of Python.
    ///
    /// Every value counts: what is shared inside Python unfolds here.
    static func configValue(_ value: Value, id: String, _ allowance: Allowance) throws(BundleError) -> ConfigValue {
        guard allowance.takeExports() else {
            throw BundleError(.limit, "the value unfolds to more than \(Limits.allocation) values", id: id)
        }
        switch value {
        case .none: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .double(let value): return .double(value)
        case .string(let text): return .string(text)
        case .list(let sequence): return .list(try members(of: sequence, id: id, allowance))
        case .tuple(let sequence): return .tuple(try members(of: sequence, id: id, allowance))
        case .dictionary(let dictionary): return .mapping(try entries(of: dictionary, id: id, allowance))
        case .module(let name), .symbol(let name): return .symbol(name)
        case .device(let name): return .device(name)
        case .component(let component): return .component(component)
        case .lambda(let source): return .lambda(source)
        case .set: throw BundleError(.unsupported, "the value is a set; sorted(…) makes a list of it", id: id)
        case .range: throw BundleError(.unsupported, "the value is a range; list(…) makes a list of it", id: id)
        }
    }

    private static func members(
        of sequence: Value.Sequence, id: String, _ allowance: Allowance
    ) throws(BundleError) -> [ConfigValue] {
        var values: [ConfigValue] = []
        for member in sequence.members { values.append(try configValue(member, id: id, allowance)) }
        return values
    }

    private static func entries(
        of dictionary: Value.Dictionary, id: String, _ allowance: Allowance
    ) throws(BundleError) -> [(key: String, value: ConfigValue)] {
        var entries: [(key: String, value: ConfigValue)] = []
        for (key, value) in dictionary.entries {
            let name: String
            switch key {
            case .string(let text): name = text
            case .int(let number): name = String(number)
            default:
                throw BundleError(
                    .unsupported,
                    "a mapping with a key of type \(key.typeName), which JSON does not have; an overlay can give it keys "
                        + "that are strings", id: id)
            }
            entries.append((name, try configValue(value, id: id, allowance)))
        }
        return entries
    }
}
