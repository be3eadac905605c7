@testable import ModelBundles

extension ConfigValue {
    /// Puts into a hash what tells the value from another one; any NaN is the same as any other.
    ///
    /// Two values of a run need not be kept to be compared, so that their memory does not count twice.
    func feed(_ hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .double(let value):
            hasher.combine(1)
            hasher.combine(value.isNaN ? Double.nan.bitPattern : value.bitPattern)
        case .string(let text): Self.feed(2, text, &hasher)
        case .symbol(let name): Self.feed(3, name, &hasher)
        case .device(let name): Self.feed(4, name, &hasher)
        case .lambda(let source): Self.feed(5, source.text, &hasher)
        case .list(let members): Self.feed(6, members, &hasher)
        case .tuple(let members): Self.feed(7, members, &hasher)
        case .mapping(let members):
            hasher.combine(members.count)
            for (key, value) in members {
                Self.feed(8, key, &hasher)
                value.feed(&hasher)
            }
        case .component(let component):
            // What is below one is compared where its own id is resolved, or the pairs would unfold without end.
            Self.feed(9, component.id, &hasher)
            Self.feed(9, component.target, &hasher)
            hasher.combine(component.mode)
            hasher.combine(component.depth)
            for (name, _) in component.arguments { Self.feed(9, name, &hasher) }
        }
    }

    private static func feed(_ kind: Int, _ text: String, _ hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(ExactString(text))
    }

    private static func feed(_ kind: Int, _ members: [ConfigValue], _ hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(members.count)
        for member in members { member.feed(&hasher) }
    }
}
