import Testing

@testable import ModelBundles

@Suite("Expressions")
struct ExpressionTests {
    /// The value as JSON, with the modules imported that the cases were made with.
    private func evaluate(_ expression: String) -> Result<String, any Error> {
        let imports = ["$import math", "$import os"].map { ConfigNode(.string($0)) }
        let config = ConfigMapping([("i", ConfigNode(.list(imports))), ("e", ConfigNode(.string("$" + expression)))])
        return Result { try Golden.json(value(ConfigNode(.mapping(config)).json, "e")) }
    }

    @Test("every case gives MONAI's value, and fails where MONAI fails")
    func cases() {
        var tally = (equal: 0, failed: 0, refused: 0)
        // What Python has and the grammar has not: a builtin function as a value, a comprehension in a lambda's stead.
        let refused: Set<String> = ["print"]
        for (expression, expected) in ExpressionCases.all {
            switch (evaluate(expression), expected) {
            case (.success(let json), let expected?):
                #expect(json == expected, "\(expression)")
                tally.equal += 1
            case (.success(let json), nil): Issue.record("\(expression): MONAI fails, Portico gives \(json)")
            case (.failure, nil): tally.failed += 1
            case (.failure(let error), _):
                #expect(refused.contains(expression), "\(expression): \(error)")
                tally.refused += 1
            }
        }
        print("expressions: \(tally.equal) equal, \(tally.failed) fail in both, \(tally.refused) refused")
    }

    @Test(
        "what MONAI evaluates and the grammar has not is refused with id, expression, caret and a way out",
        arguments: [
            ("[i for i in [1]]", "comprehension"), ("(y:=5)", "assignment"), ("f'{1}'", "formatted"),
            ("b'x'", "bytes"), ("1j", "complex"), ("open('x')", "open"), ("eval('1')", "eval"), ("'%d' % 1", "%"),
            ("torch.load('x')", "torch.load"), ("monai.__name__", "__name__"), ("__import__('os')", "__import__"),
            ("(lambda x: x)(1)", "lambda"), ("os.listdir('/')", "os.listdir"), ("os.path.exists('/')", "exists"),
            ("[].append(1)", "append"), ("'x'.upper()", "upper"),
            ("list({1,2})", "order"), ("...", "ellipsis"), ("monai.utils.set_determinism(seed=1)", "set_determinism"),
            ("().__class__", "__class__"), ("setattr(torch, 'x', 1)", "setattr"), ("1 is 1", "'is'"),
            ("sorted([1], key=len)", "key"), ("zip([1],[2])", "zip"), ("numpy.array([1])", "numpy.array"),
        ])
    func unsupported(expression: String, part: String) {
        guard case .failure(let error) = evaluate(expression), let error = error as? BundleError else {
            Issue.record("\(expression) has a value")
            return
        }
        #expect(error.code == .unsupported, "\(expression): \(error)")
        #expect(error.id == "e")
        for text in [part, "$" + expression, "^", "--set 'e=…'"] {
            #expect(error.description.contains(text), "\(expression): \(error)")
        }
    }

    @Test("a value without a form outside of Python says how to give it one")
    func exports() {
        for (expression, advice) in [("{1,2}", "sorted(…)"), ("range(3)", "list(…)"), ("{1.5: 2}", "key")] {
            let error = failure(#"{"e": "$\#(expression)"}"#, "e")
            #expect(error?.code == .unsupported && error?.message.contains(advice) == true)
        }
    }

    @Test("the caret stands below the place")
    func caret() {
        let error = failure(#"{"ab": 1, "e": "$1 + @ab.nope"}"#, "e")
        let lines = error?.message.split(separator: "\n").map(String.init) ?? []
        #expect(lines.count == 4 && lines[1] == "    $1 + @ab.nope" && lines[2] == "             ^")
    }

    @Test("what is unsupported matters only where it is needed")
    func laziness() throws {
        #expect(try Golden.json(value(#"{"u": "$open('x')", "e": "$@u if False else 2"}"#, "e")) == "2")
        #expect(failure(#"{"u": "$open('x')", "e": "$@u if True else 2"}"#, "e")?.id == "u")
        let disabled = #"{"l": [{"_target_": "Compose", "transforms": "$open('x')", "_disabled_": true}, 1]}"#
        #expect(try Golden.json(value(disabled, "l")) == "[1]")
        // What MONAI itself fails on is an error everywhere.
        #expect(failure(#"{"e": "$@nope if False else 2"}"#, "e")?.code == .unknownID)
        #expect(
            failure(#"{"l": [{"_target_": "Compose", "x": "@nope", "_disabled_": true}]}"#, "l")?.code == .unknownID)
    }

    @Test("a cycle is named with all its members")
    func cycle() {
        let error = failure(#"{"a": "$@b + 1", "b": {"c": "@d"}, "d": ["@a"]}"#, "a")
        #expect(error?.code == .circular && error?.message.contains("a → b → d → a") == true)
    }

    @Test(
        "ranges reach from one end of 64 bits to the other",
        arguments: [
            ("9223372036854775806 in range(-9223372036854775807, 9223372036854775807)", "true"),
            ("-9223372036854775807 in range(1, -9223372036854775807 - 1, -1)", "true"),
            ("range(-9223372036854775807, 9223372036854775807, 4)[4611686018427387903]", "9223372036854775805"),
            ("range(-9223372036854775807, 9223372036854775807, 2)[-1]", "9223372036854775805"),
            (
                "list(range(-9223372036854775807, 9223372036854775807, 4611686018427387904))",
                "[-9223372036854775807, -4611686018427387903, 1, 4611686018427387905]"
            ),
            ("list(range(9223372036854775807, -9223372036854775807, -9223372036854775807))[1:]", "[0]"),
            ("range(-9223372036854775807, 9223372036854775807) == range(-9223372036854775807, 0)", "false"),
            ("[1, 2, 3][-9223372036854775807:9223372036854775807:9223372036854775807]", "[1]"),
            ("len(range(-9223372036854775807, 9223372036854775807))", nil),
            ("range(-9223372036854775807, 9223372036854775807)[-1]", nil),
        ])
    func ranges(expression: String, json: String?) {
        switch (evaluate(expression), json) {
        case (.success(let value), let json): #expect(value == json)
        case (.failure(let error as BundleError), nil): #expect(error.code == .limit)
        case (.failure(let error), _): Issue.record("\(error)")
        }
    }

    @Test("imports bind names of the table alone")
    func imports() throws {
        func with(_ statement: String, _ expression: String) throws -> String {
            try Golden.json(value(#"{"i": ["$\#(statement)"], "e": "$\#(expression)"}"#, "e"))
        }
        #expect(try with("import numpy as n", "n.float32") == #"{"$py": "numpy.float32"}"#)
        #expect(try with("from math import pi as p", "p > 3") == "true")
        #expect(try with("from os.path import join", "join('a', 'b')") == #""a/b""#)
        #expect(try with("from monai.utils import CommonKeys", "CommonKeys.PRED") == #""pred""#)
        #expect(try with("import scripts", "1") == "1")
        for (statement, expression) in [
            ("import os.path", "os.path.join('a')"), ("import os", "os.environ"), ("import scripts", "scripts.f()"),
            ("from os import path", "path.exists('a')"), ("import math, os", "os.sep"),
        ] {
            #expect(throws: BundleError.self) { try with(statement, expression) }
        }
    }
}
