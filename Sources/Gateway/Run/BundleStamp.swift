import Foundation
import ModelBundles

/// What the file system says of a bundle's weights and configuration: as long as it stays the same, so do the bytes.
struct BundleStamp: Equatable {
    private struct File: Equatable {
        var path: String
        var size: Int
        var inode: UInt64
        var seconds: Int
        var nanoseconds: Int
    }

    private let files: [File]

    /// Looks at a bundle's files.
    init(_ folder: URL) {
        let configurations = folder.appendingPathComponent("configs")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: configurations.path)) ?? []
        let paths = names.sorted().map { "configs/\($0)" } + [ModelBundle.weightsPath]
        files = paths.compactMap { path in
            var status = stat()
            guard stat(folder.appendingPathComponent(path).path, &status) == 0 else { return nil }
            return File(
                path: path, size: Int(status.st_size), inode: UInt64(status.st_ino),
                seconds: Int(status.st_mtim.tv_sec), nanoseconds: Int(status.st_mtim.tv_nsec))
        }
    }
}
