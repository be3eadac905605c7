/// A Python value during evaluation.
///
/// Lists, mappings and sets are objects because `is` tells them apart; nothing in the grammar changes one.
indirect enum Value: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list(Sequence)
    case tuple(Sequence)
    case dictionary(Dictionary)
    case set(Members)
    case range(start: Int, stop: Int, step: Int)
    /// A module by its name.
    case module(String)
    /// A Python object of the table by its canonical name: a type, a dtype, a function.
    case symbol(String)
    case device(String)
    case component(Component)
    case lambda(LambdaSource)

    /// The members of a list or tuple.
    final class Sequence: Sendable {
        let members: [Value]
        /// How many containers lie in each other at most.
        let depth: Int

        init(_ members: [Value]) {
            self.members = members
            depth = 1 + (members.lazy.map(\.depth).max() ?? 0)
        }
    }

    /// The entries of a dict in the order of insertion.
    final class Dictionary: Sendable {
        let entries: [(key: Value, value: Value)]
        private let places: [HashKey: Int]
        /// How many containers lie in each other at most.
        let depth: Int

        /// Makes a dict; a key that comes again keeps its place and its first form, as in Python.
        init(_ pairs: [(HashKey, Value, Value)]) {
            var entries: [(key: Value, value: Value)] = []
            var places: [HashKey: Int] = [:]
            for (hash, key, value) in pairs {
                if let place = places[hash] {
                    entries[place].value = value
                } else {
                    places[hash] = entries.count
                    entries.append((key, value))
                }
            }
            self.entries = entries
            self.places = places
            depth = 1 + (entries.lazy.map { max($0.key.depth, $0.value.depth) }.max() ?? 0)
        }

        subscript(_ key: HashKey) -> Value? { places[key].map { entries[$0].value } }
    }

    /// The members of a set. Python gives them no order to rely on, so no value may show one; errors and limits come
    /// in the order of insertion, so that they are the same each time.
    final class Members: Sendable {
        let entries: [(key: HashKey, value: Value)]
        private let keys: Set<HashKey>
        /// How many containers lie in each other at most.
        let depth: Int
        /// What it takes to hash all members once, for the allowance.
        let extent: Int

        /// Makes a set; of equal members the first one stays, as in Python.
        init(_ pairs: some Swift.Sequence<(key: HashKey, value: Value)>) {
            var entries: [(key: HashKey, value: Value)] = []
            var keys: Set<HashKey> = []
            for pair in pairs where keys.insert(pair.key).inserted { entries.append(pair) }
            self.entries = entries
            self.keys = keys
            depth = 1 + (entries.lazy.map(\.value.depth).max() ?? 0)
            extent = entries.reduce(0) { $0 + $1.key.extent }
        }

        var values: [Value] { entries.map(\.value) }
        func contains(_ key: HashKey) -> Bool { keys.contains(key) }
        func isSubset(of other: Members) -> Bool { keys.isSubset(of: other.keys) }
    }
}

/// What makes two keys of a dict the same: `1`, `1.0` and `True` are.
enum HashKey: Hashable, Sendable {
    case none
    case int(Int)
    case double(Double)
    case string(ExactString)
    case tuple([HashKey])
    case symbol(String)
    case object(ObjectIdentifier)

    /// What it takes to hash or compare it, for the allowance.
    var extent: Int {
        switch self {
        case .string(let text): 1 + text.text.utf8.count / 16
        case .tuple(let keys): keys.reduce(1) { $0 + $1.extent }
        default: 1
        }
    }
}

extension Value {
    /// The kind as Python names the type.
    var typeName: String {
        switch self {
        case .none: "None"
        case .bool: "bool"
        case .int: "int"
        case .double: "float"
        case .string: "str"
        case .list: "list"
        case .tuple: "tuple"
        case .dictionary: "dict"
        case .set: "set"
        case .range: "range"
        case .module(let name): "module \(name)"
        case .symbol(let name): name
        case .device: "torch.device"
        case .component(let component): component.name
        case .lambda: "function"
        }
    }

    /// How many containers and components lie in each other at most.
    var depth: Int {
        switch self {
        case .list(let sequence), .tuple(let sequence): sequence.depth
        case .dictionary(let dictionary): dictionary.depth
        case .set(let members): members.depth
        case .component(let component): component.depth
        default: 0
        }
    }

    /// How many members the value has itself, for the allowance.
    var footprint: Int {
        switch self {
        case .string(let text): text.utf8.count / 16
        case .list(let sequence), .tuple(let sequence): sequence.members.count
        case .dictionary(let dictionary): dictionary.entries.count * 2
        case .set(let members): members.entries.count * 2
        default: 0
        }
    }

    /// How much there is to go through in it once, for the allowance.
    var extent: Int {
        if case .set(let members) = self { return members.extent }
        return footprint
    }
}
