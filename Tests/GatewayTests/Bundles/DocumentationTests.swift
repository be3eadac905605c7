import Foundation
import Inference
import ModelBundles
import Operators
import Pipelines
import TestSupport
import Testing

@testable import Gateway
@testable import ModelBundles

/// The tables of `docs/bundles.md` that the code itself can write.
///
/// `PORTICO_WRITE_DOCS=1 swift test --filter DocumentationTests` writes them; without it a table that differs fails.
@Suite("Tables in the documentation", .serialized)
struct DocumentationTests {
    /// Compares a section of the page with what it should be, or writes it.
    private func check(_ section: String, _ expected: String) throws {
        let problem = try GeneratedSection(section, in: "docs/bundles.md").problem(with: expected)
        #expect(problem == nil)
    }

    private func list(_ names: some Sequence<String>) -> String {
        names.sorted().map { "`\($0)`" }.joined(separator: ", ")
    }

    @Test("the functions and constants of expressions")
    func names() throws {
        let functions = TableFunction.allCases.map { $0.rawValue.replacingOccurrences(of: "builtins.", with: "") }
        let dtypes = NameTable.symbols.filter { !$0.hasPrefix("monai.") }
        let short = NameTable.aliases.keys.filter { $0.hasPrefix("torch.") || $0.hasPrefix("numpy.") }
        let constants = NameTable.constants.keys.map {
            $0.replacingOccurrences(of: "monai.utils.enums.", with: "monai.utils.")
        }
        try check(
            "names",
            """
            | kind | names |
            |---|---|
            | functions | \(list(functions)) |
            | types of values | \(list(dtypes)) |
            | their other names | \(list(short)) |
            | constants | \(list(constants)) |
            | objects | every class and function of MONAI 1.6.1 by its dotted name (\(ComponentTable.count)), as a value |
            """)
    }

    @Test("the bounds")
    func limits() throws {
        let number = { (value: Int) in value.formatted(.number.locale(Locale(identifier: "en_US"))) }
        try check(
            "limits",
            """
            | what | at most |
            |---|---|
            | a configuration, metadata or overlay file | \(Limits.fileSize >> 20) MB |
            | values in all of them together, macros and aliases unfolded | \(number(Limits.nodes)) |
            | lists and mappings in each other | \(Limits.depth) |
            | references in a row | \(Limits.references) |
            | a key, an id | \(Limits.keyLength), \(number(Limits.idLength)) bytes |
            | an expression | \(Limits.expressionLength >> 10) kB, \(Limits.expressionDepth) levels |
            | values that expressions make | \(number(Limits.allocation)) |
            | steps of all expressions together | \(number(Limits.steps)) |
            | members of an archive | \(number(Limits.archiveMembers)) |
            | a deflated member of more than \(Limits.inflatedSize >> 20) MB | \(Limits.inflatedRatio) times its packed size |
            """)
    }

    @Test("the operators and inferers")
    func operators() throws {
        let names = Set(Catalog.operators.names.filter { !$0.hasSuffix("D") && !$0.hasSuffix("Dict") })
        try check(
            "operators",
            """
            | kind | names |
            |---|---|
            | transforms | `Compose`, \(list(names)) |
            | inferers | \(list(InfererDescription.names)) |
            """)
    }

    @Test("the zoo with its verdicts", .needsSharedData)
    func zoo() throws {
        var rows = ["| bundle | version | verdict | reasons, or what a run needs to know |", "|---|---|---|---|"]
        for (name, inspection) in try Zoo.inspections() {
            var cell: [String] = []
            for kind in SupportReason.Kind.allCases {
                let reasons = inspection.reasons.filter { $0.kind == kind }
                guard !reasons.isEmpty else { continue }
                let places = reasons.map { "`\(Self.subject($0))`" }
                cell.append(
                    "\(Self.words(kind)) \(places.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }.joined(separator: ", "))"
                )
            }
            let words = cell.isEmpty ? inspection.needs : cell
            let reasons = words.isEmpty ? "–" : words.joined(separator: "; ")
            rows.append("| \(name) | \(inspection.version) | \(inspection.verdict.rawValue) | \(reasons) |")
        }
        try check("zoo", rows.joined(separator: "\n"))
    }

    /// What a reason is about: the transform where one is missing, else the id.
    private static func subject(_ reason: SupportReason) -> String {
        guard reason.kind == .operator || reason.kind == .inferer, let start = reason.message.firstIndex(of: "'") else {
            return reason.id
        }
        return String(reason.message[start...].dropFirst().prefix { $0 != "'" })
    }

    private static func words(_ kind: SupportReason.Kind) -> String {
        switch kind {
        case .missing: "the configuration has no"
        case .language: "outside of the language:"
        case .operator: "no operator for"
        case .argument: "an argument:"
        case .inferer: "no inferer"
        case .network: "inputs and outputs:"
        case .source: "what it takes:"
        case .result: "what it gives:"
        case .file: "a file:"
        }
    }
}

/// The model zoo, read in place.
enum Zoo {
    /// Each bundle with its inspection, in the order of names.
    static func inspections() throws -> [(name: String, inspection: BundleInspection)] {
        let zoo = try SharedData.url("zoo")
        return try FileManager.default.contentsOfDirectory(atPath: zoo.path).sorted()
            .filter { !$0.hasPrefix("_") && $0 != "model_info.json" }
            .map { name in
                let reference = BundleReference(path: zoo.appendingPathComponent(name).path)
                return (name, BundleInspection(try reference.open(cache: nil)))
            }
    }
}
