import Testing

@testable import ModelBundles

@Suite("YAML")
struct YAMLReaderTests {
    @Test("every text gives PyYAML's value, and fails where PyYAML fails")
    func cases() {
        // MONAI fails on the first three as well, one step later: a configuration is a mapping with string keys.
        let refused: Set<String> = ["", "# only\n", "1: 2\n", "a: !!omap []\n"]
        var tally = (equal: 0, failed: 0, refused: 0)
        for (text, expected) in YAMLCases.all {
            switch (Result { try YAMLReader.read(Array(text.utf8)).json }, expected) {
            case (.success(let json), let expected?):
                #expect(json == expected, "\(text.debugDescription)")
                tally.equal += 1
            case (.success(let json), nil) where text.contains("9223372036854775808"):
                // An integer beyond 64 bits is an error for whoever asks for it.
                #expect(failure(json, "a")?.code == .limit)
                tally.failed += 1
            case (.success(let json), nil):
                Issue.record("\(text.debugDescription): PyYAML fails, Portico gives \(json)")
            case (.failure, nil): tally.failed += 1
            case (.failure(let error), _):
                #expect(refused.contains(text), "\(text.debugDescription): \(error)")
                tally.refused += 1
            }
        }
        print("YAML: \(tally.equal) equal, \(tally.failed) fail in both, \(tally.refused) refused")
    }

    @Test("an alias is the object of its anchor, and its strings are rewritten where each stands")
    func aliases() throws {
        let text = """
            v: 1
            a: &x {v: 2, r: "@#v"}
            b: *x
            c: {v: 3, s: &s "@#v"}
            d: {v: 4, s: *s}
            """
        let configuration = try BundleConfiguration(parsing: text, named: "a.yaml")
        // The first place decides what is relative, as for MONAI, which rewrites the one object.
        #expect(try configuration.resolve("b::r").intValue == 2)
        #expect(try configuration.resolve("c::s").intValue == 3)
        #expect(try configuration.resolve("d::s").intValue == 4)
    }
}
