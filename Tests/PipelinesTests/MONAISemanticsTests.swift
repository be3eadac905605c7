import Pipelines
import Testing

@Suite("Semantics of MONAI's releases")
struct MONAISemanticsTests {
    @Test(
        "the foreground's box stays within the image by default before 1.5 alone",
        arguments: [
            ("1.4.0", true), ("1.3.2", true), ("0.9.1", true), ("1.4.1rc2", true), ("v1.0", true), ("1", true),
            ("1.5.0", false), ("1.5", false), ("1.5.dev2501", false), ("1.10.0", false), ("2.0", false),
            ("", false), ("latest", false), ("1.x", false),
        ])
    func cropForeground(version: String, allowsSmaller: Bool) {
        #expect(MONAISemantics(monaiVersion: version).cropForegroundAllowsSmaller == allowsSmaller)
    }

    @Test("without a version MONAI 1.6.1's semantics apply, and a person is told which")
    func statements() {
        #expect(MONAISemantics(monaiVersion: nil) == MONAISemantics())
        #expect(
            MONAISemantics().statements
                == ["CropForeground: allow_smaller is false unless given (MONAI 1.5 and later)"])
        #expect(
            MONAISemantics(monaiVersion: "1.4.0").statements
                == ["CropForeground: allow_smaller is true unless given (MONAI before 1.5)"])
    }
}
