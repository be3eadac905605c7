import Testing

@testable import ModelBundles

@Suite("Lengths of axes in the metadata")
struct SpatialExtentTests {
    /// What MONAI 1.6.1 `_get_fake_spatial_shape([text], p=3, n=5, any=9)` gives.
    private static let lengths = [
        ("*", 9), ("256", 256), ("16*n", 80), ("2**p*n", 40), ("2**p", 8), ("(2**p)*n + 4", 44), ("n/2", 2),
        ("n//2*2", 4), ("n%5", 0), ("2**3**p", 134_217_728), ("1.5*n", 7), ("n / p", 1), ("7/2", 3), ("0x10", 16),
        ("1_000", 1000), ("2**p*-n + 100", 60), ("16*n ", 80), ("+n", 5), ("p**n", 243), ("10%4", 2),
        ("-7//2+10", 6), ("-7%4", 1), ("7%-4+9", 8),
    ]

    @Test("a rule gives the length that MONAI calculates")
    func lengths() throws {
        for (text, length) in Self.lengths {
            #expect(try SpatialExtent(text).length(p: 3, n: 5, any: 9) == length, "\(text)")
            if length > 0 { #expect(SpatialExtent(text).admits(length), "\(text)") }
        }
        #expect(SpatialExtent("256") == .fixed(256) && SpatialExtent("*") == .any)
    }

    @Test("what MONAI's allow-list does not have is no rule, and the error names it")
    func unreadable() {
        let texts = [
            "m", "n.real", "f(n)", "[1]", "n if p else 1", "", "n n", "~n", "016", "n@p", "(n", "n<p",
            "__import__('os')", "not n", "n and p", "\"n\"", "@n", "$n", String(repeating: "(", count: 100) + "n",
            String(repeating: "n+", count: 200) + "n", String(repeating: "-", count: 200) + "n",
        ]
        for text in texts {
            #expect(SpatialExtent(text) == .unreadable(text))
            #expect(!SpatialExtent(text).admits(1))
            #expect(bundleError { _ = try SpatialExtent(text).length(p: 1, n: 1) } != nil)
        }
        let error = bundleError { _ = try SpatialRule("16*k") }
        #expect(error?.message == "'16*k' is no rule for a length: it may use p and n, not 'k'")
    }

    @Test("a length that is negative, undefined or beyond 32 bits is an error and no trap")
    func bounds() {
        let texts = [
            "-n", "n-10", "n//0", "n%0", "n/0", "2**-1", "2**31", "2**n**p", "9**9**9**9", "n*9223372036854775807",
        ]
        for text in texts {
            #expect(bundleError { _ = try SpatialExtent(text).length(p: 3, n: 5) } != nil, "\(text)")
        }
        for text in ["n", "p*n", "2**p*n", "-n", "n**p", "p**n"] {
            #expect(bundleError { _ = try SpatialExtent(text).length(p: .min, n: .min) } != nil, "\(text)")
            _ = bundleError { _ = try SpatialExtent(text).length(p: .max, n: .max) }
        }
    }

    @Test("a length is admitted where some p and n give it")
    func admitted() {
        let cases: [(text: String, yes: [Int], no: [Int])] = [
            ("*", [1, 77, 1 << 40], [0, -1]), ("96", [96], [95, 97, 0]), ("16*n", [16, 160, 16 << 20], [1, 24, 0]),
            ("2**p", [1, 2, 1 << 30], [3, 6]), ("2**p*n", [1, 3, 7, 1_000_003], [0]),
            ("2**p*16*n", [16, 48, 1024], [8, 40]), ("2**(p+4)", [16, 32], [8, 24]), ("(n+1)*32", [32, 64], [33]),
            ("n//2*2", [2, 4, 1000], [3, 1001]), ("n**2", [1, 4, 144], [2, 143]), ("n**p", [1, 8, 121], []),
            ("n*n+p*p", [5, 25], [3, 7]), ("100-n", [1, 100], [101]), ("n/2", [1, 2, 3], []),
            ("3*n/2", [1, 3, 4], [2]), ("5*n/2 + 1", [1, 3, 6], [2, 4]), ("n%7", [1, 6], [7]),
            ("p*8", [8, 8000, 8 << 20], [4]), ("8", [8], [9]), ("1/n", [1], [2]),
            ("100//n", [100, 50, 33, 1], [51, 0]),
        ]
        for (text, yes, no) in cases {
            for length in yes { #expect(SpatialExtent(text).admits(length), "\(text) \(length)") }
            for length in no { #expect(!SpatialExtent(text).admits(length), "\(text) \(length)") }
        }
    }
}
