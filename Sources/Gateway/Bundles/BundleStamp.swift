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

    /// Bytes of all of them: most of it weights.
    var bytes: Int64 { files.reduce(0) { $0 + Int64($1.size) } }

    /// Looks at a bundle's files and at what is laid over them.
    init(_ bundle: BundleReference) {
        let configurations = bundle.path + "/configs"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: configurations)) ?? []
        let named = bundle.configurations.map { bundle.path + "/" + $0 }
        // What stands for a script is bound to the script's bytes.
        let scripts = bundle.path + "/scripts"
        let scriptNames = (try? FileManager.default.contentsOfDirectory(atPath: scripts)) ?? []
        // An archive is one file, and everything is in it.
        let paths =
            names.sorted().map { configurations + "/" + $0 } + scriptNames.sorted().map { scripts + "/" + $0 } + named
            + [bundle.path + "/" + ModelBundle.weightsPath, bundle.path] + bundle.overlays
        files = paths.compactMap { path in
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            return File(
                path: path, size: Int(status.st_size), inode: UInt64(status.st_ino),
                seconds: Int(status.st_mtim.tv_sec), nanoseconds: Int(status.st_mtim.tv_nsec))
        }
    }
}
