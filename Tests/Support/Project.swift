public import Foundation

/// Where things of the project lie.
public enum Project {
    /// The package's root folder.
    public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The folder of what the build made: the test bundle lies there, and `portico` beside it.
    public static let products: URL = {
        let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: bundle ?? ".").deletingLastPathComponent()
    }()

    /// The phantom CT study of the fixtures: `ct/` and `localizer/`.
    public static let phantomStudy = root.appendingPathComponent("dicom-fixtures/phantom-study")

    /// The phantom study's CT series.
    public static let phantomSeries = phantomStudy.appendingPathComponent("ct")

    /// The true label map of the phantom study's CT series.
    public static let phantomTruth = root.appendingPathComponent("dicom-fixtures/phantom-study-truth.nii.gz")

    /// The demo bundle.
    public static let demoBundle = root.appendingPathComponent("dicom-fixtures/bundles/abdomen_phantom")

    /// The built program.
    ///
    /// - Throws: `SupportError` where it, or its back end beside it, isn't built.
    public static func portico() throws -> String {
        let environment = ProcessInfo.processInfo.environment["PORTICO_EXECUTABLE"]
        let path = environment ?? products.appendingPathComponent("portico").path
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        let backEnd = folder.appendingPathComponent("libPorticoTorch.so")
        for needed in [path, backEnd.path] where !FileManager.default.fileExists(atPath: needed) {
            throw SupportError("\(needed) is not there; build first (swift build --build-tests), or run deploy/test")
        }
        return path
    }

    /// The regular files below a folder, sorted by path.
    public static func files(below folder: URL) throws -> [URL] {
        let keys: Set<URLResourceKey> = [.isRegularFileKey]
        guard let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: Array(keys)) else {
            throw SupportError("\(folder.path) can't be read")
        }
        var files: [URL] = []
        while let url = walk.nextObject() as? URL {
            if try url.resourceValues(forKeys: keys).isRegularFile == true { files.append(url) }
        }
        return files.sorted { $0.path < $1.path }
    }
}
