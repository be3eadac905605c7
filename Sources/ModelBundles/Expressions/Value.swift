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

    /// The members of a set. Python gives them no order to rely on, so nothing may ask for one.
    final class Members: Sendable {
        let values: [HashKey: Value]
        init(_ values: [HashKey: Value]) { self.values = values }
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

    /// The key under which a dict or a set keeps the value; nil for what Python cannot hash.
    var hashKey: HashKey? {
        switch self {
        case .none: return HashKey.none
        case .bool(let value): return .int(value ? 1 : 0)
        case .int(let value): return .int(value)
        case .double(let value):
            if let whole = Int(exactly: value) { return .int(whole) }
            return .double(value)
        case .string(let text): return .string(ExactString(text))
        case .tuple(let sequence):
            var keys: [HashKey] = []
            for member in sequence.members {
                guard let key = member.hashKey else { return nil }
                keys.append(key)
            }
            return .tuple(keys)
        case .symbol(let name), .module(let name): return .symbol(name)
        case .device(let name): return .symbol("torch.device:" + name)
        case .component(let component): return .object(ObjectIdentifier(component))
        case .list, .dictionary, .set, .lambda, .range: return nil
        }
    }

    /// How many containers and components lie in each other at most.
    var depth: Int {
        switch self {
        case .list(let sequence), .tuple(let sequence): sequence.depth
        case .dictionary(let dictionary): dictionary.depth
        case .set(let members): 1 + (members.values.values.lazy.map(\.depth).max() ?? 0)
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
        case .set(let members): members.values.count * 2
        default: 0
        }
    }
}
