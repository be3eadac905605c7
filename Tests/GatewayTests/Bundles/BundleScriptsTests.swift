import Foundation
import ModelBundles
import Operators
import Pipelines
import TestSupport
import Testing

@testable import Gateway

@Suite("Operators in the place of a bundle's scripts")
struct BundleScriptsTests {
    private static let script = "class Scale: pass\n"
    private static let target = "scripts.mine.Scale"

    /// The digests of the texts that stand for scripts here, as `sha256sum` gives them.
    private static let digests = [
        script: "6f1e696fbc30ea00c5f48a2fbfd73925ed2c053a375b4b272cb1a0621e51aefb",
        "# changed": "3a3493ed53ba8cab78e12b63ab9f18a76aa1a4e922e360785874076d9539d4fd",
        "# x": "44647510631c98185d84603cb34a79e028914924a4a03db8ce04f7b49504486f",
        "other": "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa",
    ]

    private static func sha256(_ text: String) -> String { digests[text] ?? "no digest of \(text)" }

    private static func standIn(bundle: String = "Plain", script: String = script) throws -> ScriptStandIn {
        ScriptStandIn(
            target: target, bundle: bundle, file: "scripts/mine.py", digests: [sha256(script)],
            operator: try #require(Catalog.operators["ScaleIntensityd"]))
    }

    /// A bundle that uses the script, with its file unless there is none.
    private static func made(_ script: String? = script) -> MadeFolder {
        var made = MadeFolder.plain.replacing("\"ScaleIntensityd\"", with: "\"\(target)\"")
        made.files["scripts/mine.py"] = script
        return made
    }

    private func open<Result: Sendable>(
        _ made: MadeFolder, overlay: String? = nil, _ body: (ModelBundle) throws -> Result
    ) async throws -> Result {
        try await Scratch.with { scratch in
            var reference = try made.write(to: scratch.path("bundle"))
            if let overlay {
                let file = scratch.path("site.json")
                try Data(overlay.utf8).write(to: file)
                reference.overlays = [file.path]
            }
            return try body(try reference.open(cache: nil))
        }
    }

    @Test("the known script of the known bundle is stood for")
    func known() async throws {
        try await open(Self.made()) { bundle in
            let words = BundleScripts(bundle).refusal(try Self.standIn())
            #expect(words == nil)
            let catalog = OperatorCatalog([], standIns: [try Self.standIn()])
            let steps = try #require(try bundle.preprocessing?.steps)
            let builder = PipelineBuilder(catalog: catalog, refusal: BundleScripts(bundle).refusal)
            #expect(try builder.pipeline(.component(steps[2]), at: "x").steps.map(\.name) == ["Scale"])
        }
    }

    @Test("another script, another bundle and no script at all are refused with both digests or the file")
    func unknown() async throws {
        try await open(Self.made("# changed")) { bundle in
            let words = BundleScripts(bundle).refusal(try Self.standIn()) ?? ""
            #expect(words.contains(Self.sha256("# changed")) && words.contains(Self.sha256(Self.script)))
            #expect(words.contains("portico_allowed_scripts"))
        }
        try await open(Self.made()) { bundle in
            let words = BundleScripts(bundle).refusal(try Self.standIn(bundle: "Other")) ?? ""
            #expect(words.contains("'Other', not 'Plain'"))
        }
        try await open(Self.made(nil)) { bundle in
            let words = BundleScripts(bundle).refusal(try Self.standIn()) ?? ""
            #expect(words.hasPrefix("the bundle lacks scripts/mine.py"))
        }
    }

    @Test("an overlay allows one script by its digest, and the allowance is in the bundle's digest")
    func allowed() async throws {
        let changed = "# changed"
        let plain = try await open(Self.made(changed)) { try $0.digest.hex }
        func overlay(_ digest: String) -> String {
            "{\"portico_allowed_scripts\": {\"\(Self.target)\": \"\(digest)\"}}"
        }
        let digest = try await open(Self.made(changed), overlay: overlay(Self.sha256(changed).uppercased())) { bundle in
            let words = BundleScripts(bundle).refusal(try Self.standIn())
            #expect(words == nil)
            return try bundle.digest.hex
        }
        #expect(digest != plain)
        try await open(Self.made(changed), overlay: overlay(Self.sha256("other"))) { bundle in
            let words = BundleScripts(bundle).refusal(try Self.standIn()) ?? ""
            #expect(words.contains(Self.sha256("other")) && words.contains(Self.sha256(changed)))
        }
    }

    @Test("a bundle cannot allow its own script")
    func ownAllowance() async throws {
        let text =
            "{\"image\": \"image\", \"portico_allowed_scripts\": {\"\(Self.target)\": \"\(Self.sha256("# x"))\"},"
        let made = Self.made("# x").replacing("{\"image\": \"image\",", with: text)
        try await open(made) { bundle in
            #expect(bundle.contains("portico_allowed_scripts"))
            let words = BundleScripts(bundle).refusal(try Self.standIn())
            #expect(words != nil)
        }
    }
}
