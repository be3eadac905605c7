import ModelBundles
import Pipelines

/// Takes the images of a dictionary in the sample into the sample itself (MONAI `FlattenSubKeysd`,
/// utility/dictionary.py:728-775).
struct FlattenSubKeys: Operator {
    static let names = OperatorNames(dictionary: "FlattenSubKeys")

    private let id: String
    private let keys: [String]
    private let subKeys: [String]?
    private let deletesKeys: Bool
    private let prefix: String?

    init(arguments: inout Arguments) throws(PipelineError) {
        id = arguments.id
        keys = try arguments.keys()
        if let value = arguments.take("sub_keys"), !value.isNull {
            // A text alone would be a list of its letters in Python.
            let names = value.elements?.compactMap(\.stringValue)
            guard let names, names.count == value.elements?.count else {
                throw arguments.mismatch("sub_keys", expected: "a list of keys or null", found: value)
            }
            subKeys = names
        } else {
            subKeys = nil
        }
        deletesKeys = try arguments.bool("delete_keys", default: true)
        prefix = try arguments.optionalString("prefix")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        for key in keys {
            guard let group = sample.groups[key] else { throw lacking(key) }
            for name in subKeys ?? group.keys.sorted() {
                guard let image = group[name] else { throw lacking(name, in: key) }
                let target = target(of: name)
                guard sample.images[target] == nil, sample.groups[target] == nil else { throw taken(target) }
                sample.images[target] = image
            }
            if deletesKeys { sample.groups[key] = nil }
        }
    }

    func follow(_ sample: inout SampleLayout) {
        for key in keys {
            guard let group = sample.groups[key] else {
                if !sample.isOpen { sample.refuse(lacking(key)) }
                continue
            }
            for name in subKeys ?? group {
                if !group.contains(name) { sample.refuse(lacking(name, in: key)) }
                let target = target(of: name)
                if (sample.contains(target) && !sample.absentKeys.contains(target)) || sample.groups[target] != nil {
                    sample.refuse(taken(target))
                }
                sample.put([ImageLayout()], under: target)
            }
            if deletesKeys { sample.groups[key] = nil }
        }
    }

    private func target(of name: String) -> String {
        prefix.flatMap { $0.isEmpty ? nil : "\($0)_\(name)" } ?? name
    }

    private func lacking(_ key: String) -> PipelineError {
        PipelineError(.missingImage, "\(id)::keys: the sample has no dictionary of images '\(key)'")
    }

    private func lacking(_ name: String, in key: String) -> PipelineError {
        PipelineError(.missingImage, "\(id)::sub_keys: '\(key)' has no image '\(name)'")
    }

    private func taken(_ target: String) -> PipelineError {
        PipelineError(.unfitImage, "\(id)::prefix: the sample has something under '\(target)' already")
    }
}
