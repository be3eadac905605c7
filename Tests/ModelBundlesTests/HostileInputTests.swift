import Foundation
import Testing

@testable import ModelBundles

@Suite("Bundles from anywhere")
struct HostileInputTests {
    @Test("deep nesting is an error in JSON, YAML and expressions")
    func nesting() {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            let text = String(repeating: open, count: 100_000) + "1" + String(repeating: close, count: 100_000)
            let json = bundleError { _ = try BundleConfiguration(parsing: #"{"a": \#(text)}"#, named: "a.json") }
            #expect(json?.code == .limit)
        }
        let yamls = [
            "a: " + String(repeating: "[", count: 100_000), "a: " + String(repeating: "{a: ", count: 100_000),
            "- " + String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
            (0..<3000).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
        ]
        for yaml in yamls {
            let error = bundleError { _ = try BundleConfiguration(parsing: yaml, named: "a.yaml") }
            #expect(error != nil, "\(yaml.prefix(20))")
        }
        let expressions = ["(", "[", "-", "not ", "{1:", "1**", "lambda:", "len(", "x[", "1 if 1 else ", "~"]
        for open in expressions {
            let error = failure(#"{"e": "$\#(String(repeating: open, count: 6_000))1"}"#, "e")
            #expect([.limit, .evaluation].contains(error?.code), "\(open): \(String(describing: error?.code))")
        }
        for chain in ["+1", ".a", "[0]", "()", " or 1", " < 1", "*1", " and x.a"] {
            let error = failure(#"{"e": "$1\#(String(repeating: chain, count: 4_000))"}"#, "e")
            #expect(error == nil || [.limit, .evaluation].contains(error?.code), "\(chain)")
        }
    }

    @Test(
        "nothing allocates or loops without bound",
        arguments: [
            "9**9**9", "'x'*10**9", "[0]*10**9", "10**9*[0]*10**9", "list(range(10**12))", "1<<1000000", "2**64",
            "9223372036854775807+1", "-9223372036854775807-2", "99999999999999999999", "range(10**18)[::1]",
            "sorted(range(10**10))", "[[0]*1000]*1000*1000", "sum(range(10**15))", "'a'*10**6+'b'*10**6",
            "dict(**{'a':1}) if 10**30 else 0", "str('x'*10**7)", "set(range(10**9))", "int('9'*30)", "abs(-2**63)",
        ])
    func bounds(expression: String) {
        let error = failure(#"{"e": "$\#(expression)"}"#, "e")
        #expect([.limit, .unsupported].contains(error?.code), "\(String(describing: error))")
    }

    @Test("values that refer to each other do not unfold without bound")
    func unfolding() {
        let laughs = (1..<40).map { #""a\#($0)": ["@a\#($0 - 1)", "@a\#($0 - 1)", "@a\#($0 - 1)"]"# }
        #expect(failure("{\"a0\": 1, \(laughs.joined(separator: ", "))}", "a39")?.code == .limit)
        let sums = (1..<60).map { #""a\#($0)": "$@a\#($0 - 1) + @a\#($0 - 1)""# }
        #expect(failure("{\"a0\": \"$[1]\", \(sums.joined(separator: ", "))}", "a59")?.code == .limit)
        let macros = (1..<60).map { #""a\#($0)": ["%a\#($0 - 1)", "%a\#($0 - 1)"]"# }
        #expect(failure("{\"a0\": 1, \(macros.joined(separator: ", "))}", "a1")?.code == .limit)
        let whole = (0..<60).map { #""a\#($0)": "%""# }
        #expect(failure("{\(whole.joined(separator: ", "))}", "a1")?.code == .limit)
        let deep = (1..<5000).map { #""a\#($0)": "$[[[[@a\#($0 - 1)]]]]""# }
        #expect(failure("{\"a0\": 1, \(deep.joined(separator: ", "))}", "")?.code == .limit)
        let components = (1..<5000).map { #""a\#($0)": {"_target_": "Compose", "x": "@a\#($0 - 1)"}"# }
        #expect(failure("{\"a0\": 1, \(components.joined(separator: ", "))}", "")?.code == .limit)
        let chain = (1..<5000).map { #""a\#($0)": "@a\#($0 - 1)""# }
        #expect(failure("{\"a0\": 1, \(chain.joined(separator: ", "))}", "a4999")?.code == .limit)
        let nest = String(repeating: "[", count: 90)
        let ends = String(repeating: "]", count: 90)
        let levels = (1..<300).map { #""a\#($0)": \#(nest)"@a\#($0 - 1)"\#(ends)"# }
        #expect(failure("{\"a0\": 1, \(levels.joined(separator: ", "))}", "a299")?.code == .limit)
        let both = (1..<300).map {
            #""a\#($0)": "$\#(String(repeating: "(", count: 50))@a\#($0 - 1)\#(String(repeating: ")", count: 50))""#
        }
        #expect(failure("{\"a0\": 1, \(both.joined(separator: ", "))}", "a299")?.code == .limit)
    }

    @Test("YAML aliases count for what they unfold to")
    func aliases() {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<30 {
            bomb += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
        }
        #expect(bundleError { _ = try BundleConfiguration(parsing: bomb, named: "a.yaml") }?.code == .limit)
        var key = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<30 {
            key += "? &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n: 1\n"
        }
        #expect(bundleError { _ = try BundleConfiguration(parsing: key, named: "a.yaml") }?.code == .malformed)
        var tower = "a0: &a0 [x]\n"
        for level in 1..<300 { tower += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(bundleError { _ = try BundleConfiguration(parsing: tower, named: "a.yaml") }?.code == .limit)
        #expect(bundleError { _ = try BundleConfiguration(parsing: "a: &a [*a]", named: "a.yaml") }?.code == .malformed)
    }

    @Test("malformed JSON is refused with line and column")
    func malformedJSON() {
        let texts = [
            "", " ", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\":01}", "{\"a\":+1}",
            "{\"a\":1.}", "{\"a\":.5}", "{\"a\":1e}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\u{1}\"}", "{\"a\":tru}", "{\"a\":1}x", "{\"a\":1}{}", "[1 2]", "{\"a\":--1}", "{\"a\":NULL}",
            "\u{FEFF}{}", "{\"a\":\"b}", "{\"a\":1 /* */}", "{\"a\":0x10}", "{\"a\":1_0}",
        ]
        for text in texts {
            let error = bundleError { _ = try JSONReader.read(Array(text.utf8)) }
            #expect(error?.code == .malformed && error?.message.hasPrefix("line ") == true, "\(text)")
        }
        #expect(bundleError { _ = try JSONReader.read([0x22, 0xFF, 0x22]) }?.code == .malformed)
        // An integer beyond 64 bits is an error only for whoever asks for it.
        let far = #"{"a": 9223372036854775808, "b": -9223372036854775808}"#
        #expect(failure(far, "a")?.code == .limit && failure(far, "")?.code == .limit)
        #expect((try? value(far, "b"))?.intValue == .min)
    }

    @Test("bytes at random never crash a reader")
    func random() {
        var generator = SplitMix(state: 7)
        let seeds = [
            #"{"a": [1, 2.5e3, "x\u00e9"], "b": {"_target_": "Compose", "t": "@a"}, "c": "$@a[0] + len('x')"}"#,
            "a: &x [1, yes, 0x1F, 1:30, ~]\nb: {<: 1}\nc: *x\nd: |\n  text\n",
            "{'a': (1, [2]), **{}} if not @a::b[1:-1:2] else lambda x: x[[0]] > 1.5e3 or 'b\\x41' in \"c\"",
        ]
        for round in 0..<6_000 {
            var bytes = Array(seeds[round % 3].utf8)
            for _ in 0...Int.random(in: 0...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0...3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 5))
                }
                if bytes.isEmpty { bytes = [0] }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            if round % 3 == 2 {
                let node = ConfigNode(.mapping(ConfigMapping([("e", ConfigNode(.string("$" + text)))])))
                _ = try? BundleConfiguration(parsing: node.json, named: "a.json").resolve("e")
            } else {
                _ = try? BundleConfiguration(parsing: text, named: round % 3 == 0 ? "a.json" : "a.yaml").resolve("")
            }
        }
    }
}

/// A generator with a seed, so that a failure comes back.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
