import Foundation
import Testing

@testable import ModelBundles

@Suite("The cache of digests")
struct DigestCacheTests {
    private func withBundle(settling: Duration = .zero, _ body: (URL, DigestCache, URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let bundle = folder.appending(path: "bundle")
            try write(smallBundle, to: bundle)
            let cache = folder.appending(path: "cache/digests")
            try body(bundle, DigestCache(folder: cache, settlingTime: settling), cache)
        }
    }

    /// The digest of a bundle, and whether it was remembered.
    private func digest(_ folder: URL, _ cache: DigestCache) throws -> (hex: String, isCached: Bool?) {
        let bundle = try ModelBundle(opening: folder, digestCache: cache)
        return (try bundle.digest.hex, bundle.hashing?.isCached)
    }

    @Test("a file that is the same is not read again, and one that changed is")
    func remembers() throws {
        try withBundle { bundle, cache, _ in
            let first = try digest(bundle, cache)
            let second = try digest(bundle, cache)
            #expect(first.hex == second.hex && first.isCached == false && second.isCached == true)
            // The same length, and the same modification time: the change time tells it.
            let weights = bundle.appending(path: ModelBundle.weightsPath)
            let before = try FileManager.default.attributesOfItem(atPath: weights.path)
            let handle = try FileHandle(forWritingTo: weights)
            try handle.write(contentsOf: Data("w".utf8) + Data("EIGHTS".utf8))
            try handle.close()
            try FileManager.default.setAttributes(
                [.modificationDate: before[.modificationDate] as Any], ofItemAtPath: weights.path)
            let third = try digest(bundle, cache)
            #expect(third.isCached == false && third.hex != first.hex)
        }
    }

    @Test("a file that changed a moment ago is not remembered")
    func unsettled() throws {
        try withBundle(settling: .seconds(3600)) { bundle, cache, folder in
            for _ in 0..<2 {
                let isCached = try digest(bundle, cache).isCached
                #expect(isCached == false)
            }
            #expect(!FileManager.default.fileExists(atPath: folder.path))
        }
    }

    @Test("an entry that is damaged, of another version or of another file does not count")
    func distrusts() throws {
        try withBundle { bundle, cache, folder in
            let right = try digest(bundle, cache).hex
            let entry = folder.appending(
                path: try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first))
            let text = try String(contentsOf: entry, encoding: .utf8)
            for (old, new) in [
                ("\"version\":1", "\"version\":2"), ("\"size\":7", "\"size\":8"), ("{", ""),
                ("sha256\":\"", "sha256\":\"zz"),
            ] {
                #expect(text.contains(old))
                try Data(text.replacing(old, with: new).utf8).write(to: entry)
                let again = try digest(bundle, cache)
                #expect(again.hex == right && again.isCached == false, "\(old)")
            }
        }
    }

    @Test("a cache that cannot be written changes nothing")
    func unwritable() throws {
        try withBundle { bundle, _, folder in
            try Data().write(to: folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "file"))
            let place = folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "file/cache")
            #expect(try digest(bundle, DigestCache(folder: place, settlingTime: .zero)).isCached == false)
        }
    }
}
