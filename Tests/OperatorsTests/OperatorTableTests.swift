import Foundation
import ModelBundles
import Operators
import Pipelines
import TestSupport
import Testing

/// The table of `operators/README.md`, which the operators, MONAI's cases and the page of measurements write together.
@Suite("The table of operators", .serialized)
struct OperatorTableTests {
    @Test("it says what the operators take, how they agree with MONAI and how fast they are")
    func table() throws {
        let book = try CaseBook()
        let uses = try Self.uses(book)
        let parities = try Self.parities(book)
        let speeds = try Self.speeds()
        let files = try Self.files()
        var lines = [
            "| operator | file | arguments | inverse | MONAI's cases | speed |", "|---|---|---|---|---|---|",
        ]
        for type in Catalog.operators.operators.sorted(by: { Self.title($0) < Self.title($1) }) {
            let name = String(describing: type)
            let file = try #require(files[name], "no file of its own: \(name)")
            let arguments = try #require(uses[name], "no case reads the arguments of \(name)")
            lines.append(
                "| \(Self.title(type)) | [\(file)](\(file)) | \(arguments) "
                    + "| \(type is any InvertibleOperator.Type ? "yes" : "–") "
                    + "| \(parities[name] ?? "–") | \(speeds[Self.base(type)] ?? "–") |")
        }
        let problem = try GeneratedSection("operators", in: "operators/README.md")
            .problem(with: lines.joined(separator: "\n"))
        #expect(problem == nil)
    }

    /// The names that a person looks for: MONAI's classes, without the three spellings for dictionaries.
    private static func title(_ type: any Operator.Type) -> String {
        let names = type.names
        guard names.array.isEmpty else { return names.array.map { $0 + "(d)" }.joined(separator: ", ") }
        return names.dictionary.first ?? String(describing: type)
    }

    /// The first of them.
    private static func base(_ type: any Operator.Type) -> String {
        type.names.array.first ?? type.names.dictionary.first.map { String($0.dropLast()) } ?? ""
    }

    /// The file of each operator, by its type's name.
    private static func files() throws -> [String: String] {
        let root = Project.root.appendingPathComponent("operators")
        var files: [String: String] = [:]
        for folder in try FileManager.default.contentsOfDirectory(atPath: root.path) {
            let path = root.appendingPathComponent(folder)
            for file in (try? FileManager.default.contentsOfDirectory(atPath: path.path)) ?? [] {
                guard file.hasSuffix(".swift") else { continue }
                files[String(file.dropLast(6))] = "\(folder)/\(file)"
            }
        }
        return files
    }

    /// What the operators say about their arguments while the cases are read.
    private static func uses(_ book: CaseBook) throws -> [String: String] {
        var uses: [String: [(name: String, use: ArgumentUse)]] = [:]
        let builder = PipelineBuilder(catalog: Catalog.operators, refusal: { _ in nil })
        builder.observe = { component, argument, use in
            guard let type = Catalog.operators[component.target] ?? standIn(component.target) else { return }
            let name = String(describing: type)
            guard !(uses[name, default: []].contains { $0.name == argument }) else { return }
            uses[name, default: []].append((argument, use))
        }
        for one in book.cases {
            guard let configuration = try? BundleConfiguration(parsing: one.configuration, named: "case.json")
            else { continue }
            for place in ["preprocessing", "postprocessing"] {
                guard let value = try? configuration.resolve(place) else { continue }
                _ = try? builder.pipeline(value, at: place)
            }
        }
        for (target, arguments) in OperatorSamples.components {
            _ = try? builder.pipeline(.component(Bench.component(target, arguments)), at: "preprocessing")
        }
        return uses.mapValues(words)
    }

    private static func standIn(_ target: String) -> (any Operator.Type)? {
        Catalog.operators.standIns(for: target).first?.operator
    }

    private static func words(_ uses: [(name: String, use: ArgumentUse)]) -> String {
        let shown = uses.filter { $0.name != "keys" && $0.name != "allow_missing_keys" }
        var words = shown.compactMap { name, use -> String? in
            switch use {
            case .read: "`\(name)`"
            case .limited(let values): "`\(name)` (\(values))"
            case .ignored: nil
            }
        }
        let ignored = shown.filter { $0.use == .ignored }.map { "`\($0.name)`" }
        if !ignored.isEmpty { words.append("read past: " + ignored.joined(separator: ", ")) }
        return words.isEmpty ? "–" : words.joined(separator: ", ")
    }

    /// How the cases of each operator went.
    private static func parities(_ book: CaseBook) throws -> [String: String] {
        let runner = CaseRunner(book: book)
        var equal: [String: Int] = [:]
        var near: [String: Int] = [:]
        var exceptions: [String: Int] = [:]
        for one in book.cases {
            guard let type = Catalog.operators[one.operator] ?? Catalog.operators[one.operator + "d"]
            else { continue }
            let name = String(describing: type)
            switch try runner.run(one) {
            case .equal: equal[name, default: 0] += 1
            case .near: near[name, default: 0] += 1
            default: exceptions[name, default: 0] += 1
            }
        }
        let names = Set(equal.keys).union(near.keys).union(exceptions.keys)
        return Dictionary(
            uniqueKeysWithValues: names.map { name in
                var words = ["\(equal[name] ?? 0) equal"]
                if let near = near[name] { words.append("\(near) within 1e-6") }
                if let exceptions = exceptions[name] { words.append("\(exceptions) refused") }
                return (name, words.joined(separator: ", "))
            })
    }

    /// The least factor that each operator is faster than MONAI, from the page of measurements.
    private static func speeds() throws -> [String: String] {
        let page = try String(
            contentsOf: Project.root.appendingPathComponent("docs/performance.md"), encoding: .utf8)
        var least: [String: Double] = [:]
        guard let start = page.range(of: "## Operators") else { return [:] }
        for line in page[start.upperBound...].split(separator: "\n").prefix(while: { !$0.hasPrefix("## ") }) {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 4, let factor = Double(cells[3]) else { continue }
            let name = cells[0].split(separator: ",")[0].description
            least[name] = min(least[name] ?? .infinity, factor)
        }
        return least.mapValues { "\($0) ×" }
    }
}

/// Components of operators that no case of the book names, because they read or write files, or belong to one bundle.
private enum OperatorSamples {
    static let components: [(String, KeyValuePairs<String, ConfigValue>)] = [
        ("LoadImaged", ["keys": "image"]),
        ("SaveImaged", ["keys": "pred"]),
        ("SaveClassificationd", ["keys": "pred"]),
        ("AddGuidanceFromPointsDeepEditd", ["ref_image": "image", "guidance": "guidance"]),
        ("ResizeGuidanceMultipleLabelDeepEditd", ["ref_image": "image", "guidance": "guidance"]),
        ("AddGuidanceSignalDeepEditd", ["keys": "image", "guidance": "guidance"]),
    ]
}
