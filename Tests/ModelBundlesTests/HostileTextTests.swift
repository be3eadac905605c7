import Foundation
import Testing

@testable import ModelBundles

/// A text that somebody made to take time or memory, and the codes of the error that it has to end with.
struct HostileText: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let codes: Set<BundleError.Code>
    let named: String
    let text: @Sendable () -> String

    init(
        _ description: String, _ codes: Set<BundleError.Code> = [.limit],
        yaml: @autoclosure @escaping @Sendable () -> String
    ) {
        (testDescription, self.codes, named, text) = (description, codes, "a.yaml", yaml)
    }

    init(
        _ description: String, _ codes: Set<BundleError.Code> = [.limit],
        json: @autoclosure @escaping @Sendable () -> String
    ) {
        (testDescription, self.codes, named, text) = (description, codes, "a.json", json)
    }

    /// `e` is an expression, with `s` a list or a text of the length that is given.
    init(_ expression: String, s: String) {
        (testDescription, codes, named) = (String(expression.prefix(40)), [.limit], "a.json")
        text = {
            #"{"i": ["$import os", "$import copy"], "s": "$\#(s)", "e": "$\#(expression)", "#
                + #""c": {"_target_": "Compose", "transforms": "$[1] * 100000"}}"#
        }
    }
}

/// A text again and again.
private func times(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }

@Suite("Hostile texts end with their reason", .timeLimit(.minutes(5)))
struct HostileTextTests {
    private static let nested: [HostileText] = [
        HostileText("brackets in JSON", json: #"{"a": "# + times(100_000, "[") + times(100_000, "]") + "}"),
        HostileText("brackets in YAML", [.limit, .malformed], yaml: "a: " + times(100_000, "[")),
        HostileText("list items in YAML", yaml: times(100_000, "- ")),
        HostileText(
            "indents in YAML", yaml: (0..<2000).map { times($0, " ") + "a:" }.joined(separator: "\n")),
        HostileText("brackets in an expression", json: #"{"e": "$"# + times(100_000, "(") + #""}"#),
        HostileText("brackets in a shorter expression", json: #"{"e": "$"# + times(32_000, "(") + #""}"#),
        HostileText("nots", json: #"{"e": "$"# + times(8000, "not ") + #"1"}"#),
        HostileText("minuses", json: #"{"e": "$"# + times(32_000, "-") + #"1"}"#),
        HostileText("attributes", json: #"{"e": "$torch"# + times(16_000, ".a") + #""}"#),
        HostileText("calls", json: #"{"e": "$len"# + times(16_000, "()") + #""}"#),
        HostileText("at signs", [.limit, .unknownID], json: #"{"e": "$"# + times(1_000_000, "@") + #""}"#),
        HostileText("at signs in a string", [.limit], json: #"{"a": {"e": ""# + times(1_000_000, "@#") + #""}}"#),
    ]

    private static let numbers: [HostileText] = [
        HostileText("an integer in JSON", json: #"{"e": "# + times(1_000_000, "9") + "}"),
        HostileText("an integer in YAML", yaml: "e: " + times(1_000_000, "9")),
        HostileText("an integer in an expression", json: #"{"e": "$"# + times(30_000, "9") + #""}"#),
        HostileText("9**9**9", s: "1"), HostileText("'x'*10**9", s: "1"),
        HostileText("int('9' * 900000)", s: "1"),
    ]

    private static let files: [HostileText] = [
        HostileText(
            "aliases that unfold",
            yaml: "a0: &a0 [x]\n"
                + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1)]\n" }.joined()),
        HostileText("an alias put into itself", [.circular], yaml: "a: &x {y: 1}\na::z: *x\n"),
        HostileText("an alias merged into itself", [.circular], yaml: "a: &x {y: 1}\n+a: {z: *x}\n"),
        HostileText(
            "aliases put into each other",
            yaml: (0..<60).map { "a\($0): &a\($0) {}\n" }.joined()
                + (1..<60).reversed().map { "a\($0)::x: *a\($0 - 1)\na\($0)::y: *a\($0 - 1)\n" }.joined()),
        HostileText(
            "a chain of aliases",
            yaml: (0..<10_000).map { "a\($0): &a\($0) {}\n" }.joined()
                + (1..<10_000).reversed().map { "a\($0)::x: *a\($0 - 1)\n" }.joined()),
        HostileText(
            "relative ids", json: #"{""# + times(500, "k") + #"": {"e": ""# + times(100_000, "@::") + #""}}"#),
        HostileText("a long macro", [.unknownID], json: #"{"e": "%"# + times(200_000, "a::") + #""}"#),
        HostileText("a long reference", [.unknownID], json: #"{"e": "@"# + times(200_000, "a::") + #""}"#),
        HostileText(
            "a long target", [.evaluation], json: #"{"e": {"_target_": "monai"# + times(100_000, ".a") + #""}}"#),
        HostileText(
            "long ids",
            json: (0..<7).map { _ in #"{""# + times(500, "k") + #"": "# }.joined() + #"["#
                + times(30_000, #""$1","#) + "1]" + times(7, "}")),
        HostileText(
            "keys with separators", [.limit, .unknownID],
            json: #"{"x": "# + separated(14) + #", "e": ["# + times(300, #""@x"# + times(14, "::a") + #"::z","#)
                + #"1, "@x"# + times(20, "::a") + #"::q"]}"#),
        HostileText("mappings in a mapping", json: mapping + #", "e": "${"# + times(300, "**@d, ") + #"}"}"#),
        HostileText("keywords", json: mapping + #", "e": "$["# + times(300, "dict(**@d), ") + #"]"}"#),
        HostileText(
            "a long text in many places", yaml: "e:\n- &x " + times(1_000_000, "x") + "\n" + times(50_000, "- *x\n")),
        HostileText(
            "a long macro in many places",
            json: #"{"x": ""# + times(1_000_000, "x") + #"", "e": ["# + times(50_000, #""%x","#) + "1]}"),
        HostileText(
            "a long import in many places",
            json: #"{"x": "$import "# + times(15_000, "a.") + #"a", "e": ["# + times(50_000, #""%x","#) + "1]}"),
        HostileText(
            "expressions", json: #"{"e": ["# + times(100, #""$"# + times(15_000, "1+") + #"1","#) + "1]}"),
    ]

    /// The start of a configuration with a large mapping.
    private static var mapping: String { #"{"d": {"# + (0..<20_000).map { #""k\#($0)": 1, "# }.joined() + #""k": 1}"# }

    private static func separated(_ levels: Int) -> String {
        levels == 0
            ? #"{"z": 1}"#
            : #"{"a": \#(separated(levels - 1)), "a::a": \#(separated(levels - 2 < 0 ? 0 : levels - 2))}"#
    }

    private static let expressions: [HostileText] = [
        HostileText("[" + times(300, "*@s, ") + "]", s: "[1] * 500000"),
        HostileText("max(" + times(300, "*@s, ") + "1)", s: "[1] * 500000"),
        HostileText("[" + times(3000, "sum(@s), ") + "]", s: "[1] * 500000"),
        HostileText("[" + times(3000, "any(@s), ") + "]", s: "[0] * 500000"),
        HostileText("[" + times(3000, "len(@s), ") + "]", s: "'x' * 900000"),
        HostileText("[" + times(3000, "@s[0], ") + "]", s: "'x' * 900000"),
        HostileText("[" + times(3000, "@s[:1], ") + "]", s: "'x' * 900000"),
        HostileText("[" + times(3000, "@s==@s, ") + "]", s: "'x' * 900000"),
        HostileText("[" + times(3000, "{}=={@s}, ") + "]", s: "'x' * 900000"),
        HostileText("[" + times(1000, "int(@s) if 0 else bool(@s), ") + "]", s: "'x' * 900000"),
        HostileText("[" + times(100, "@s + 'b' in @s + @s, ") + "]", s: "'a' * 90000"),
        HostileText("[" + times(1000, "os.path.dirname(@s), ") + "]", s: "'x/' * 450000 + 'y'"),
        HostileText("os.path.join(" + times(1000, "@s, ") + ")", s: "'x' * 900000"),
        HostileText("[" + times(3000, "@s - @s, ") + "]", s: "set(range(100000))"),
        HostileText("[" + times(3000, "@s <= @s, ") + "]", s: "set(range(100000))"),
        HostileText("[" + times(1000, "copy.deepcopy(@c), ") + "]", s: "1"),
    ]

    @Test(
        "a text that is made to take time or memory ends with its reason",
        arguments: nested + numbers + files + expressions)
    func ends(_ hostile: HostileText) {
        let text = hostile.text()
        let error = SmallStack.run {
            bundleError {
                let configuration = try BundleConfiguration(parsing: text, named: hostile.named)
                _ = try configuration.resolve(configuration.contains("e") ? "e" : "")
            }
        }
        #expect(error.map { hostile.codes.contains($0.code) } == true, "\(String(describing: error))")
        #expect(error?.message.isEmpty == false && error?.message.utf8.count ?? 0 < 10_000)
    }

    @Test("a large file that macros and expressions name again and again is read once, or not at all")
    func largeFile() throws {
        try withTemporaryFolder { folder in
            var files = smallBundle
            files["configs/big.json"] = #"{"a": ""# + times(1_000_000, "x") + #""}"#
            let read = "json.loads(pathlib.Path('configs/big.json').read_text()), "
            files["configs/inference.json"] =
                #"{"i": ["$import json", "$import pathlib"], "e": "$["# + times(300, read) + #"]", "m": ["#
                + times(50, #""%configs/big.json::a", "#) + "1]}"
            try write(files, to: folder)
            let bundle = try ModelBundle(opening: folder)
            #expect(try bundle.resolve("m").elements?.count == 51)
            #expect(bundleError { _ = try bundle.resolve("e") }?.code == .limit)
        }
    }
}
