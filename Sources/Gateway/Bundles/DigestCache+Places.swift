import Foundation
import ModelBundles

extension DigestCache {
    /// The cache of a gateway, below its data directory; nil where that is not there yet, since nobody asked for it.
    static func inside(_ dataDirectory: URL) -> DigestCache? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: dataDirectory.path, isDirectory: &isFolder), isFolder.boolValue
        else { return nil }
        return DigestCache(folder: dataDirectory.appendingPathComponent("cache/digests"))
    }
}
