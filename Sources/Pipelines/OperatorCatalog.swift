/// The closed list of operators that a bundle's configuration can name.
public struct OperatorCatalog: Sendable {
    /// The operators, in the order in which they were given.
    public let operators: [any Operator.Type]

    private let types: [String: any Operator.Type]
    private let standIns: [ScriptStandIn]

    /// Makes a catalogue.
    ///
    /// - Parameters:
    ///   - operators: what answers to MONAI's names.
    ///   - standIns: what stands for scripts of single bundles.
    /// - Precondition: no two operators answer to one name.
    public init(_ operators: [any Operator.Type], standIns: [ScriptStandIn] = []) {
        var types: [String: any Operator.Type] = [:]
        for type in operators {
            for name in type.names.all {
                precondition(types[name] == nil, "two operators answer to \(name)")
                types[name] = type
            }
        }
        self.operators = operators
        self.types = types
        self.standIns = standIns
    }

    /// The names that a configuration can use, in alphabetical order.
    public var names: [String] { types.keys.sorted() }

    /// The operator of a `_target_`: a bare name, or a dotted one that begins with `monai.`.
    ///
    /// A bundle's own `scripts.transforms.Spacingd` is not MONAI's `Spacingd`, so other paths find nothing.
    public subscript(target: String) -> (any Operator.Type)? {
        let parts = target.split(separator: ".", omittingEmptySubsequences: false)
        guard let name = parts.last, parts.count == 1 || parts[0] == "monai" else { return nil }
        return types[String(name)]
    }

    /// What could stand for a `scripts.…` target, one entry for each bundle and version of its script that is known.
    public func standIns(for target: String) -> [ScriptStandIn] {
        standIns.filter { $0.target == target }
    }
}
