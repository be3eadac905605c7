import ModelBundles
import Pipelines

/// Takes images out of the sample (MONAI `DeleteItemsd`, utility/dictionary.py:678-713).
struct DeleteItems: Operator {
    static let names = OperatorNames(dictionary: "DeleteItems")

    /// What to take out.
    private struct Item: Sendable {
        /// The dictionary that it lies in; nil for the sample itself.
        var group: String?
        /// The key, or a pattern that is found in keys.
        var key: String
        var isPattern: Bool

        func matches(_ name: String) -> Bool {
            guard isPattern else { return name == key }
            guard let pattern = try? Regex(key) else { return false }
            return name.contains(pattern)
        }
    }

    private let id: String
    private let items: [Item]

    init(arguments: inout Arguments) throws(PipelineError) {
        id = arguments.id
        let keys = try arguments.keys()
        let separator = try arguments.string("sep", default: ".")
        let patterns = try arguments.bools("use_re", count: keys.count, default: false)
        guard !separator.isEmpty else { throw arguments.invalid("sep", "an empty text separates nothing") }
        var items: [Item] = []
        for (key, isPattern) in zip(keys, patterns) {
            var parts = key.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
            let last = parts.removeLast()
            guard parts.count <= 1 else {
                throw arguments.unsupported(
                    "keys", "Portico has dictionaries in the sample, but none in those: '\(key)'")
            }
            if isPattern, (try? Regex(last)) == nil {
                throw arguments.invalid("keys", "'\(last)' is no regular expression that Portico understands")
            }
            items.append(Item(group: parts.first, key: last, isPattern: isPattern))
        }
        self.items = items
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        for item in items {
            if let group = item.group {
                guard let images = sample.groups[group] else { throw lacking(group) }
                sample.groups[group] = images.filter { !item.matches($0.key) }
            } else {
                sample.images = sample.images.filter { !item.matches($0.key) }
                sample.groups = sample.groups.filter { !item.matches($0.key) }
            }
        }
    }

    func follow(_ sample: inout SampleLayout) {
        for item in items {
            guard let group = item.group else {
                sample.remove(where: item.matches)
                continue
            }
            if let names = sample.groups[group] {
                sample.groups[group] = names.filter { !item.matches($0) }
            } else if !sample.isOpen {
                sample.refuse(lacking(group))
            }
        }
    }

    private func lacking(_ group: String) -> PipelineError {
        PipelineError(.missingImage, "\(id)::keys: the sample has no dictionary '\(group)'")
    }
}
