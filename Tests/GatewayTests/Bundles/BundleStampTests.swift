import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("Noticing that a bundle changed")
struct BundleStampTests {
    @Test("a change of any file, and of what lies over the bundle, is another stamp")
    func changes() async throws {
        try await Scratch.with { scratch in
            var made = MadeFolder.plain
            made.files["models/model.ts"] = "weights"
            var reference = try made.write(to: scratch.path("bundle"))
            let overlay = scratch.path("overlay.json")
            try Data("{}".utf8).write(to: overlay)
            reference.overlays = [overlay.path]
            let before = BundleStamp(reference)
            #expect(BundleStamp(reference) == before)
            for path in [
                "bundle/configs/inference.json", "bundle/models/model.ts", "overlay.json", "bundle/configs/new.json",
            ] {
                let stamp = BundleStamp(reference)
                try Data("other \(path)".utf8).write(to: scratch.path(path))
                #expect(BundleStamp(reference) != stamp, "\(path)")
            }
        }
    }
}
