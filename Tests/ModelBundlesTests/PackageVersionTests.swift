import Testing

@testable import ModelBundles

@Suite("Versions")
struct PackageVersionTests {
    /// In the order that PyPI's `packaging` 24 gives them; those of one line are equal.
    private static let ordered = [
        ["0+unknown"], ["0.6.9"], ["0.6.10"], ["1.0dev", "1.0.dev0"], ["1.0a", "1.0.0-alpha.0"],
        ["1.0", " 1.0 ", "1", "v1.0.0"], ["1.0.0-r4", "1.0.post4"], ["1.3.0"], ["1.3.0+abc.5"], ["1.3.0+abc.10"],
        ["1.3.0+cu118", "1.3+CU118"], ["1.3.0+5"], ["1.3.0+60.g1234", "1.3.0+60-g1234"], ["1.4.0.dev3"],
        ["1.4.0a1.dev1"], ["1.4.0a1"], ["1.4.0-alpha.2"], ["1.4.0b2"], ["1.4.0_PRE"], ["1.4.0rc1", "1.4.0c1"],
        ["1.4.0", "V1.4"], ["1.4.0.post1.dev2"], ["1.4.0.post1", "1.4.0-1"], ["1.4.0rev3"], ["1.5.1rc1+5.gabc"],
        ["2.0.0", "2.0"], ["23.05", "23.5"], ["1!0.1"],
    ]

    @Test("versions compare as PEP 440 has it, not as strings")
    func order() throws {
        for (rank, texts) in Self.ordered.enumerated() {
            for text in texts {
                let version = try #require(PackageVersion(text), "\(text)")
                for (other, others) in Self.ordered.enumerated() {
                    for otherText in others {
                        let otherVersion = try #require(PackageVersion(otherText), "\(otherText)")
                        #expect((version < otherVersion) == (rank < other), "\(text) and \(otherText)")
                        #expect((version == otherVersion) == (rank == other), "\(text) and \(otherText)")
                        #expect(rank != other || version.hashValue == otherVersion.hashValue)
                    }
                }
            }
        }
    }

    @Test("what packaging calls no version is none")
    func invalid() {
        let texts = [
            "", "x", "1.x", "1.0-foo", ">=1.0", "1..0", "1.0+", "1.0 beta 2", "1.0.", "-1", "1.0+a!b", "v", "latest",
            "1.0.99999999999999999999",
        ]
        for text in texts { #expect(PackageVersion(text) == nil, "\(text)") }
        #expect(PackageVersion("1.4.0rc1")?.isPrerelease == true && PackageVersion("1.4.0+a")?.isPrerelease == false)
    }
}
