import Foundation
import Testing

@testable import ModelBundles

@Suite("The configuration language against MONAI's own answers", .enabled(if: SharedData.isThere, SharedData.missing))
struct ConfigCasesTests {
    /// Cases that MONAI has a value for and Portico refuses, by name and id.
    static let refused: Set<String> = [
        "at inside $ string literal/e2", "requires order/q", "default globals/a", "default globals/b",
        "default globals/c", "default globals/d", "walrus/lambda/fstring/comp/w", "walrus/lambda/fstring/comp/c",
        "walrus/lambda/fstring/comp/g", "walrus/lambda/fstring/comp/d", "comprehension closure in nested scope/c",
        "comprehension closure in nested scope/l",
    ]

    @Test("every case gives MONAI's value or fails where MONAI fails")
    func cases() throws {
        guard case .list(let cases) = try SharedData.node("golden/config_cases.json").content else {
            Issue.record("config_cases.json holds no list")
            return
        }
        var tally = (equal: 0, failed: 0, refused: 0)
        for test in cases {
            guard let fields = test.mapping, let name = fields["name"]?.text, let id = fields["id"]?.text,
                let config = fields["config"]
            else {
                Issue.record("a case without name, id or config")
                continue
            }
            let key = name + "/" + id
            switch Result(catching: { try BundleConfiguration(parsing: config.json, named: "case.json").resolve(id) }) {
            case .success(let value):
                guard let expected = fields["value"] else {
                    Issue.record("\(key): MONAI fails, Portico gives \(Golden.json(value))")
                    continue
                }
                #expect(Self.isEqual(value, expected), "\(key): \(Golden.json(value)) is not \(expected.json)")
                #expect(!Self.refused.contains(key), "\(key) is no longer refused")
                tally.equal += 1
            case .failure(let error):
                let code = (error as? BundleError)?.code
                if fields["error"] != nil {
                    tally.failed += 1
                } else {
                    tally.refused += 1
                    #expect(Self.refused.contains(key), "\(key): \(error)")
                    #expect(code == .unsupported || key.hasSuffix("literal/e2"), "\(key): \(error)")
                }
            }
        }
        print("config_cases: \(tally.equal) equal, \(tally.failed) fail in both, \(tally.refused) refused")
        #expect(tally.equal + tally.failed + tally.refused == cases.count)
        #expect(tally.refused == Self.refused.count)
    }

    /// Whether a value means what the case says; a `$repr` there is the text of a Python object.
    static func isEqual(_ value: ConfigValue, _ expected: ConfigNode) -> Bool {
        let objects = [
            "<monai.transforms.compose.Compose object>":
                #"{"$component": "monai.transforms.compose.Compose", "args": {"transforms": []}}"#,
            "functools.partial(<class 'dict'>, x=1)":
                #"{"$component": "builtins.dict", "args": {"x": 1}, "$mode": "callable"}"#,
        ]
        let text = objects.reduce(expected.json) { text, object in
            text.replacing(#"{"$repr": "\#(object.key)"}"#, with: object.value)
        }
        return Golden.json(value) == text
    }
}
