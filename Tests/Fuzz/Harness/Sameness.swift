@testable import ModelBundles

extension ConfigNode {
    func isSame(as other: ConfigNode) -> Bool {
        switch (content, other.content) {
        case (.null, .null): true
        case (.bool(let one), .bool(let two)): one == two
        case (.int(let one), .int(let two)): one == two
        case (.double(let one), .double(let two)): one.isSame(as: two)
        case (.string(let one), .string(let two)): ExactString(one) == ExactString(two)
        case (.list(let one), .list(let two)): one.elementsEqual(two) { $0.isSame(as: $1) }
        case (.mapping(let one), .mapping(let two)):
            one.entries.elementsEqual(two.entries) {
                ExactString($0.key) == ExactString($1.key) && $0.node.isSame(as: $1.node)
            }
        default: false
        }
    }
}

extension Double {
    fileprivate func isSame(as other: Double) -> Bool { isNaN ? other.isNaN : bitPattern == other.bitPattern }
}
