@testable import ModelBundles

/// The bytes are files of a configuration, merged left to right, with a line `=====` between two of them.
///
/// A file that begins with `{` is JSON. One that begins with `--` is a setting: `--ID VALUE`.
enum ConfigurationChecks {
    /// The most ids that are resolved, so that the time of one run does not hang on their number.
    private static let mostIDs = 300

    static func run(_ bytes: [UInt8]) throws(Finding) {
        let files = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .split(omittingEmptySubsequences: false) { $0.elementsEqual("=====".utf8) }
            .map { Array($0.joined(separator: [UInt8(ascii: "\n")])) }
        for file in files where !isSetting(file) {
            try read(file) { bytes throws(BundleError) in try JSONReader.read(bytes) }
            try read(file) { bytes throws(BundleError) in try YAMLReader.read(bytes) }
        }
        let first = try outcomes(of: files)
        let second = try outcomes(of: files)
        try Finding.unless(first.count == second.count, "the same files have other ids the second time")
        for (one, two) in zip(first, second) {
            try Finding.unless(one == two, "\(one.id) has two outcomes: \(one.outcome) and \(two.outcome)")
        }
    }

    private static func isSetting(_ file: [UInt8]) -> Bool { file.starts(with: "--".utf8) && file.count > 2 }

    // MARK: Reading

    /// What a reader takes has to be within the limits, and JSON has to be able to say it.
    private static func read(_ bytes: [UInt8], _ reader: ([UInt8]) throws(BundleError) -> ConfigNode) throws(Finding) {
        let node: ConfigNode
        do throws(BundleError) { node = try reader(bytes) } catch { return try Outcome.check(error) }
        var count = 0
        try measure(node, depth: 0, &count)
        var text = JSONText()
        text.append(node)
        let again: ConfigNode
        do throws(BundleError) { again = try JSONReader.read(text.bytes) } catch {
            throw Finding(message: "what was read is refused as JSON: \(error)")
        }
        try Finding.unless(node.isSame(as: again), "JSON makes something else of what was read")
        // Any mapping may claim to be metadata.
        _ = MetadataReport(node)
    }

    private static func measure(_ node: ConfigNode, depth: Int, _ count: inout Int) throws(Finding) {
        count += 1
        try Finding.unless(count <= Limits.nodes, "more than \(Limits.nodes) values")
        try Finding.unless(depth <= Limits.depth, "deeper than \(Limits.depth) levels")
        for (key, child) in node.children {
            try Finding.unless(key.utf8.count <= Limits.keyLength, "a key of \(key.utf8.count) bytes")
            try measure(child, depth: depth + 1, &count)
        }
    }

    // MARK: Resolving

    private static func outcomes(of files: [[UInt8]]) throws(Finding) -> [(id: String, outcome: String)] {
        let root = ConfigNode(.mapping(ConfigMapping()))
        let configuration: ConfigResolver
        do throws(BundleError) {
            configuration = try opened(root, files)
        } catch {
            let outcome = Outcome.failure(error)
            try outcome.check()
            return [("", outcome.fingerprint)]
        }
        var outcomes: [(id: String, outcome: String)] = []
        for id in ids(of: root) {
            let outcome = Outcome { () throws(BundleError) in try configuration.value(of: id) }
            try outcome.check()
            if case .value = outcome {
                try Finding.unless(configuration.contains(id), "\(id) has a value and is not there")
            }
            outcomes.append((id, outcome.fingerprint))
        }
        for error in configuration.problems(below: "") { try Outcome.check(error) }
        return outcomes
    }

    /// Does what a bundle does with its files and overlays.
    private static func opened(_ root: ConfigNode, _ files: [[UInt8]]) throws(BundleError) -> ConfigResolver {
        let budget = NodeBudget()
        var settings: [(id: String, text: String)] = []
        var nodes: [(name: String, digest: String, node: ConfigNode)] = []
        for (place, file) in files.enumerated() {
            if isSetting(file) {
                let words = String(decoding: file.dropFirst(2), as: UTF8.self)
                    .split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
                settings.append((String(words[0]), words.count > 1 ? String(words[1]) : ""))
                continue
            }
            let name = "\(place).\(file.first == UInt8(ascii: "{") ? "json" : "yaml")"
            nodes.append((name, "", try BundleFiles.parse(file, named: name, budget: budget)))
        }
        var overlays = try BundleOverlays(settings: settings).read(budget: budget)
        overlays.files = nodes
        try overlays.apply(to: root)
        try ConfigRewriter(root: root, files: nil, budget: budget).rewrite()
        return try ConfigResolver(root: root, files: nil, context: EvaluationContext())
    }

    /// The ids of the whole and of what is in it, as they come.
    private static func ids(of root: ConfigNode) -> [String] {
        var ids = [""]
        var nodes = [root]
        var next = 0
        while next < nodes.count, ids.count < mostIDs {
            for (key, child) in nodes[next].children.prefix(mostIDs - ids.count) {
                ids.append(ReferencePattern.child(key, of: ids[next]))
                nodes.append(child)
            }
            next += 1
        }
        return ids
    }
}
